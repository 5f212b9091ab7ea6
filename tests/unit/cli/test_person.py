"""``clew person``: whoever is not of the case is refused, and says what can be given."""

from __future__ import annotations

import pytest
from run_cli import run_cli as clew


@pytest.mark.parametrize("who", ["person-0123abcd", "+34600000001", "Ada"])
def test_nobody_is_made_up(case, who) -> None:
    done = clew("person", case.folder, who)
    assert (done.returncode, done.stdout) == (2, "")
    assert "in this case" in done.stderr
