"""Dates as exports write them, in any order and calendar."""

import re
from datetime import date

import msgspec

from clew.facts.readers.whatsapp_text.clock import INVISIBLE, plain
from clew.facts.text import month_names
from clew.records import DateOrder

_ERAS = {
    "M": 1867, "明治": 1867, "T": 1911, "大正": 1911, "S": 1925, "昭和": 1925, "H": 1988,
    "平成": 1988, "R": 2018, "令和": 2018, "民國": 1911, "民国": 1911,
}  # fmt: skip
"""The year before the first of each era."""
_NUMBER = re.compile(rf"({'|'.join(_ERAS)})?[\s{INVISIBLE}]?(\d+)")
_NAME = re.compile(r"[^\W\d_]{3,}")
_MONTHS = 12
_CENTURY = 100
_TAIWAN = range(98, 200)
_THAI_SHORT = range(52, 100)
_PERSIAN = range(1388, 1430)
_HIJRI = range(1430, 1600)
_BUDDHIST = range(2440, 2800)
_NOWRUZ = date(2009, 3, 20)
"""The first day of the Persian year 1388."""
_PERSIAN_LEAPS = frozenset({1, 5, 9, 13, 17, 22, 26, 30})


class Written(msgspec.Struct, frozen=True):
    """A date as written: three numbers, and the order where the writing itself shows it."""

    numbers: tuple[int, int, int]
    order: DateOrder | None = None
    era: str | None = None


def written(found: str) -> Written | None:
    """Read a date's numbers; None where there are not three.

    >>> written("3/18/R4")
    Written(numbers=(3, 18, 4), order=None, era='R')
    """
    parts = [(era or None, digits) for era, digits in _NUMBER.findall(found)]
    era = next((e for e, _ in parts if e), None)
    numbers = [int(digits) for _, digits in parts]
    name = _NAME.search(found)
    month = month_names().get(plain(name.group())) if name else None
    if name and month and len(numbers) == 2:  # the third is a name
        a, b = numbers
        if found.find(name.group()) <= 1:
            return Written((month, a, b), DateOrder.MDY)
        return Written((a, month, b), DateOrder.YMD if a >= _CENTURY else DateOrder.DMY)
    if len(numbers) != 3:  # a date has three
        return None
    triple = (numbers[0], numbers[1], numbers[2])
    year_first = parts[0][0] is not None or len(parts[0][1]) > 2  # no day is longer
    return Written(triple, DateOrder.YMD if year_first else None, era)


def iso(found: Written, order: DateOrder) -> str | None:
    """The date in ISO 8601, read in ``order`` unless the writing itself shows another.

    >>> iso(written("18/3/2565"), DateOrder.DMY)
    '2022-03-18'
    """
    a, b, c = found.numbers
    readings = {
        DateOrder.YMD: (a, b, c), DateOrder.DMY: (c, b, a), DateOrder.MDY: (c, a, b)
    }  # fmt: skip
    if (reading_order := found.order or order) not in readings:
        return None
    year, month, day = readings[reading_order]
    if found.era:
        year += _ERAS[found.era]
    return _gregorian(year, month, day)


def _gregorian(year: int, month: int, day: int) -> str | None:
    if year in _PERSIAN:
        return _persian(year, month, day)
    if year in _THAI_SHORT:
        year += 2500
    elif year < _CENTURY:
        year += 2000
    elif year in _TAIWAN:
        year += 1911
    if year in _BUDDHIST:
        year -= 543
    if year in _HIJRI:
        return None
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _persian(year: int, month: int, day: int) -> str | None:
    """A date of the Persian solar calendar, by its cycle of 33 years."""
    long = month <= 6  # six months of 31 days, five of 30, and a last one
    longest = 31 if long else 30 if month < _MONTHS or year % 33 in _PERSIAN_LEAPS else 29
    if not (1 <= month <= _MONTHS and 1 <= day <= longest):
        return None
    days = sum(366 if y % 33 in _PERSIAN_LEAPS else 365 for y in range(_PERSIAN[0], year))
    days += 31 * (month - 1) if long else 30 * (month - 1) + 6
    first = _NOWRUZ.toordinal() + 1
    return date.fromordinal(first + days + day - 1).isoformat()
