"""The catalogue of views: every list and every figure that a person can see is one file of SQL.

A file begins with a comment: its title, the question that it answers, and after an empty line, as
TOML, what its SQL does not say by itself. The rest is one whole SELECT that a reviewer can run
alone; its last clause, ``ORDER BY``, stands on a line of its own and names columns of the result,
so that what narrows a view goes between the two.

A table that no file lists has a view all the same: its row class says what to show.
"""

import re
import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

import msgspec

import clew.records  # noqa: F401 - declares every table
from clew.errors import UsageError, nearest
from clew.schema import Column, Kind, Row, columns, declared, kinds, tables
from clew.words import registers, sentences

FIGURES = "figures"
"""Folder of the views that count one figure of the report's first page, as ``value``."""
_ORDER = "\nORDER BY "
_NAMED = re.compile(r'\b(?:FROM|JOIN) "?(\w+)')


class Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What stands as TOML in the comment of a view."""

    of: tuple[str, ...] = ()
    """Tables that the view lists, where it does not bear the name of one."""
    times: tuple[str, ...] = ()
    """Columns of the first and the last moment of a row, where no other time counts."""
    first: tuple[str, ...] = ()
    """Columns that a person reads first; a terminal may have room for no others."""
    parameters: dict[str, Any] = {}
    """Parameters of the SQL, with the values that hold where none are given."""
    columns: dict[str, str] = {}
    """Types of the columns that the view computes, written as a row class writes them."""


class View(msgspec.Struct, frozen=True, kw_only=True):
    """A list or a figure that a person can see."""

    name: str
    title: str
    question: str
    sql: str
    header: Header = Header()

    def column(self, name: str) -> Column:
        """What a column of the result is: as the header says, or the tables that are read.

        Raises KeyError where neither tells, or the tables tell different things.
        """
        if name in self.header.columns:
            (found,) = declared({name: self.header.columns[name]}, _type_names())
            return found
        of = [column for row in self.reads for column in columns(row) if column.name == name]
        if (
            len({(c.kind if c.kind is not Kind.CHOICE else Kind.TERM, c.points_at) for c in of})
            != 1
        ):
            raise KeyError(f"{self.name}: the header must declare the type of {name}")
        return of[0]

    @property
    def likely(self) -> tuple[str, ...]:
        """Names that its columns have, by its text: no engine is asked, so there may be others."""
        of = [column.name for row in self.reads for column in columns(row)]
        words = set(re.findall(r"\w+", self.sql))
        named = (name for name in of if name in words or "*" in self.sql)
        return tuple(dict.fromkeys((*self.header.first, *self.header.columns, *named)))

    @property
    def reads(self) -> tuple[type[Row], ...]:
        """Row classes of the tables that the SQL names."""
        named = set(_NAMED.findall(self.sql))
        return tuple(row for table, row in tables().items() if table in named)

    @property
    def sentence(self) -> str:
        """Name of the sentence that says its rows in words; empty where there is none."""
        return next((name for name in self._own if name in sentences()), "")

    @property
    def register(self) -> str:
        """Register of the codes that its rows hold; empty where there is none."""
        return next((name for name in self._own if name in registers()), "")

    @property
    def _own(self) -> tuple[str, ...]:
        return (*self.header.of, self.name.replace("-", "_"))

    @property
    def order(self) -> str:
        """What the rows are ordered by; empty where there is one row."""
        return self.sql.rpartition(_ORDER)[2].strip() if _ORDER in self.sql else ""

    def query(self, *conditions: str, order: str = "", limit: int = 0, offset: int = 0) -> str:
        """The view's SQL, narrowed by conditions on its columns, and ``limit`` rows of it.

        Conditions come from ``among``, ``compared`` and ``between``, and ``order`` from ``by``,
        never from what a person wrote: values are parameters.
        """
        cut = f"\nLIMIT {int(limit)} OFFSET {int(offset)}" if limit else ""
        if not conditions and not order:
            return self.sql + cut
        orders = ", ".join(filter(None, (order, self.order)))
        ordered = _ORDER + orders if orders else ""
        return f"SELECT * FROM {self._narrowed(*conditions)}{ordered}{cut}"  # noqa: S608 - our own text

    def count(self, *conditions: str, beside: str = "") -> str:
        """SQL that counts the rows of the view, narrowed, as ``n``; ``beside`` stands before it."""
        return f"SELECT {beside}count(*) AS n FROM {self._narrowed(*conditions)}"  # noqa: S608 - our own text

    def _narrowed(self, *conditions: str) -> str:
        """The view without its order, as part of a query that keeps what the conditions name."""
        body = self.sql.rpartition(_ORDER)[0] or self.sql
        where = " AND ".join(f"({condition})" for condition in conditions)
        return f"(\n{body}\n)" + (f"\nWHERE {where}" if where else "")


def among(singles: Sequence[str], lists: Sequence[str], parameter: str) -> str:
    """Condition: one of these columns holds one of the values of a parameter."""
    return " OR ".join(
        [f'list_contains(${parameter}, "{name}")' for name in singles]
        + [f'list_has_any("{name}", ${parameter})' for name in lists]
    )


def compared(column: str, operator: str, parameter: str) -> str:
    """Condition: a column is greater or less than the value of a parameter."""
    return f'"{column}" {operator} ${parameter}'


def by(column: str, *, descending: bool) -> str:
    """Order by a column; rows without a value come last."""
    return f'"{column}" {"DESC" if descending else "ASC"} NULLS LAST'


def counts(of: Iterable[tuple[View, str]]) -> str:
    """SQL that counts the rows of views, each narrowed by a condition, by their position."""
    parts = (
        view.count(condition, beside=f"{number} AS position, ")
        for number, (view, condition) in enumerate(of)
    )
    return "\nUNION ALL\n".join(parts)


def between(times: tuple[str, ...], since: str, until: str) -> tuple[str, ...]:
    """Conditions: a row ends after one parameter and begins before another; either may be empty."""
    start, end = times
    found = (
        f'coalesce("{end}", "{start}") >= ${since}' if since else "",
        f'coalesce("{start}", "{end}") < ${until}' if until else "",
    )
    return tuple(filter(None, found))


@cache
def _type_names() -> dict[str, Any]:
    """What a header may name as the type of a column."""
    return vars(kinds) | {row.__name__: row for row in tables().values()}


@cache
def names(folder: str = "") -> tuple[str, ...]:
    """Names of the lists, or of the views of a folder, in their order."""
    return tuple(sorted(_catalogue(folder)))


def view(name: str) -> View:
    """One view, by its name or by that of a table that it lists."""
    folder, _, last = name.rpartition("/")
    known = _catalogue(folder)
    wanted = last if folder == FIGURES else last.replace("_", "-")
    if wanted in known:
        return known[wanted]
    table = last.replace("-", "_")
    if not folder and table in tables():
        return of_table(table)
    what = folder.removesuffix("s") or "list"
    raise UsageError(
        f"there is no {what} {last!r}",
        do=f"{nearest(wanted, known)}There are: {', '.join(known)}.",
    )


def of_table(table: str) -> View:
    """The view that lists a table."""
    known = _catalogue("")
    listed = (v for v in known.values() if table in v.header.of)
    return next(listed, None) or known[table.replace("_", "-")]


@cache
def _catalogue(folder: str) -> dict[str, View]:
    """Every view of a folder by its name; with the lists, one for each table that none lists."""
    home = resources.files("clew.views").joinpath(folder)
    files = sorted((f for f in home.iterdir() if f.name.endswith(".sql")), key=lambda f: f.name)
    found = {file.name.removesuffix(".sql"): _read(file, folder) for file in files}
    if not folder:
        listed = {table for v in found.values() for table in v.header.of}
        for table, row in sorted(tables().items()):
            name = table.replace("_", "-")
            if table not in listed and not table.startswith("doc_"):
                found.setdefault(name, whole(row))
    return found


def _read(file: Traversable, folder: str) -> View:
    """A view from its file."""
    lines = file.read_text("utf-8").splitlines()
    end = next(n for n, line in enumerate(lines) if not line.startswith("--"))
    comment = [line.removeprefix("--").strip() for line in lines[:end]]
    blank = comment.index("") if "" in comment else end
    name = file.name.removesuffix(".sql")
    return View(
        name=f"{folder}/{name}" if folder else name,
        title=comment[0],
        question=" ".join(comment[1:blank]),
        sql="\n".join(lines[end:]),
        header=msgspec.convert(tomllib.loads("\n".join(comment[blank:])), Header),
    )


@cache
def whole(row: type[Row]) -> View:
    """The view of a whole table: all its columns, in the order of its key."""
    name = row.table_name.replace("_", "-")
    order = ", ".join(f'"{column}"' for column in row.key or [c.name for c in columns(row)])
    return View(
        name=name,
        title=name.replace("-", " ").capitalize(),
        question=(row.__doc__ or "").partition("\n\n")[0].replace("\n", " ").strip(),
        sql=f'SELECT * FROM "{row.table_name}"{_ORDER}{order}',  # noqa: S608 - declared names
        header=Header(of=(row.table_name,)),
    )
