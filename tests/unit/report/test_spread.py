"""Laws of ``clew.report.spread``."""

from __future__ import annotations

from clew.report.spread import chance


def test_no_chance_is_shown_as_certain() -> None:
    assert chance(0.99999) == "≥\u202f0.99"
    assert chance(0.914) == "0.91"
    assert chance(None) == ""
