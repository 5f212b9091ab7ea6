from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clew.exchange.deconfliction.periods import last_moment, moment, period_of, stated

moments = st.datetimes(datetime(1000, 1, 1), datetime(9000, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001
    lambda at: at.replace(microsecond=0)
)


@given(moments)
def test_a_moment_lies_in_its_period_and_is_read_as_it_was_written(at) -> None:
    end = last_moment(period_of(at))
    assert at < end
    assert period_of(end) != period_of(at)
    assert moment(stated(at)) == at


@pytest.mark.parametrize("bad", ["2026-H3", "2026", "26-H1", "2026-H1 ", "", "2026-h1"])
def test_what_is_no_half_year_is_refused(bad) -> None:
    with pytest.raises(ValueError, match="no half-year"):
        last_moment(bad)


@pytest.mark.parametrize("bad", ["2026-11-30", "2026-11-30T12:00:00", "2026-1-3T12:00:00Z"])
def test_a_moment_is_written_in_one_way(bad) -> None:
    with pytest.raises(ValueError, match="2026"):
        moment(bad)
