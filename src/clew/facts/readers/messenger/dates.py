"""Dates of Messenger's pages: local, in the words of the account's language."""

import re

from clew.records import TimePrecision

_MONTHS = {
    word: number
    for number, words in enumerate(
        (
            "jan january ene enero janeiro gen gennaio janv janvier januar jän jänner januari",
            "feb february febrero fev fevereiro febbraio févr février fév februar februari",
            "mar march marzo março mars mär märz mrz maart mrt",
            "apr april abr abril aprile avr avril",
            "may mayo mai maio mag maggio mei",
            "jun june junio junho giu giugno juin juni",
            "jul july julio julho lug luglio juil juillet juli",
            "aug august ago agosto août augustus",
            "sep sept september septiembre setembro set settembre septembre",
            "oct october octubre out outubro ott ottobre octobre okt oktober",
            "nov november noviembre novembro novembre",
            "dec december dic diciembre dez dezembro dicembre déc décembre dezember",
        ),
        start=1,
    )
    for word in words.split()
}
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
_NOON = 12


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
    for form in _FORMS:
        found = form.fullmatch(words.strip())
        if found is None:
            continue
        month = found["month"].casefold()
        number = int(month) if month.isdecimal() else _MONTHS.get(month, 0)
        hour = _hour(int(found["hour"]), found["half"])
        day, minute, second = int(found["day"]), int(found["minute"]), found["second"]
        if not (1 <= number <= _NOON and 1 <= day <= _DAYS and hour < _HOURS and minute < _SIXTY):
            return None, None
        read = f"{found['year']}-{number:02}-{day:02}T{hour:02}:{minute:02}"
        if second:
            return f"{read}:{second}", TimePrecision.SECOND
        return read, TimePrecision.MINUTE
    return None, None


_DAYS, _HOURS, _SIXTY = 31, 24, 60


def _hour(hour: int, half: str | None) -> int:
    if not half:
        return hour
    return hour % _NOON + (_NOON if half.strip().casefold().startswith("p") else 0)
