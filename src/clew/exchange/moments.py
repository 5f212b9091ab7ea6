"""Moments as the headers of files write them: in UTC, to the second, in one way.

>>> stated(moment("2026-11-30T12:00:00Z"))
'2026-11-30T12:00:00Z'
"""

from datetime import UTC, date, datetime, timedelta

from clew.errors import UsageError

CLOCKS = timedelta(hours=24)
"""By how much clocks of two agencies may differ."""
_WRITTEN = "%Y-%m-%dT%H:%M:%SZ"


def stated(at: datetime) -> str:
    """A moment as a header has it."""
    return at.astimezone(UTC).strftime(_WRITTEN)


def moment(text: str) -> datetime:
    """A moment of a header; ValueError where it is written in another way."""
    found = datetime.strptime(text, _WRITTEN).replace(tzinfo=UTC)
    if stated(found) != text:
        raise ValueError(f"{text!r} is no moment in the one way that it is written")
    return found


def refuse_past(keep_until: date) -> None:
    """Raise UsageError where nobody could keep what is sent, since its last day is past."""
    if keep_until < datetime.now(UTC).date():
        raise UsageError(
            f"{keep_until} is past, so that nobody could keep it; nothing was written",
            do="Give the last day on which it may be kept, such as --keep-until 2028-01-01.",
        )
