"""``clew search``: what it takes for words, and that it finds nothing where nothing is."""

from __future__ import annotations

import pytest
from run_cli import run_cli as clew


@pytest.mark.parametrize("words", ["", "   ", '""'])
def test_without_a_word_nothing_is_searched(case, words) -> None:
    done = clew("search", case.folder, words)
    assert (done.returncode, done.stdout) == (2, "")
    assert "no word to search for" in done.stderr


def test_an_empty_case_has_no_message(case) -> None:
    done = clew("search", case.folder, "bread", "--json")
    assert (done.returncode, done.stdout) == (0, "")
    reads = [e.content for e in case.custody.entries() if e.content["action"] == "read"]
    assert [read["masked"] for read in reads] == [True]
