"""A model of a report: its fields, the models within, its times, and what the tool says of it."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from typing import NamedTuple

from clew.facts.reader_api import data_file
from clew.records import DateOrder, TimePrecision

CODES: dict[str, dict[str, str]] = data_file(__package__, "codes.toml")
"""Words of a report, and what they stand for, by what they are said of."""
LIVE_STATES = frozenset({None, "", "Intact", "Unknown"})
"""States of a record that the tool found in the live data; any other word is not live."""
_LOCATOR = (
    ("deleted_state", "state"),
    ("decoding_confidence", "confidence"),
    ("source_index", "source"),
    ("extractionId", "extraction"),
)
_OLD_TIME = re.compile(
    r"(?P<date>\d{1,4}[./-]\d{1,2}[./-]\d{1,4})[ T,]+"
    r"(?P<time>\d{1,2}:\d{2}(?::\d{2})?(?:\.\d{1,6})?)"
    r"(?: ?(?P<half>[AaPp])\.?[Mm]\.?)? ?(?:\((?:UTC|GMT)(?P<zone>[+-]\d{1,2}(?::?\d{2})?)?\)"
    r"|(?P<bare>[+-]\d{2}:?\d{2}))?"
)
_EARLIEST = 1971
"""Years before are how the tool says that there is no time."""
_HALF = 12


class Time(NamedTuple):
    """A time as the report gives it."""

    at: datetime | None = None
    local: str | None = None
    text: str | None = None
    """As found, where it is not an instant."""
    precision: TimePrecision | None = None
    order: DateOrder | None = None


class Model:
    """A model of a report: what its fields say, and what the tool says of it."""

    __slots__ = ("element", "fields")

    def __init__(self, element: ET.Element) -> None:
        self.element = element
        self.fields = {field.get("name", ""): field for field in element}
        if len(self.fields) < len(element):  # of two with one name the first that holds something
            full = [f for f in reversed(element) if any(v.text or len(v) for v in f)]
            self.fields |= {field.get("name", ""): field for field in full}

    @property
    def kind(self) -> str:
        """Type of the model."""
        return self.element.get("type") or "model"

    @property
    def is_live(self) -> bool:
        """Whether the tool found the record in the live data, and not among what was deleted."""
        return self.element.get("deleted_state") in LIVE_STATES

    @property
    def name(self) -> str:
        """Name of the model within the report: its id, which the report's viewer finds."""
        return f"model:{self.element.get('id') or 'without-id'}"

    @property
    def locator(self) -> str:
        """Where the model stands, and what the tool says of it.

        ``model:<id>;state=Intact;confidence=High;source=28775;extraction=2``
        """
        where, said = self.name, self.element.attrib
        for name, short in _LOCATOR:
            if value := said.get(name):
                where += f";{short}={value}"
        return where

    def text(self, name: str) -> str | None:
        """Value of a field; None where it is empty."""
        field = self.fields.get(name)
        return None if field is None or not len(field) else field[0].text or None

    def models(self, *names: str) -> list[Model]:
        """Models in some fields."""
        found: list[Model] = []
        for name in names:
            if (field := self.fields.get(name)) is not None:
                found += [Model(child) for child in field if child.get("type") is not None]
        return found

    def is_true(self, name: str) -> bool:
        """Whether a field says True."""
        return self.text(name) in ("True", "true")

    def time(self, name: str) -> Time:
        """Time in a field."""
        text = self.text(name)
        return Time() if text is None else read_time(text)


def read_time(text: str) -> Time:
    """An instant where the text gives its zone, local time where not, the bare text otherwise."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return _old_time(text)
    return _settled(found, text)


def _settled(found: datetime, text: str) -> Time:
    if found.year < _EARLIEST:
        return Time()
    precision = TimePrecision.MILLISECOND if found.microsecond else TimePrecision.SECOND
    if found.tzinfo is None:
        return Time(None, found.isoformat(), text, precision, DateOrder.YMD)
    try:
        return Time(found.astimezone(UTC), None, None, precision)
    except OverflowError:
        return Time(text=text)


def _old_time(text: str) -> Time:
    """A time as older reports write it: ``2016-03-04 05:06:07(UTC+1)``, ``25/12/2016 …``."""
    match = _OLD_TIME.fullmatch(text.strip())
    if match is None:
        return Time(text=text)
    numbers = [int(n) for n in re.split(r"[./-]", match["date"])]
    order = _order(match["date"], numbers)
    if order is DateOrder.AMBIGUOUS:
        return Time(text=text, order=order)
    year, month, day = (numbers["YMD".index(c)] if order is DateOrder.YMD else
                        numbers[order.value.index(c)] for c in "YMD")  # fmt: skip
    written = f"{year:04}-{month:02}-{day:02}T{_clock(match)}{_zone(match)}"
    try:
        return _settled(datetime.fromisoformat(written), text)._replace(order=order)
    except ValueError:
        return Time(text=text)


def _order(date: str, numbers: list[int]) -> DateOrder:
    """Order of day, month and year in one date; nothing else is taken as a hint."""
    if len(re.split(r"[./-]", date)[0]) == 4:  # digits of a year
        return DateOrder.YMD
    first, second, _ = numbers
    if first > _HALF >= second or first == second:
        return DateOrder.DMY
    return DateOrder.MDY if second > _HALF >= first else DateOrder.AMBIGUOUS


def _clock(match: re.Match[str]) -> str:
    hour, _, rest = match["time"].partition(":")
    number = int(hour)
    if match["half"]:
        number = number % _HALF + (_HALF if match["half"] in "Pp" else 0)
    return f"{number:02}:{rest}"


def _zone(match: re.Match[str]) -> str:
    """Offset as ISO 8601 writes it; ``(UTC)`` alone is none."""
    found = match["zone"] or match["bare"]
    if found is None:
        return "+00:00" if match.group().rstrip().endswith(")") else ""
    return found[0] + found[1:].zfill(2)
