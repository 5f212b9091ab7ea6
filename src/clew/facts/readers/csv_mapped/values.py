"""Values of cells: times, numbers, words, accounts; nothing is guessed."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pyarrow as pa

from clew.facts.exports import e164
from clew.facts.mapping import Cell, Mapping
from clew.facts.source_columns import Address
from clew.records import IdType
from clew.schema import Column, Id
from clew.words.reasons import Unreadable

_KINDS = {IdType.PHONE: "pn", IdType.USER_ID: "user"}
_TRUTHS = {**dict.fromkeys(("true", "yes", "1", "y", "t"), True),
           **dict.fromkeys(("false", "no", "0", "n", "f"), False)}  # fmt: skip
_LATEST = 1 << 45


class Odd(Unreadable):
    """A cell that can't be read; its code follows ``cell:`` in the register."""


class Moment(NamedTuple):
    """A time as an instant, or as local time where no zone is known."""

    at: datetime | None = None
    local: str | None = None


class Times:
    """Times as a mapping says that they are written."""

    def __init__(self, mapping: Mapping) -> None:
        self._zone = ZoneInfo(mapping.time_zone) if mapping.time_zone else None
        self._readers = [_time_reader(form) for form in mapping.dates]
        self.read = lru_cache(4096)(self._read)

    def _read(self, text: str) -> Moment:
        """The time; ``Odd`` where no form fits, or two forms fit and differ."""
        found = {f for read in self._readers if (f := read(text)) is not None}
        if not found:
            raise Odd("time", value=text)
        if len(found) > 1:
            raise Odd("time_ambiguous", value=text)
        return self._in_zone(found.pop(), text)

    def _in_zone(self, found: datetime, text: str) -> Moment:
        try:
            if found.tzinfo is not None:
                return Moment(found.astimezone(UTC))
            if self._zone is None:
                return Moment(None, found.isoformat())
            early, late = (found.replace(tzinfo=self._zone, fold=n) for n in (0, 1))
            if early.utcoffset() != late.utcoffset():
                raise Odd("time_not_once", value=text)
            return Moment(early.astimezone(UTC))
        except OverflowError as error:
            raise Odd("time", value=text) from error


def _of_numbers(form: str) -> Callable[[str], datetime] | None:
    """A quicker ``strptime`` for a form of nothing but whole numbers and a whole year."""
    names = re.findall("%(.)", form)
    if not set(names) <= set(_NUMBERS) or len(set(names)) != len(names) or "Y" not in names:
        return None
    parts = re.split("%.", form)
    groups = [f"(?P<{name}>{_NUMBERS[name]})" for name in names]
    pattern = re.compile("".join(
        re.escape(part) + group for part, group in zip(parts, [*groups, ""], strict=True)
    ), re.ASCII)  # fmt: skip
    positions = [names.index(name) if name in names else None for name in "YmdHMS"]
    absent = (1, 1, 1, 0, 0, 0)

    def read(text: str) -> datetime:
        match = pattern.fullmatch(text)
        if match is None:
            raise ValueError(text)
        found = match.groups()
        at = [n if p is None else int(found[p]) for p, n in zip(positions, absent, strict=True)]
        year, month, day, hour, minute, second = at
        return datetime(year, month, day, hour, minute, second)

    return read


_NUMBERS = {"Y": r"\d{4}", **dict.fromkeys("mdHMS", r"\d{1,2}")}


def _time_reader(form: str) -> Callable[[str], datetime | None]:
    def number(text: str, scale: int) -> datetime | None:
        if not re.fullmatch(r"-?\d{1,15}(?:\.\d{1,9})?", text) or abs(float(text)) > _LATEST:
            return None
        return datetime.fromtimestamp(float(text) / scale, UTC)

    quick = _of_numbers(form)

    def read(text: str) -> datetime | None:
        try:
            if form.startswith("unix"):
                return number(text, 1000 if form == "unix_ms" else 1)
            if form == "iso":
                return datetime.fromisoformat(text)
            if quick is not None:
                return quick(text)
            return datetime.strptime(text, form)
        except (ValueError, OverflowError, OSError):
            return None

    return read


def account(mapping: Mapping, id_type: str | None, text: str, scope: str) -> Address:
    """An account, as other readers of the same platform name it."""
    kind, number, named = IdType(id_type or IdType.LABEL), None, text
    if kind is IdType.PHONE:
        number, named = e164(text), re.sub(r"\D", "", text)
        if not named:
            raise Odd("account", value=text)
    if kind is IdType.LABEL:
        named = f"{scope}:{text}"
    return Address(
        Id(f"{mapping.platform}:{_KINDS.get(kind, kind.value)}:{named}"), kind, text, number
    )


def plain(column: Column, cell: Cell, text: str) -> Any:
    """Value of a cell for a column that holds no time and no account."""
    if cell.split is not None:
        return tuple(filter(None, map(str.strip, text.split(cell.split))))
    if column.arrow_type == pa.int64():
        if not re.fullmatch(r"[+-]?\d{1,18}", text.strip()):
            raise Odd("number", value=text)
        return int(text)
    if column.arrow_type == pa.bool_():
        return _truth(text)
    if column.allowed and text not in column.allowed:
        raise Odd("word", value=text)
    if column.pattern and not re.fullmatch(column.pattern, text.lower()):
        raise Odd("pattern", value=text)
    if column.arrow_type.num_fields:
        return (text,)
    return text.lower() if column.pattern else text


def _truth(text: str) -> bool:
    if (word := text.strip().casefold()) not in _TRUTHS:
        raise Odd("truth", value=text)
    return _TRUTHS[word]
