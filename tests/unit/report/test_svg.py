"""Laws of ``clew.report.svg``."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from clew.report.svg import Axis


@pytest.mark.parametrize("days", [0, 3, 40, 400, 4000, 40000])
def test_a_calendar_has_few_ticks_in_their_place(days) -> None:
    since = datetime(2020, 1, 15, tzinfo=UTC)
    axis = Axis(since, since + timedelta(days=days), 100, 700)
    ticks = list(axis.ticks())
    assert len(ticks) <= 24
    assert all(100 <= x <= 700 for x, _ in ticks)
    assert ticks == sorted(ticks)
    assert "".join(axis.drawn(20, 90)).count("<text") >= 1
