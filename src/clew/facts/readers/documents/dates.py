"""Dates at the beginning of a line, in words and digits of six languages; nothing is guessed.

Every reading that the words allow is kept. Digits such as 03/04/05 have two, and with hyphens a
third, the year first. A line of the same file that allows only one order (13/4/05) decides for the
others, and two that contradict each other decide nothing.
"""

import calendar
import re
from collections.abc import Iterator
from datetime import date
from functools import cache, lru_cache
from typing import NamedTuple

import msgspec

from clew.facts.readers.documents.words import every, months, weekdays
from clew.records import DateOrder, DatePrecision, YearBasis
from clew.words.characters import normal

_YEARS = range(1950, 2100)
_FULL = 4
"""Digits of a whole year."""
_PIVOT = 70
"""Two digits from here on are of the 1900s, as in POSIX strptime."""
_LONGEST = 160
_DIGIT = re.compile(r"\d")
"""What no date is without."""
_ORDERS = (DateOrder.DMY, DateOrder.MDY, DateOrder.YMD)


class Day(NamedTuple):
    """A day, month or year as numbers; what is not written is None."""

    year: int | None
    month: int | None
    day: int | None

    def is_possible(self) -> bool:
        """Whether the calendar has it, in a year of our time."""
        try:
            date(self.year or 2000, self.month or 1, self.day or 1)
        except ValueError:
            return False
        return self.year is None or self.year in _YEARS

    def span(self) -> tuple[date, date]:
        """The first and the last day of it, where the year is known."""
        assert self.year
        last = self.month or 12
        end = self.day or calendar.monthrange(self.year, last)[1]
        return date(self.year, self.month or 1, self.day or 1), date(self.year, last, end)


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """A date as written at the beginning of a line."""

    words: str
    end: int
    """Where the words end in the line."""
    first: Day | None = None
    last: Day | None = None
    """The same as ``first`` unless a range is written."""
    by_order: dict[DateOrder, str] = {}
    """Days that numbers alone mean in each order in which they are dates, as ``first/last``."""
    short_year: bool = False
    unclear: bool = False
    """The word is one for a month and for a day of the week: ``mar 3``."""
    languages: frozenset[str] = frozenset()
    """Languages of the name of the month."""
    heading: bool = False
    """A year, or month and year, that stands alone on its line."""


class Heading(msgspec.Struct, frozen=True):
    """A year, or a month of a year, for what stands below."""

    year: int
    month: int | None
    locator: str


class Reading(NamedTuple):
    """What days a written date can mean."""

    readings: tuple[str, ...]
    precision: DatePrecision
    basis: YearBasis
    order: DateOrder | None = None
    inherited: bool = False


def _any(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in words)


@cache
def _patterns(*, of_digits: bool) -> tuple[re.Pattern[str], ...]:
    """Ways of writing a date that begin with a digit, or with a word."""
    month = rf"(?P<month>{_any(sorted(months(), key=lambda w: (-len(w), w)))})\b\.?"
    day = r"(?P<day>\d{1,2})(?:\s?(?:st|nd|rd|th|er|[\u00ba\u00aa\u00b0.o])(?![a-z0-9]))?"
    of = rf"[\s,]*(?:(?:{_any(every('of'))})\b\s*|d['\u2019]\s*)?"
    year = r"(?P<year>(?:19|20)\d\d|['\u2019]\d\d|\d\d(?!\d|[:.]\d))(?!\d)"
    to = rf"\s*(?:[-\u2013\u2014/]|\b(?:{_any(every('to'))})\b)\s*(?:\b(?:the|den|il|le|el)\b\s*)?"
    until = r"(?P<until>\d{1,2})(?:\s?(?:st|nd|rd|th|\u00ba|\.)(?![a-z0-9]))?"
    no_year = r"(?!\W{0,3}(?:19|20)\d\d(?!\d))"
    sep = r"(?P<sep>[-/.\u2013])"
    four = r"(?P<{0}>(?:19|20)\d\d)"
    full = four.format("year") + sep + r"(?P<month_n>\d{1,2})(?:(?P=sep)(?P<day>\d{1,2}))?(?!\d)"
    again = r"(?P<year2>(?:19|20)\d\d)(?P=sep)(?P<month2>\d{1,2})(?P=sep)(?P<day2>\d{1,2})(?!\d)"
    digits = (
        r"(?P<a>\d{1,2})(?P<dsep>\s?[-/.]\s?)(?P<b>\d{1,2})(?P=dsep)(?P<c>\d{4}|\d{2})(?!\d|:\d)"
    )
    second = r"(?P<a2>\d{1,2})(?P=dsep)(?P<b2>\d{1,2})(?P=dsep)(?P<c2>\d{4}|\d{2})(?!\d|:\d)"
    begins_with_digit = (
        rf"{full}(?:\s*(?:[\u2013\u2014/]|\s-\s|\b(?:{_any(every('to'))})\b)\s*{again})?",
        rf"{digits}(?:\s*(?:[-\u2013\u2014]|\b(?:{_any(every('to'))})\b)\s*{second})?",
        rf"{day}{to}{until}{of}{month}{of}{year}",
        rf"{day}{to}{until}{of}{month}{no_year}",
        rf"{day}{of}{month}{of}{year}",
        rf"{day}{of}{month}{no_year}",
    )
    begins_with_word = (
        rf"{month}\s+{day}(?:\s*,\s*|\s+){year}",
        rf"{month}{of}(?P<year>(?:19|20)\d\d)(?!\d)",
        rf"{month}\s+{day}(?!\d){no_year}",
    )
    return tuple(map(re.compile, begins_with_digit if of_digits else begins_with_word))


@cache
def _beginning() -> re.Pattern[str]:
    """What may stand before a date: bullets, a weekday, articles and prepositions."""
    return re.compile(
        rf"[\s*\u2022\u00b7>#\[(\"\u2013\u2014-]*(?P<first>(?:{_any(every('weekdays'))})\b[\s.,]*)?"
        rf"(?:\b(?:{_any(every('lead'))})\b['\u2019:]?\s*){{0,2}}"
        rf"(?P<weekday>(?:{_any(every('weekdays'))})\b[\s.,]*)?"
    )


@cache
def _headings() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A year alone; and a day of the week and of a month that stands above."""
    year, weekdays = _any(every("year")), _any(every("weekdays"))
    return (
        re.compile(
            rf"[\s*#=_\[(-]*(?:(?:{year})\b[\s:]*)?(?P<year>(?:19|20)\d\d)[\s*#=_\])\s:.-]*"
        ),
        re.compile(rf"\W*(?P<weekday>{weekdays})\b[\s.,]+(?P<day>\d{{1,2}})(?![\d/:.]*\d)"),
    )


def dated(line: str) -> Written | None:
    """The date that a line begins with, if it begins with one."""
    text = _by_character(line[:_LONGEST])
    if not _DIGIT.search(text):
        return None
    of_year, of_weekday = _headings()
    if alone := of_year.fullmatch(text.partition("\n")[0]):
        year = Day(int(alone["year"]), None, None)
        words = line[: alone.end()].strip()
        return Written(words=words, end=alone.end(), first=year, last=year, heading=True)
    if text.isdecimal():
        return None
    for start in _starts(text):
        for pattern in _patterns(of_digits=text[start : start + 1].isdecimal()):
            if (match := pattern.match(text, start)) and (found := _written(match, line, start)):
                return found
    if number := of_weekday.match(text):
        day = Day(None, None, int(number["day"]))
        return Written(
            words=line[: number.end()].strip(), end=number.end(), first=day, last=day,
            unclear=number["weekday"] in months(),
        )  # fmt: skip
    return None


def _by_character(line: str) -> str:
    """The normal form of each character, so that each stands where it stood."""
    return line.lower() if line.isascii() else "".join(map(_character, line))


@lru_cache(maxsize=4096)
def _character(one: str) -> str:
    return found if len(found := normal(one)) == 1 else one


def _starts(text: str) -> Iterator[int]:
    """Where a date may begin: at the beginning, or behind a place name as in a letter's head."""
    match = _beginning().match(text)
    yield match.end() if match else 0
    yield from (match.start(name) for name in ("weekday", "first") if match and match[name])
    if town := re.match(r"[^\W\d_][^\d\n.:;]{1,40},\s*", text[:48]):
        match = _beginning().match(text, town.end())
        yield match.end() if match else town.end()


def _written(match: re.Match[str], line: str, start: int) -> Written | None:
    group = match.groupdict()
    words, end = line[start : match.end()].strip(), match.end()
    if group.get("a"):
        ranks = ("", "2") if group.get("a2") else ("",)
        triples = [(int(group[f"a{n}"]), int(group[f"b{n}"]), int(group[f"c{n}"])) for n in ranks]
        short = len(group["c"]) < _FULL
        asked = _ORDERS if group["dsep"] == "-" and short else _ORDERS[:2]
        by_order = {o: days for o in asked if (days := _in_order(triples, o, short=short))}
        if not by_order:
            return None
        return Written(words=words, end=end, by_order=by_order, short_year=short)
    month, spoken = months()[group["month"]] if group.get("month") else (None, frozenset())
    month = int(group["month_n"]) if group.get("month_n") else month
    year = _year(group.get("year"))
    day, until = (int(group[n]) if group.get(n) else None for n in ("day", "until"))
    first, last = Day(year, month, day), Day(year, month, until or day)
    if group.get("year2"):
        last = Day(int(group["year2"]), int(group["month2"]), int(group["day2"]))
    if not (first.is_possible() and last.is_possible()):
        return None
    is_short = year is not None and len(group["year"]) < _FULL
    rest = line[end:].strip(" \t:.-\u2013\u2014*#=_])\n")
    return Written(
        words=words, end=end, first=first, last=last, short_year=is_short, languages=spoken,
        heading=day is None and not rest,
        unclear=year is None and group.get("month") in weekdays()
        and match.start("month") < match.start("day"),
    )  # fmt: skip


def _year(text: str | None) -> int | None:
    digits = text.strip("'\u2019") if text else ""
    return (int(digits) if len(digits) == _FULL else _century(int(digits))) if digits else None


def _century(short: int) -> int:
    return short + (1900 if short >= _PIVOT else 2000)


def _in_order(triples: list[tuple[int, int, int]], order: DateOrder, *, short: bool) -> str | None:
    """The days that numbers mean in one order, as ``first/last``; None where they mean none."""
    days = []
    for a, b, c in triples:
        year, month, day = (a, b, c) if order is DateOrder.YMD else (c, b, a)
        if order is DateOrder.MDY:
            month, day = a, b
        year = _century(year) if short else year
        if not Day(year, month, day).is_possible():
            return None
        days.append(date(year, month, day))
    return f"{days[0]}/{days[-1]}" if days[0] <= days[-1] else None


class Orders:
    """Which order of numbers the dates of a file allow, all together."""

    def __init__(self) -> None:
        self._left = set(_ORDERS)
        self.contradictory = False

    def add(self, written: Written) -> None:
        """Take a date; only one that leaves some order out tells anything."""
        if written.by_order:
            left = self._left & set(written.by_order)
            self.contradictory |= not left
            self._left = left or self._left

    @property
    def order(self) -> DateOrder | None:
        """The one order left, unless some dates contradict each other."""
        if self.contradictory or len(self._left) != 1:
            return None
        return next(iter(self._left))


def read(written: Written, orders: Orders, heading: Heading | None) -> Reading:
    """Every reading of a date, given the order of the file and the heading above."""
    basis = YearBasis.TWO_DIGITS if written.short_year else YearBasis.WRITTEN
    if by_order := written.by_order:
        settled = orders.order
        by_order = {settled: by_order[settled]} if settled in by_order else by_order
        distinct = tuple(sorted(set(by_order.values())))
        order = next(iter(by_order)) if len(by_order) == 1 else None
        order = DateOrder.AMBIGUOUS if len(distinct) > 1 else order
        return Reading(distinct, DatePrecision.DAY, basis, order)
    first, last = written.first, written.last
    assert first
    assert last
    inherited = first.year is None and heading is not None and not written.unclear
    if inherited and heading and (first.month or heading.month):
        first = Day(heading.year, first.month or heading.month, first.day)
        last = Day(heading.year, last.month or heading.month, last.day)
    precision = DatePrecision.MONTH if first.month else DatePrecision.YEAR
    precision = DatePrecision.DAY if first.day else precision
    if written.unclear or first.year is None or not (first.is_possible() and last.is_possible()):
        return Reading((), precision, YearBasis.NONE)
    begins, ends = first.span()[0], last.span()[1]
    readings = (f"{begins}/{ends}",) if begins <= ends else ()
    basis = YearBasis.INHERITED if inherited else basis
    return Reading(readings, precision, basis, inherited=inherited)
