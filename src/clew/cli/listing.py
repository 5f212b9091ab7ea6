"""The options of every list: which rows and columns, in which order, and where they go."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from clew.cli import completing
from clew.cli.leaving import leaving
from clew.cli.output import Asked, how_many, say, screen_width_of, write_json, write_rows
from clew.cli.tables import types_of

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from clew.casefile import Case
    from clew.reading import Reading
    from clew.reading.choosing import Choice
    from clew.schema import Column
    from clew.views import View
    from clew.views.narrowing import Narrowing

LIMIT = 50
"""Rows that a terminal shows unless more are asked for."""
_OPTIONS: tuple[tuple[tuple[str, ...], dict[str, Any]], ...] = (
    (("--where", "where"), {"multiple": True, "metavar": "COLUMN=VALUE",
     "shell_complete": completing.conditions, "help":
     "Rows of which this holds: = != < <= > >=, or ~ for a part of a text; can be repeated."}),
    (("--sort",), {"metavar": "[-]COLUMN", "shell_complete": completing.columns,
     "help": "Order by a column; -COLUMN: greatest first."}),
    (("--columns",), {"metavar": "A,B", "shell_complete": completing.columns,
     "help": "These columns alone, in this order."}),
    (("--limit",), {"type": click.IntRange(0), "help":
     f"Rows shown; 0 for all.  [default: {LIMIT}, of a file all]"}),
    (("--wide",), {"is_flag": True, "help": "Every column in full, however wide the lines."}),
    (("--tz",), {"metavar": "ZONE", "shell_complete": completing.zones,
     "help": "Times also in this zone, such as Europe/Lisbon."}),
    (("--csv", "csv_file"), {"metavar": "FILE", "type": click.Path(path_type=Path), "help":
     "Write the whole list to a file of comma-separated values."}),
    (("--xlsx", "xlsx_file"), {"metavar": "FILE", "type": click.Path(path_type=Path), "help":
     "Write the whole list to a workbook."}),
    (("--force",), {"is_flag": True, "help": "Replace the file that is there under that name."}),
)  # fmt: skip


class Shown(NamedTuple):
    """Rows of a list as they are shown."""

    view: View
    rows: list[dict[str, Any]]
    total: int
    short: dict[str, str]
    written: list[dict[str, Any]]
    """Files that the list was written to, instead of being printed."""


class Listing(NamedTuple):
    """What of a list is shown, and how."""

    where: tuple[str, ...]
    sort: str | None
    columns: str | None
    limit: int | None
    wide: bool
    tz: str | None
    csv_file: Path | None
    xlsx_file: Path | None
    force: bool

    def over(self, case: Case) -> contextlib.AbstractContextManager[object]:
        """What of a case is read: of a list that goes to a file, what may leave the case."""
        return leaving(case) if self.csv_file or self.xlsx_file else contextlib.nullcontext()

    def of(
        self, asked: Asked, reading: Reading, name: str, narrowing: Narrowing, **given: Any
    ) -> Shown:
        """Read a list as it is asked for, and write the files that it is to go to."""
        import msgspec

        from clew.reading.choosing import comparisons
        from clew.views import view
        from clew.words.reasons import heads, worded

        listed = view(name)
        says = listed.sentence or listed.register
        every = heads(reading.columns(name, **given), says)
        compared = comparisons(reading, name, self.where, **given)
        narrowing = msgspec.structs.replace(narrowing, compared=compared)
        choice = self._choice(listed, every)
        if self.csv_file or self.xlsx_file:
            files = list(self._written(asked, reading, (listed, narrowing, choice), given))
            return Shown(listed, [], 0, {}, files)
        page = reading.view(name, narrowing, limit=choice.limit, order=choice.order, **given)
        columns = choice.heads(listed, every)
        rows = [choice.row(row, columns) for row in worded(page.rows, says)]
        short = {} if self.wide or asked.as_json else reading.short(copied(listed, rows))
        return Shown(listed, rows, page.total, short, [])

    def _choice(self, listed: View, names: tuple[str, ...]) -> Choice:
        """What is asked for of a list with these columns."""
        from clew.reading.choosing import Choice, known_column

        order = known_column(self.sort.removeprefix("-"), listed, names) if self.sort else ""
        columns = filter(None, (self.columns or "").split(","))
        to_file = self.csv_file or self.xlsx_file
        return Choice(
            columns=tuple(known_column(one, listed, names) for one in columns),
            order=f"-{order}" if (self.sort or "").startswith("-") else order,
            limit=(0 if to_file else LIMIT) if self.limit is None else self.limit,
            zone=_zone(self.tz),
        )

    def _written(
        self, asked: Asked, reading: Reading, what: tuple[View, Narrowing, Choice],
        given: dict[str, Any],
    ) -> Iterator[dict[str, Any]]:  # fmt: skip
        """Write a list to the files that are named; what each holds is logged."""
        from clew.casefile.files import sha256_of
        from clew.casefile.outputs import output
        from clew.reading.spreadsheet import sheet_of, write_csv, write_xlsx

        listed, narrowing, choice = what
        for out, is_book in ((self.csv_file, False), (self.xlsx_file, True)):
            if out is None:
                continue
            with output(out, asked.case, force=self.force) as made:
                sheet = sheet_of(reading, listed.name, narrowing, choice, **given)
                rows = write_xlsx(made, [sheet]) if is_book else write_csv(made, sheet)
                digest = sha256_of(made)
            reading.case.custody.append(
                "list written", list=listed.name, rows=rows, file=out.name, sha256=digest,
                unmasked=asked.unmask, purpose=reading.purpose,
                legal_basis=reading.case.config.authority,
            )  # fmt: skip
            yield {"file": str(out), "rows": rows, "sha256": digest}

    def write(self, asked: Asked, shown: Shown, none: str = "(none)") -> None:
        """Print a list, or which files it was written to."""
        if shown.written:
            if asked.as_json:
                write_json(shown.written)
            for one in shown.written:
                say("{file}: {rows}", rows=how_many("rows", one["rows"]), file=one["file"])
            return
        if asked.as_json:
            write_json(shown.rows)
            return
        from clew.cli.tables import Layout

        types = types_of(shown.view, shown.rows[0] if shown.rows else ())
        layout = Layout(
            screen_width_of(),
            self.wide,
            types,
            shown.view.header.first,
            shown.short,
            chosen=bool(self.columns),
        )
        write_rows(shown.rows, layout, none)
        if len(shown.rows) < shown.total:
            say(
                "{count} of {total} shown; --limit 0 shows all.", count=len(shown.rows),
                total=shown.total,
            )  # fmt: skip


def listing_options(command: Callable[..., Any]) -> Any:
    """Give a command the options of a list, as one value."""

    @functools.wraps(command)
    def called(*asked: Any, **given: Any) -> Any:
        listing = Listing(**{name: given.pop(name) for name in Listing._fields})
        return command(*asked, listing=listing, **given)

    wrapped: Any = called
    for names, how in reversed(_OPTIONS):
        wrapped = click.option(*names, **how)(wrapped)
    return wrapped


def _zone(name: str | None) -> ZoneInfo | None:
    from zoneinfo import ZoneInfo

    from clew.errors import UsageError

    try:
        return ZoneInfo(name) if name else None
    except (LookupError, ValueError, OSError) as error:
        raise UsageError(
            f"there is no time zone {name!r}", do="Name it as in: --tz Europe/Lisbon"
        ) from error


def copied(listed: View, rows: list[dict[str, Any]]) -> list[str]:
    """Hashes of a list, and its identifiers of files and events: a beginning stands for each."""
    values = (
        value
        for name, column in types_of(listed, rows[0] if rows else ()).items()
        if _is_long(column)
        for row in rows
        for value in (row[name] if isinstance(row[name], list) else [row[name]])
    )
    return sorted({str(value) for value in values if value})


def _is_long(column: Column) -> bool:
    from clew.records import Item, Message
    from clew.schema import Kind

    return column.kind is Kind.HASH or bool({Item, Message} & {*column.points_at})
