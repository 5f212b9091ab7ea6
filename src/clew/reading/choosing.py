"""Rows of a list that a person chooses by its columns: ``country=PT``, ``groups>=3``, ``path~IMG``.

Values are read by the type of the column. What is compared is what is shown: of a column that is
masked each different value is taken as the reader sees it, so that no answer follows from a value
that the reader may not see.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pyarrow as pa

from clew.errors import UsageError, nearest
from clew.evidence.describe import country_code
from clew.reading.facade import Reading
from clew.schema import Column, Kind
from clew.views import View, view
from clew.views.narrowing import Comparison, moment
from clew.words.characters import normal

_WRITTEN = re.compile(r"(\w+)\s*(!=|<=|>=|=|<|>|~)(.*)", re.DOTALL)
_NOTHING = "\x00"
"""Equal to no value of a table."""
_SHORTEST = 4
"""Characters by which the beginning of an identifier or a hash is known."""
_YES_NO = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
_EXAMPLE = "Write it as in: --where country=PT --where 'groups>=3' --where 'path~IMG'"


def comparisons(
    reading: Reading, name: str, written: Iterable[str], **parameters: Any
) -> tuple[Comparison, ...]:
    """Conditions as a person writes them; several of one column by ``=`` are one of these values.

    Raises UsageError where a condition is none, or the list has no such column.
    """
    listed, names = view(name), reading.columns(name, **parameters)
    found: dict[tuple[str, str, int], Comparison] = {}
    for number, text in enumerate(written):
        if not (parts := _WRITTEN.fullmatch(text.strip())):
            raise UsageError(f"{text!r} is no condition", do=_EXAMPLE)
        column = listed.column(known_column(parts[1], listed, names))
        means = _Meaning(reading, listed, column, parameters)
        one = means.comparison(parts[2], parts[3].strip())
        among = (column.name, one.operator, 0 if one.operator == "=" and one.values else number + 1)
        before = found.get(among)
        values = (*before.values, *one.values) if before else one.values
        found[among] = Comparison(column=column.name, operator=one.operator, values=values)
    return tuple(found.values())


def known_column(wanted: str, listed: View, names: Sequence[str]) -> str:
    """A column of a list by its name; UsageError with the nearest where there is none."""
    name = wanted.strip().replace("-", "_")
    if name in names:
        return name
    raise UsageError(
        f"{listed.name} has no column {wanted.strip()!r}",
        do=f"{nearest(name, names)}There are: {', '.join(names)}.",
    )


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """Which columns of a list are shown, in which order, how many rows, and times of which zone."""

    columns: tuple[str, ...] = ()
    order: str = ""
    """A column, with a minus before it for the greatest first."""
    limit: int = 0
    zone: ZoneInfo | None = None
    """Zone in which each time stands beside that in UTC."""

    def heads(self, listed: View, names: Sequence[str]) -> tuple[str, ...]:
        """Names of the columns, given those of the list."""
        return tuple(h for name in self.columns or names for h in self._of(listed, name, names))

    def row(self, row: dict[str, Any], heads: Sequence[str]) -> dict[str, Any]:
        """What is shown of a row, under these heads."""
        return {head: row[head] if head in row else self._local(row, head) for head in heads}

    def _of(self, listed: View, name: str, names: Sequence[str]) -> Iterator[str]:
        yield name
        if self.zone and name != "reason" and name in names:
            try:
                kind = listed.column(name).kind
            except KeyError:
                return
            if kind is Kind.TIME:
                yield f"{name} ({self.zone.key})"

    def _local(self, row: dict[str, Any], head: str) -> str | None:
        value = row.get(head.partition(" (")[0])
        if not (self.zone and isinstance(value, datetime)):
            return None
        local = value.astimezone(self.zone)
        return f"{local:%Y-%m-%d %H:%M:%S %z}"


class _Meaning:
    """What a condition on one column means."""

    def __init__(
        self, reading: Reading, listed: View, column: Column, parameters: Mapping[str, Any]
    ) -> None:
        self._reading, self._listed, self._column = reading, listed, column
        self._parameters = parameters
        kind = column.arrow_type
        self._type = kind.value_type if pa.types.is_list(kind) else kind

    def comparison(self, how: str, text: str) -> Comparison:
        """A condition with its values."""
        name = self._column.name
        if how in ("=", "!=") and not text:
            return Comparison(column=name, operator=how)
        if how in ("=", "!=", "~") and pa.types.is_string(self._type):
            test = _contains if how == "~" else self._same
            values = self._shown_as(lambda shown: test(shown, self._text(text)))
            return Comparison(column=name, operator="!=" if how == "!=" else "=",
                              values=values or (_NOTHING,))  # fmt: skip
        if how == "~" or (how not in ("=", "!=") and not self._is_ordered):
            raise UsageError(
                f"{name} can't be compared by {how}", do="Use = or !=, and ~ for a part of a text."
            )
        return Comparison(column=name, operator=how, values=(self._value(text),))

    @property
    def _is_ordered(self) -> bool:
        whole = self._type == self._column.arrow_type
        return whole and not self._reading.hides(self._column)

    def _shown_as(self, test: Callable[[str], bool]) -> tuple[Any, ...]:
        """Values of the column that are shown so."""
        every = self._reading.distinct(self._listed.name, self._column.name, **self._parameters)
        return tuple(dict.fromkeys(v for v, shown in every if v is not None and test(str(shown))))

    def _same(self, shown: str, wanted: str) -> bool:
        """Whether a value is the one that is meant; identifiers are known by their beginning."""
        shown, wanted = shown.casefold(), wanted.casefold()
        begins = self._column.kind in (Kind.ID, Kind.HASH) and len(wanted) >= _SHORTEST
        return shown == wanted or (begins and shown.startswith(wanted))

    def _text(self, text: str) -> str:
        if self._column.kind is Kind.COUNTRY:
            return country_code(text)
        allowed = self._column.allowed
        if allowed and text not in allowed:
            near = nearest(text, allowed)
            raise UsageError(
                f"{self._column.name} is never {text!r}",
                do=f"{near}It is one of: {', '.join(allowed)}.",
            )
        return text

    def _value(self, text: str) -> Any:
        """A value of the column's type."""
        if self._reading.hides(self._column):
            raise UsageError(
                f"{self._column.name} is masked, so it can't be compared",
                do="Compare what is shown, or unmask with --unmask --reason REASON.",
            )
        if pa.types.is_timestamp(self._type):
            return moment(text, f"--where {self._column.name}")
        try:
            if pa.types.is_boolean(self._type):
                return _YES_NO[text.lower()]
            return int(text) if pa.types.is_integer(self._type) else float(text)
        except (ValueError, KeyError) as error:
            raise UsageError(
                f"{self._column.name} holds {self._type}, and {text!r} is none", do=_EXAMPLE
            ) from error


def _contains(shown: str, wanted: str) -> bool:
    return normal(wanted) in normal(shown)
