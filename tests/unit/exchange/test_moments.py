from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clew.exchange.moments import moment, stated

moments = st.integers(-30_000_000_000, 220_000_000_000).map(
    lambda seconds: datetime.fromtimestamp(seconds, UTC)
)


@given(moments)
def test_a_moment_is_read_as_it_was_written(at) -> None:
    assert moment(stated(at)) == at


@pytest.mark.parametrize("bad", ["2026-11-30", "2026-11-30T12:00:00", "2026-1-3T12:00:00Z"])
def test_a_moment_is_written_in_one_way(bad) -> None:
    with pytest.raises(ValueError, match="2026"):
        moment(bad)
