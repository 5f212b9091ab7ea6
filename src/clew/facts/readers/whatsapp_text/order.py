"""In which order a file writes day, month and year: what in it speaks for each, and how much.

The numbers prove it where one is no month. Failing that, signs are gathered: the order in which
the dates run, the names of attachments, separators, the language of notices. Signs that contradict
each other leave the order open; nothing is guessed.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from itertools import groupby
from typing import NamedTuple

import msgspec

from clew.facts.date_signs import Sign, decided
from clew.facts.reader_api import data_file
from clew.facts.readers.whatsapp_text.clock import INVISIBLE
from clew.facts.readers.whatsapp_text.dates import Written, iso, written
from clew.records import DateOrder, DateVoteKind, DateWeight

DMY, MDY, YMD = DateOrder.DMY, DateOrder.MDY, DateOrder.YMD
_MONTHS = 12
_TWO_DIGITS = 2
_DIFFERENT_DAYS = 2
"""Days of which attachments must agree where each alone could have been forwarded."""
_NAMED = re.compile(
    r"(?:\b(?:IMG|VID|AUD|PTT|STK|DOC|GIF)-(?P<day>20[0-9]{6})-WA[0-9]{4}"
    r"|\b(?:PHOTO|VIDEO|AUDIO|GIF|STICKER)-(?P<at>20[0-9]{2}(?:-[0-9]{2}){5})"
    r"|\bWhatsApp (?:Image|Video|Audio|Ptt) (?P<sent>20[0-9]{2}-[0-9]{2}-[0-9]{2}) at "
    r"|\bScreenshot[_-](?P<shot>20[0-9]{6})[_-][0-9]{6})"
)
"""Names that WhatsApp and phones give to files: with the day they came or were made."""
_DOTTED = re.compile(r"\d{1,2}([.‐-–-])\d{1,2}\1\d")
_SMALL = re.compile(r"[0-9][\s\u00a0\u202f]?[ap]m\b")
_SPANISH = re.compile(r"[ap]\.[ \u00a0\u202f]m\.")
"""Halves of the day with a space, as Spanish writes them."""
_HALVES = re.compile(r"[^\W\d_]")
_HINTS = ("-WA", "-20", "WhatsApp ", "Screenshot")


class Line(msgspec.Struct, frozen=True):
    """A message as far as it bears on the order of dates."""

    locator: str
    date: str
    time: str | None
    """Time of day in ISO 8601."""
    text: str


class OrderEvidence:
    """What the messages of one platform in a file say about the order of day, month and year."""

    def __init__(self, flavour: str) -> None:
        self.flavour = flavour
        self._known: dict[str, Written | None] = {}
        self._breaks = {DMY: 0, MDY: 0}
        self._last: dict[DateOrder, tuple[int, int, int]] = {}
        self._written: Counter[DateOrder] = Counter()
        self._beyond: Counter[DateOrder] = Counter()
        """Dates whose first, or second, number is no month."""
        self._attachments = _Attachments()
        self._clocks: set[str] = set()
        self._languages: Counter[DateOrder | None] = Counter()
        self._first: dict[DateVoteKind, str] = {}

    def add(self, dates: Iterable[str]) -> None:
        """Take the next dates of the file, in the file's order."""
        for found, _ in groupby(dates):
            if found not in self._known:
                self._known[found] = self._met(written(found))
            read = self._known[found]
            if read is not None and read.order is None:
                self._follow(*read.numbers)

    def _met(self, read: Written | None) -> Written | None:
        """Count a date that was not met before."""
        if read and read.order:
            self._written[read.order] += 1
        elif read:
            self._beyond[DMY] += read.numbers[0] > _MONTHS
            self._beyond[MDY] += read.numbers[1] > _MONTHS
        return read

    def _follow(self, first: int, second: int, year: int) -> None:
        for order, key in ((DMY, (year, second, first)), (MDY, (year, first, second))):
            self._breaks[order] += key < self._last.get(order, key)
            self._last[order] = key

    def clocks(self, times: Iterable[str]) -> None:
        """Take the times of day of some messages, as they stand."""
        for time in times:
            halves = _HALVES.search(time) is not None
            if _SPANISH.search(time) and self._habit(frozenset({"es"})):
                self._languages[DMY] += 1
            self._clocks.add("small" if _SMALL.search(time) else "12" if halves else "24")

    def look(self, line: Line, languages: frozenset[str]) -> None:
        """Take a message; ``languages`` are those that write its notice so."""
        if languages:
            self._languages[self._habit(languages)] += 1
            self._first.setdefault(DateVoteKind.LANGUAGE, line.locator)
        if may_name_a_day(line.text):
            read = self._known.get(line.date) or written(line.date)
            for match in _NAMED.finditer(line.text):
                if read and read.order is None:
                    self._first.setdefault(DateVoteKind.ATTACHMENTS, line.locator)
                    self._attachments.add(_days(read), match, line.time)

    def _habit(self, languages: frozenset[str]) -> DateOrder | None:
        """Order in which every locale of these languages would write such dates."""
        if not languages <= _orders("day_first"):
            return None
        padded, short = self._form
        if self.flavour == "ios" and not padded and short:  # of the region, not the language
            return None
        two_digits = padded and short and languages & _orders("month_first_in_two_digits")
        return None if two_digits else DMY

    @property
    def _form(self) -> tuple[bool, bool]:
        """Whether numbers below ten have a zero before them, and years two digits."""
        parts = [re.findall(r"\d+", found) for found in self._known]
        days = [part for found in parts if len(found) == 3 for part in found[:2]]
        short = all(len(found[-1]) <= _TWO_DIGITS for found in parts if found)
        small = [part for part in days if int(part) < 10]
        return bool(small) and all(len(part) == _TWO_DIGITS for part in small), short

    @property
    def is_proved(self) -> bool:
        """The numbers or the writing of the dates leave no choice."""
        return bool(+self._written or +self._beyond)

    @property
    def is_open(self) -> bool:
        """There are dates, and none of them proves the order."""
        return bool(self._known) and not self.is_proved

    @property
    def contradictory(self) -> bool:
        """Some dates can only be read day first, others only month first."""
        return bool(self._beyond[DMY] and self._beyond[MDY])

    def order(self) -> DateOrder:
        """Order of the file; ``ambiguous`` where nothing decides."""
        proof = (YMD, self._written), (DMY, self._beyond), (MDY, self._beyond)
        proved = (order for order, counts in proof if counts[order])
        return next(proved, None) or decided(self.signs())

    def signs(self) -> list[Sign]:
        """Everything that speaks for an order, with the locator of the first of each kind."""
        found = [*self._by_dates()]
        if not self.is_proved:
            found += [*self._by_form(), *self._attachments.signs()]
            languages = self._languages[DMY], self._languages[None]
            if languages[0] and not languages[1]:
                found.append(Sign(DateVoteKind.LANGUAGE, DateWeight.HABIT, languages[0], 0))
        return found

    def located(self) -> Iterator[tuple[Sign, str]]:
        """Each sign with the first locator in the file that says so."""
        return ((sign, self._first.get(sign.kind, "file")) for sign in self.signs())

    def _by_dates(self) -> Iterator[Sign]:
        if self._written:
            by_order = (self._written[order] for order in (DMY, MDY, YMD))
            yield Sign(DateVoteKind.WRITTEN, DateWeight.PROOF, *by_order)
        if +self._beyond:
            by_number = self._beyond[DMY], self._beyond[MDY]
            yield Sign(DateVoteKind.NUMBERS, DateWeight.PROOF, *by_number)
        back = self._breaks
        if back[DMY] != back[MDY]:
            weight = DateWeight.WEAK if all(back.values()) else DateWeight.STRONG
            yield Sign(DateVoteKind.SEQUENCE, weight, back[MDY], back[DMY])

    def _by_form(self) -> Iterator[Sign]:
        """Dates with dots or dashes, the year last, and other forms of day before month."""
        plain = (re.sub(rf"[\s{INVISIBLE}]", "", found) for found in self._known)
        dotted = sum(_DOTTED.match(found) is not None for found in plain)
        if dotted and dotted == len(self._known):
            yield Sign(DateVoteKind.SEPARATOR, DateWeight.HABIT, dotted, 0)
        padded, short = self._form
        if self._clocks == {"small"} or (self._clocks == {"24"} and padded and not short):
            yield Sign(DateVoteKind.FORM, DateWeight.WEAK, len(self._known), 0)


def may_name_a_day(text: str) -> bool:
    """Whether a text may hold a file's name with a day; most hold none of its signs."""
    return any(hint in text for hint in _HINTS)


class _Attachments:
    """Dates in the names of attachments, against the two readings of their lines' dates.

    A file can be sent on days after the day of its name, never before it. So a name that is later
    than one reading excludes that reading; one that is earlier may have been forwarded.
    """

    def __init__(self) -> None:
        self._excluding: Counter[DateOrder] = Counter()
        self._equal: dict[DateOrder, set[date]] = {DMY: set(), MDY: set()}
        self._to_the_minute: Counter[DateOrder] = Counter()

    def add(self, days: dict[DateOrder, date], match: re.Match[str], time: str | None) -> None:
        """Take the name of a file on a line with these two readings."""
        made, at = _named_day(match)
        if made is None or len(set(days.values())) < len((DMY, MDY)):
            return
        for order, other in ((DMY, MDY), (MDY, DMY)):
            if made == days[order]:
                self._equal[order].add(made)
                self._excluding[order] += made > days[other]
                self._to_the_minute[order] += bool(at and time and at[:5] == time[:5])

    def signs(self) -> Iterator[Sign]:
        """What the names say: strong where a reading is excluded, or minutes or days agree."""
        sure = {o: self._excluding[o] + self._to_the_minute[o] for o in (DMY, MDY)}
        days = {order: len(found) for order, found in self._equal.items()}
        agreeing = not all(days.values()) and max(days.values()) >= _DIFFERENT_DAYS
        counts = sure if any(sure.values()) else days
        weight = DateWeight.STRONG if counts is sure or agreeing else DateWeight.WEAK
        if any(counts.values()):
            yield Sign(DateVoteKind.ATTACHMENTS, weight, counts[DMY], counts[MDY])


def _named_day(match: re.Match[str]) -> tuple[date | None, str | None]:
    """Day in a file's name, and the time where it has one."""
    digits = re.sub(r"\D", "", match["day"] or match["at"] or match["sent"] or match["shot"])
    try:
        day = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None, None
    return day, f"{digits[8:10]}:{digits[10:12]}" if match["at"] else None


def _days(read: Written) -> dict[DateOrder, date]:
    """The day in each order, of a date that can be read in both; else nothing."""
    found = {order: day for order in (DMY, MDY) if (day := iso(read, order))}
    return {o: date.fromisoformat(day) for o, day in found.items()} if len(found) > 1 else {}


@cache
def _orders(name: str) -> frozenset[str]:
    return frozenset(data_file(__package__, "catalogue", "orders.toml")[name])


class Reading(NamedTuple):
    """A date as it is read: the day, the order, and both days where a choice was made."""

    day: str | None
    order: DateOrder
    both: tuple[str, str] | None = None
    """Day first and month first, where no date of the file proves the order."""


def reading(found: str, evidence: OrderEvidence, order: DateOrder, *, given: bool) -> Reading:
    """Read a date of a file whose dates as a whole have ``order``; ``given`` from outside it."""
    read = written(found)
    if read is None or read.order:
        return (
            Reading(iso(read, read.order), read.order)
            if read and read.order
            else Reading(None, order)
        )
    both = {o: day for o in (DMY, MDY) if (day := iso(read, o))}
    days = set(both.values())
    if len(days) < len(both) or len(both) < len((DMY, MDY)):  # such as 5/5/2023, 31/5/2023, 0/0/0
        settled = next(iter(both)) if len(both) == 1 else order
        return Reading(next(iter(days), None), settled)
    is_open = evidence.contradictory or not evidence.is_proved
    pair = (both[DMY], both[MDY]) if is_open else None
    if given and order is YMD:
        return Reading(iso(read, order), order, pair)
    if order in both and (given or not evidence.contradictory):
        return Reading(both[order], order, pair)
    return Reading(None, DateOrder.AMBIGUOUS, pair)
