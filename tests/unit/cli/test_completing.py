"""A shell is told the lists, their columns and the time zones, and no case is read for it."""

from __future__ import annotations

import pytest
from click.shell_completion import ShellComplete

from clew import views
from clew.cli import clew

CASES = [
    (["show", "case"], "group", {"groups"}),
    (["show", "case", "groups", "--sort"], "mem", {"members"}),
    (["show", "case", "groups", "--columns"], "subject,mem", {"subject,members"}),
    (["show", "case", "groups", "--where"], "mem", {"members="}),
    (["show", "case", "groups", "--tz"], "Europe/Lis", {"Europe/Lisbon"}),
    (["show", "case", "no-list", "--sort"], "", set()),
]


@pytest.mark.parametrize(("words", "begun", "expected"), CASES)
def test_what_is_begun_is_completed(words, begun, expected, monkeypatch) -> None:
    monkeypatch.setenv("COMP_WORDS", " ".join(["clew", *words, begun]))
    found = ShellComplete(clew, {}, "clew", "_CLEW_COMPLETE").get_completions(words, begun)
    assert expected <= {one.value for one in found}
    assert all(one.value.startswith(begun) for one in found)


def test_every_column_that_a_list_shows_first_is_offered() -> None:
    lists = [views.view(name) for name in views.names()]
    assert all(set(listed.header.first) <= set(listed.likely) for listed in lists)
