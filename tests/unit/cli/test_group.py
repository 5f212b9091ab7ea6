"""``clew group``: a group that is not of the case is refused."""

from __future__ import annotations

from run_cli import run_cli as clew


def test_no_group_is_made_up(case) -> None:
    done = clew("group", case.folder, "Bread")
    assert (done.returncode, done.stdout) == (2, "")
    assert "there is no group of that id or title" in done.stderr
