from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clew.exchange.deconfliction.periods import last_moment, period_of

moments = st.integers(-30_000_000_000, 220_000_000_000).map(
    lambda seconds: datetime.fromtimestamp(seconds, UTC)
)


@given(moments)
def test_a_moment_lies_in_its_period(at) -> None:
    end = last_moment(period_of(at))
    assert at < end
    assert period_of(end) != period_of(at)


@pytest.mark.parametrize("bad", ["2026-H3", "2026", "26-H1", "2026-H1 ", "", "2026-h1"])
def test_what_is_no_half_year_is_refused(bad) -> None:
    with pytest.raises(ValueError, match="no half-year"):
        last_moment(bad)
