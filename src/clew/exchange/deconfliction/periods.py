"""Half-years in which an offer and its key hold.

>>> last_moment("2026-H1").isoformat()
'2026-07-01T00:00:00+00:00'
"""

import re
from datetime import UTC, datetime

_PERIOD = re.compile(r"([0-9]{4})-H([12])")
_FIRST_HALF = range(1, 7)


def period_of(at: datetime) -> str:
    """The half-year of a moment."""
    return f"{at.year:04}-H{1 if at.month in _FIRST_HALF else 2}"


def last_moment(period: str) -> datetime:
    """The end of a half-year; ValueError where it is written otherwise."""
    found = _PERIOD.fullmatch(period)
    if not found:
        raise ValueError(f"{period!r} is no half-year")
    year, half = int(found[1]), found[2]
    return datetime(year, 7, 1, tzinfo=UTC) if half == "1" else datetime(year + 1, 1, 1, tzinfo=UTC)
