"""A bag is written in one pass, and what stands in it is read as it was written."""

from __future__ import annotations

import hashlib

import pytest

from clew.errors import UsageError
from clew.exchange.sealing.bag import Bag, info, listed, manifest, tags
from clew.exchange.sealing.member import Member


def test_manifests_follow_the_payload_and_hold_its_digests() -> None:
    bag = Bag([Member.of("b", b"2"), Member.of("a/c", b"33")], [("Source-Organization", "ES")])
    files = {member.name: b"".join(member.chunks) for member in bag}
    assert list(files) == ["bagit.txt", "data/b", "data/a/c", "bag-info.txt",
                           "manifest-sha256.txt", "tagmanifest-sha256.txt"]  # fmt: skip
    for name in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
        for path, digest in listed(files[name].decode()):
            assert hashlib.sha256(files[path]).hexdigest() == digest
    assert files["bag-info.txt"] == b"Source-Organization: ES\nPayload-Oxum: 3.2\n"
    assert bag.tagmanifest_sha256 == hashlib.sha256(files["tagmanifest-sha256.txt"]).hexdigest()


def test_odd_names_come_back_from_a_manifest() -> None:
    names = ["data/a\nb", "data/100%", "data/%0A", "data/ a", "data/\r"]
    text = manifest((name, "ab" * 32) for name in names).decode()
    assert sorted(name for name, _ in listed(text)) == sorted(names)


@pytest.mark.parametrize("line", ["abc", "xyz  data/a", "  data/a", "abcd",
                                  "ab" + " " * 500_000])  # fmt: skip
def test_a_line_that_is_no_digest_and_name_is_refused(line) -> None:
    with pytest.raises(ValueError, match="no digest and name"):
        list(listed(line))


def test_tags_that_go_on_over_lines_are_one() -> None:
    text = "A: one\n  two\nB:three\nA: four\n"
    assert list(tags(text)) == [("A", "one two"), ("B", "three"), ("A", "four")]


def test_a_tag_that_would_be_two_lines_is_refused() -> None:
    for tag in (("A", "b\nPayload-Oxum: 0.0"), ("A: b", "c"), ("", "c")):
        with pytest.raises(UsageError):
            info([tag])


def test_a_file_that_changes_while_it_is_packed_ends_the_packing() -> None:
    with pytest.raises(UsageError, match="was said to have 3"):
        [list(member.chunks) for member in Bag([Member("a", 3, (b"four",))], [])]


@pytest.mark.parametrize("names", [["../a"], ["a", "A"], ["a", "a"], ["e\u0301"], ["a", "a/b"]])
def test_a_name_that_is_not_safe_ends_the_packing(names) -> None:
    with pytest.raises(UsageError, match="can't be the name"):
        [list(m.chunks) for m in Bag([Member.of(name, b"") for name in names], [])]
