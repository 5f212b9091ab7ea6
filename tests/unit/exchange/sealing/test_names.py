"""A name in a package means one file on every machine."""

from __future__ import annotations

import pytest

from clew.exchange.sealing.names import colliding, unsafe


@pytest.mark.parametrize("name", ["referral.json", "tables/a b.parquet", "cover.español.html",
                                  "a/b/c/d", "..a", "a..b", "日本/語.txt"])  # fmt: skip
def test_a_plain_name_is_safe(name) -> None:
    assert unsafe(name) is None


@pytest.mark.parametrize("name", [
    "", "/", "/etc/passwd", "../a", "a/../b", "a/..", "a//b", "./a", "a/.", "a/", "~root/a",
    "~", "a\\b", "C:a", "C:\\a", "\\\\host\\share", "a\nb", "a\x00b", "a\u202eb", "cafe\u0301",
    "con", "data/NUL.txt", "com1", "a.", "a ", "a/b ./c", "x" * 101, "é" * 51, "a*b", "a?",
    "\ud800",
])  # fmt: skip
def test_a_name_that_leads_elsewhere_or_means_two_files_is_not(name) -> None:
    assert unsafe(name)


@pytest.mark.parametrize("pair", [("a", "A"), ("ﬁ", "fi"), ("é", "e\u0301"), ("a", "a/b"),
                                  ("A/b", "a"), ("ß", "SS"), ("a/x", "A/X")])  # fmt: skip
def test_two_names_that_are_one_file_somewhere_are_told(pair) -> None:
    assert list(colliding(pair)) == [(pair[1], pair[0])]


def test_names_in_one_folder_do_not_collide() -> None:
    assert not list(colliding(["a/b", "a/c", "ab", "b/a", "b/b"]))
