"""Nothing of what is shown hides or turns; numbers and times read the same everywhere."""

from __future__ import annotations

from datetime import UTC, datetime

from clew.report.shown import moment, number, short


def test_numbers_times_and_hashes_are_short_and_whole() -> None:
    assert number(1234567) == "1\u202f234\u202f567"
    assert number("x") == "x"
    assert moment(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)) == "2026-01-02 03:04:05Z"
    assert moment(None) == ""
    assert short("a" * 64) == "a" * 12 + "…"
    assert short(None) == ""
