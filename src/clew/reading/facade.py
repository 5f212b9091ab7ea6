"""The one way in which a person gets rows of a case.

A reading is logged when it begins, before there is a row, and what it may show ends with it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Self

import msgspec

from clew import views
from clew.casefile import Case
from clew.casefile.chronicle import READ
from clew.casefile.disclosure import Disclosure, purpose_logged
from clew.casefile.earlier import made_earlier
from clew.casefile.engine import Engine, EngineError
from clew.casefile.masking import OPEN_KINDS, PERSONAL, Masking
from clew.errors import EvidenceError, MachineError, UsageError
from clew.reading.masked import MaskedRelations
from clew.reading.resolve import resolve, shortened
from clew.reading.statement import Statement
from clew.schema import Column, Kind, tables
from clew.views import View
from clew.views.narrowing import Narrowing

Row = dict[str, Any]


_ABOUT_SQL = ("BinderException", "CatalogException", "ParserException", "SyntaxException")
"""Errors that speak of the query and of no value."""
_PAGE_ROWS = 2000
"""Rows of a stream that are in memory at once."""
_NO_VALUE = "a value is not of the kind that the query takes it for, or out of its range"


class Masked(str):
    """A value of a masked reading: it prints as it is shown, and is compared as it is."""

    __slots__ = ("real",)
    real: str

    def __new__(cls, shown: str, real: str) -> Self:
        """A value that is shown otherwise than it is."""
        made = super().__new__(cls, shown)
        made.real = real
        return made

    def __eq__(self, other: object) -> bool:
        return self.real == getattr(other, "real", other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self.real)


class Page(msgspec.Struct, frozen=True):
    """Rows of a view as they are shown, and how many there are in all."""

    rows: list[Row]
    total: int


class Stream(msgspec.Struct, frozen=True):
    """Rows of a view as they are shown, some at a time, under the names of its columns."""

    columns: tuple[str, ...]
    pages: Iterator[list[Row]]


@contextlib.contextmanager
def disclose(case: Case, disclosure: Disclosure) -> Iterator[Reading]:
    """Log a reading and open it; where it can't be logged nothing is shown."""
    reading = Reading(case, disclosure)
    reading.log()
    try:
        yield reading
    finally:
        reading.close()


class Reading:
    """One reading of a case, by one disclosure."""

    def __init__(self, case: Case, disclosure: Disclosure) -> None:
        self.case = case
        self.disclosure = disclosure
        self.unlogged = ""
        """Why the log does not have it; empty where it does."""
        self._open = contextlib.ExitStack()

    @property
    def masked(self) -> bool:
        """People are shown by pseudonyms."""
        return self.disclosure.masked

    @cached_property
    def masking(self) -> Masking:
        """Pseudonyms of this case."""
        return self.case.masking()

    @cached_property
    def purpose(self) -> str:
        """Why, as it stands in the log: whom it names is masked."""
        return purpose_logged(self.case, self.disclosure.purpose)

    def log(self) -> None:
        """Log who reads what, why, and on what legal basis; whom it is about is sealed.

        Unmasking is signed.
        """
        asked = self.disclosure
        scope = dict(asked.scope.named)
        named = {name: scope.pop(name, ()) for name in ("person", "group")}
        whom: dict[str, object] = {
            name: list(ids) for name, ids in {**named, "about": asked.about}.items() if ids
        }
        detail: dict[str, object] = {
            "what": asked.what,
            "masked": asked.masked,
            "places": asked.places,
            "purpose": self.purpose,
            "legal_basis": asked.legal_basis or self.case.config.authority,
        }
        if scope:
            detail["scope"] = {name: list(ids) for name, ids in scope.items()}
        try:
            self.case.custody.append_sealed(READ, whom, signs=not asked.masked, **detail)
        except (EvidenceError, MachineError) as error:
            if not asked.names_nobody:
                raise
            self.unlogged = str(error)

    def close(self) -> None:
        """End the reading: what it could show is gone with it."""
        self._open.close()
        for name in ("_tables", "_relations"):
            self.__dict__.pop(name, None)

    def rows(self, sql: str, **parameters: Any) -> list[Row]:
        """Rows of a query of Clew's own, as they are: whoever shows them masks them.

        Places are withheld unless they are asked for. A query can't be kept within a scope.
        """
        if self.disclosure.scope:
            raise UsageError(
                "this can't be kept within the scope of the reading; nothing was shown",
                do="Ask for a list: clew show CASE LIST --exhibit ES-01",
            )
        return self._rows(sql, **parameters)

    def _rows(self, sql: str, **parameters: Any) -> list[Row]:
        return self._tables.query(sql, **parameters).to_pylist()  # type: ignore[no-any-return]

    def view(
        self, name: str, narrowing: Narrowing | None = None, *, limit: int = 0, order: str = "",
        **parameters: Any,
    ) -> Page:  # fmt: skip
        """Rows of a list of the catalogue, narrowed and cut, as they are shown.

        ``order`` is a column, with a minus before it for the greatest first. What a masked reader
        is not shown decides no order: such a column is sorted as it is shown.
        """
        wanted = views.view(name)
        conditions, asked = self._asked(wanted, narrowing, parameters)
        column, descending = order.removeprefix("-"), order.startswith("-")
        if column and self.hides(wanted.column(column)):
            rows = self._shown_of(wanted, self._rows(wanted.query(*conditions), **asked))
            rows = sorted(rows, key=lambda row: str(row[column] or ""), reverse=descending)
            return Page(rows[: limit or None], len(rows))
        first = views.by(column, descending=descending) if column else ""
        rows = self._rows(wanted.query(*conditions, order=first, limit=limit), **asked)
        total = len(rows)
        if limit and total == limit:
            (every,) = self._rows(wanted.count(*conditions), **asked)
            total = every["n"]
        return Page(self._shown_of(wanted, rows), total)

    def _shown_of(self, wanted: View, rows: list[Row]) -> list[Row]:
        """Rows of a view as they are shown."""
        types = {name: wanted.column(name) for name in rows[0]} if rows and self.masked else {}
        return self.shown(rows, types)

    def hides(self, column: Column) -> bool:
        """Whether this reading shows something else than the values of a column."""
        names_nobody = column.kind is Kind.ID and not PERSONAL & {*column.points_at}
        return self.masked and column.kind not in OPEN_KINDS and not names_nobody

    def columns(self, name: str, **parameters: Any) -> tuple[str, ...]:
        """Names of the columns of a list of the catalogue."""
        wanted = views.view(name)
        return tuple(self._names(wanted, wanted.header.parameters | parameters))

    def distinct(self, name: str, column: str, **parameters: Any) -> list[tuple[Any, Any]]:
        """Each different value of a column of a list, as it is and as it is shown.

        Of a column of several values, each of them.
        """
        wanted = views.view(name)
        values = {**wanted.header.parameters, **parameters}
        names = [n for n in self._names(wanted, values) if n != column]
        beside = [n for n in names if wanted.column(n).kind is Kind.PERSON_NAME]
        listed = ", ".join(f'"{n}"' for n in (column, *beside))
        sql = f"SELECT DISTINCT {listed} FROM ({wanted.sql})"  # noqa: S608 - names of our own columns
        rows = self._rows(sql, **values)
        pairs = zip(rows, self._shown_of(wanted, rows), strict=True)
        return [both for row, shown in pairs for both in _each(row[column], shown[column])]

    def stream(
        self, name: str, narrowing: Narrowing | None = None, *, order: str = "", **parameters: Any
    ) -> Stream:  # fmt: skip
        """A whole list of the catalogue, narrowed, as it is shown, in memory that is bounded.

        Nothing else may be asked of the reading until the last row is taken.
        """
        wanted = views.view(name)
        conditions, asked = self._asked(wanted, narrowing, parameters)
        names = self.columns(name, **parameters)
        column = order.removeprefix("-")
        if column and self.hides(wanted.column(column)):
            return Stream(names, iter([self.view(name, narrowing, order=order, **parameters).rows]))
        types = {name: wanted.column(name) for name in names} if self.masked else {}
        first = views.by(column, descending=order.startswith("-")) if column else ""
        found = self._tables.batches(wanted.query(*conditions, order=first), **asked)
        pages = (
            self.shown(batch.slice(at, _PAGE_ROWS).to_pylist(), types)
            for batch in found
            for at in range(0, batch.num_rows, _PAGE_ROWS)
        )
        return Stream(names, pages)

    def _asked(
        self, wanted: View, narrowing: Narrowing | None, parameters: Mapping[str, Any]
    ) -> tuple[tuple[str, ...], dict[str, Any]]:
        """Conditions that keep a list within the scope and narrow it, and every parameter."""
        values = {**wanted.header.parameters, **parameters}
        conditions: tuple[str, ...] = ()
        asked = dict(values)
        for prefix, one in (("scope_", self.disclosure.scope), ("", narrowing)):
            if one:
                found, given = one.conditions(wanted, self._names(wanted, values), prefix)
                conditions += found
                asked |= given
        return conditions, asked

    def printed(self, name: str, *, limit: int = 0, **parameters: Any) -> list[Row]:
        """Rows of a list of the catalogue that print as they are shown, and are compared as is."""
        wanted = views.view(name)
        asked = {n: _real(value) for n, value in (wanted.header.parameters | parameters).items()}
        return self.as_printed(name, self.rows(wanted.query(limit=limit), **asked))

    def as_printed(self, name: str, rows: Sequence[Row]) -> list[Row]:
        """Rows of a list, as they came from its query, so that they print as they are shown."""
        types = {n: views.view(name).column(n) for n in rows[0]} if rows and self.masked else {}
        return [
            {n: _printed(value, row[n]) for n, value in shown.items()}
            for row, shown in zip(rows, self.shown(rows, types), strict=True)
        ]

    def query(self, sql: str) -> list[Row]:
        """Rows of a reader's own query: of a masked reader's over masked relations."""
        try:
            if not self.masked or self.disclosure.scope:
                Statement(sql)
                return self.rows(sql)
            return self._relations.query(sql)
        except EngineError as error:
            if earlier := made_earlier(self.case, sql):
                raise earlier from None
            plain = not self.masked or type(error).__name__ in _ABOUT_SQL
            said = str(error).splitlines()[0] if plain else _NO_VALUE
            raise UsageError(
                f"the query can't be answered: {said}",
                do="See the tables with: clew steps, and their columns in docs/tables.md.",
            ) from None

    def found(self, sql: str) -> list[Row]:
        """Events that a search finds in texts as they are shown; a list keeps them in the scope."""
        return self._relations.query(sql) if self.masked else self._rows(sql)

    def shown(self, rows: Sequence[Row], types: Mapping[str, Column]) -> list[Row]:
        """Rows as they are shown, each value masked as the type of its column asks."""
        if not self.masked:
            return list(rows)
        named = [name for name, column in types.items() if column.kind is Kind.PERSON_NAME]
        return [
            {
                name: self.mask(types[name], _nameless(value, row, named, types[name]))
                for name, value in row.items()
            }
            for row in rows
        ]

    def mask(self, column: Column, value: Any) -> Any:
        """What is shown of a value of this column."""
        if not self.masked:
            return value
        return self.masking.value(column, value, places=self.disclosure.places)

    def text(self, text: str) -> str:
        """What is shown of a text that is in no column."""
        return self.masking.text(text) if self.masked else text

    def resolve(self, wanted: str) -> str:
        """The identifier that a pseudonym or the beginning of an identifier stands for."""
        return resolve(self.case, wanted, masked=self.masked)

    def short(self, values: Sequence[str]) -> dict[str, str]:
        """Beginnings of identifiers that stand for them in this case, to be copied."""
        return shortened(self.case, values)

    def _names(self, wanted: View, values: dict[str, Any]) -> Sequence[str]:
        """Names of a view's columns."""
        names: Sequence[str] = self._tables.query(wanted.query(limit=1), **values).column_names
        return names

    @cached_property
    def _relations(self) -> MaskedRelations:
        """What a masked reader's own queries run on."""
        relations = MaskedRelations(self.case, self.masking, places=self.disclosure.places)
        return self._open.enter_context(contextlib.closing(relations))

    @cached_property
    def _tables(self) -> Engine:
        """The tables as this reading may see them: with places where they are asked for."""
        if not self.disclosure.places:
            return self.case.engine
        engine = self._open.enter_context(contextlib.closing(self.case.open_engine()))
        self.case.show_tables(engine, tables().values(), places=True)
        return engine


def _nameless(value: Any, row: Row, named: Sequence[str], column: Column) -> Any:
    """A text without the names that its row has, of which the case need not know the persons."""
    if column.kind is not Kind.FREE_TEXT or not isinstance(value, str):
        return value
    names = [name for column in named for name in _several(row[column])]
    for name in sorted(names, key=len, reverse=True):
        value = value.replace(name, "[name]")
    return value


def _printed(shown: Any, real: Any) -> Any:
    """A value as it is shown, that knows what it is."""
    if isinstance(shown, list):
        return [_printed(one, other) for one, other in zip(shown, real, strict=True)]
    return Masked(shown, real) if isinstance(shown, str) and shown != real else shown


def _each(value: Any, shown: Any) -> Iterator[tuple[Any, Any]]:
    """A value with what is shown of it; of several, each with its own."""
    if isinstance(value, list):
        yield from zip(value, shown, strict=True)
    else:
        yield value, shown


def _real(value: Any) -> Any:
    return [_real(v) for v in value] if isinstance(value, list) else getattr(value, "real", value)


def _several(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value] if value else []
