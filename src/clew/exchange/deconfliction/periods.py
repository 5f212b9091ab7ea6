"""Half-years in which an offer and its key hold, and moments as files write them.

>>> last_moment("2026-H1").isoformat()
'2026-07-01T00:00:00+00:00'
"""

import re
from datetime import UTC, datetime

_PERIOD = re.compile(r"([0-9]{4})-H([12])")
_FIRST_HALF = range(1, 7)
_WRITTEN = "%Y-%m-%dT%H:%M:%SZ"


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


def stated(at: datetime) -> str:
    """A moment as a header has it."""
    return at.astimezone(UTC).strftime(_WRITTEN)


def moment(text: str) -> datetime:
    """A moment of a header; ValueError where it is written in another way."""
    found = datetime.strptime(text, _WRITTEN).replace(tzinfo=UTC)
    if stated(found) != text:
        raise ValueError(f"{text!r} is no moment in the one way that it is written")
    return found
