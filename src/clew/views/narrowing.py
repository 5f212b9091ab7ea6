"""What narrows a view: whom, which group and which time, by the types of its columns.

A view says nothing of it: whatever has a column of persons can be narrowed to a person.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import msgspec
import pyarrow as pa

from clew.errors import UsageError
from clew.records import Account, Chat, Exhibit, Person
from clew.schema import Column, Kind, Row
from clew.views import View, among, between, compared

_POINTS: Mapping[str, tuple[type[Row], ...]] = {
    "person": (Person, Account), "group": (Chat,), "exhibit": (Exhibit,), "country": (),
}  # fmt: skip


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """What a column of each row has to be."""

    column: str
    operator: str
    """One of ``=``, ``!=``, ``<``, ``<=``, ``>``, ``>=``."""
    values: tuple[Any, ...] = ()
    """Any of these; none stands for rows that have no value."""

    def condition(self, column: Column, parameter: str) -> str:
        """Condition on the column, whose values a parameter holds."""
        if self.operator not in ("=", "!="):
            return compared(column.name, self.operator, parameter)
        found = _any_of(column, parameter) if self.values else _empty(column)
        return found if self.operator == "=" else f"NOT coalesce({found}, false)"

    @property
    def value(self) -> Any:
        """The value of the parameter."""
        return list(self.values) if self.operator in ("=", "!=") else self.values[0]


class Narrowing(msgspec.Struct, frozen=True, kw_only=True):
    """Whom, which group and which time a view is narrowed to; nothing by default."""

    person: tuple[str, ...] = ()
    """A person's id and those of their accounts."""
    group: tuple[str, ...] = ()
    """Ids of a group."""
    exhibit: tuple[str, ...] = ()
    """Ids of exhibits that show a row."""
    country: tuple[str, ...] = ()
    """Countries that a row names, by their codes."""
    values: Mapping[str, tuple[str, ...]] = {}
    """Values of columns by their names."""
    compared: tuple[Comparison, ...] = ()
    """What columns have to be, all of it."""
    since: datetime | None = None
    until: datetime | None = None
    """The moment before which a row begins."""

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in self.__struct_fields__)

    @property
    def named(self) -> dict[str, tuple[str, ...]]:
        """Whom and what it is narrowed to, by kind."""
        return {name: ids for name in _POINTS if (ids := getattr(self, name))}

    def conditions(
        self, view: View, names: Iterable[str], prefix: str = ""
    ) -> tuple[tuple[str, ...], dict[str, Any]]:
        """Conditions on the columns of a view that have these names, and their parameters.

        ``prefix`` begins the names of the parameters, where a view is narrowed twice.

        Raises UsageError where no column of the view holds what is asked for.
        """
        columns = [view.column(name) for name in names]
        asked: dict[str, Any] = {}
        conditions: list[str] = []
        for name, ids in self.named.items():
            found = [c for c in columns if _holds(c, name)]
            conditions.append(_among(found, prefix + name) or _refused(view, name))
            asked[prefix + name] = list(ids)
        for name, values in self.values.items():
            conditions.append(_among([c for c in columns if c.name == name], prefix + name))
            asked[prefix + name] = list(values)
        for number, one in enumerate(self.compared):
            (column,) = (c for c in columns if c.name == one.column)
            parameter = f"{prefix}compared_{number}"
            conditions.append(one.condition(column, parameter))
            if one.values:
                asked[parameter] = one.value
        if self.since or self.until:
            times = view.header.times or _times(view, columns)
            ends = {"since": self.since, "until": self.until}
            since, until = (prefix + name if at else "" for name, at in ends.items())
            conditions += between(times, since, until)
            asked |= {prefix + name: at for name, at in ends.items() if at}
        return tuple(conditions), asked


def moment(text: str, option: str, *, end: bool = False) -> datetime:
    """A day or a moment in UTC; of a day that ends something, the midnight after it."""
    try:
        if len(text) == len("2024-05-17"):
            day = date.fromisoformat(text) + timedelta(days=end)
            return datetime.combine(day, time(), UTC)
        found = datetime.fromisoformat(text)
    except (ValueError, OverflowError) as error:
        raise UsageError(
            f"{option} {text!r} is no date or time ({error})",
            do="Write 2024-05-17, or 2024-05-17T14:30:00Z for a moment.",
        ) from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _holds(column: Column, what: str) -> bool:
    """Whether a column holds ids of a person, a group or an exhibit, or countries."""
    if what == "country":
        return column.kind is Kind.COUNTRY
    return column.kind is Kind.ID and bool(set(_POINTS[what]) & set(column.points_at))


def _among(found: Iterable[Column], parameter: str) -> str:
    many = {c.name: pa.types.is_list(c.arrow_type) for c in found}
    return among([n for n in many if not many[n]], [n for n in many if many[n]], parameter)


def _any_of(column: Column, parameter: str) -> str:
    """Condition: a column has one of many values."""
    if pa.types.is_list(column.arrow_type):
        return among([], [column.name], parameter)
    return f'"{column.name}" IN (SELECT unnest(${parameter}))'


def _empty(column: Column) -> str:
    """Condition: a row has no value in a column."""
    if pa.types.is_list(column.arrow_type):
        return f'coalesce(len("{column.name}"), 0) = 0'
    return f'"{column.name}" IS NULL'


def _times(view: View, columns: Iterable[Column]) -> tuple[str, str]:
    """The first column that holds a time, as beginning and end."""
    found = next((c.name for c in columns if c.kind is Kind.TIME), None) or _refused(view, "time")
    return found, found


def _refused(view: View, what: str) -> str:
    raise UsageError(
        f"{view.name} has no column of a {what}, so it can't be narrowed that way",
        do="Ask, for instance: clew show CASE timeline --since 2025-03-01",
    )
