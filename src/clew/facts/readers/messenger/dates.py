"""Dates of Messenger's pages: local, in the words of the account's language."""

import re
from datetime import datetime

from clew.facts.text import month_names
from clew.records import TimePrecision

_CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?(?P<half>\s*[ap]\.?\s?m\.?)?"
_JOINT = r",?\s*(?:at|um|om|à|a las|alle(?: ore)?|às|kl\.?|[-\u2013])?\s*"
_ZONE = r"(?:\s*(?:UTC|GMT)(?:[+-]\d{1,2}(?::?\d{2})?)?)?"
_WEEKDAY = r"(?:[^\W\d]+\.?,?\s+)?"
_FORMS = tuple(
    re.compile(rf"{_WEEKDAY}{day}{_JOINT}{_CLOCK}{_ZONE}", re.IGNORECASE)
    for day in (
        r"(?P<month>[^\W\d]{3,12})\.?\s+(?P<day>\d{1,2}),?\s+(?P<year>\d{4})",
        r"(?P<day>\d{1,2})\.?\s+(?:de\s+)?(?P<month>[^\W\d]{3,12})\.?,?\s+(?:de\s+)?(?P<year>\d{4})",
        r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})",
        r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})",
    )
)
_LONGEST = 60


def looks_like(words: str) -> bool:
    """Whether a text is a date and a time, and nothing else."""
    return len(words) <= _LONGEST and any(form.fullmatch(words) for form in _FORMS)


def local(words: str) -> tuple[str | None, TimePrecision | None]:
    """Local time in ISO 8601 and its precision; None where it can't be read.

    >>> local("Sep 13, 2020, 12:26 PM")
    ('2020-09-13T12:26', <TimePrecision.MINUTE: 'min'>)
    >>> local("19 oct. 2019 14:37:05")
    ('2019-10-19T14:37:05', <TimePrecision.SECOND: 's'>)
    """
    found = next((match for form in _FORMS if (match := form.fullmatch(words.strip()))), None)
    if found is None:
        return None, None
    month, half, second = found["month"].casefold(), found["half"], found["second"]
    number = int(month) if month.isdecimal() else month_names().get(month, 0)
    hour = int(found["hour"])
    if half:
        hour = hour % 12 + (12 if half.strip().casefold().startswith("p") else 0)
    year, day, minute = (int(found[name]) for name in ("year", "day", "minute"))
    try:
        at = datetime(year, number, day, hour, minute, int(second or 0))
    except ValueError:
        return None, None
    precision = TimePrecision.SECOND if second else TimePrecision.MINUTE
    return at.isoformat(timespec="seconds" if second else "minutes"), precision
