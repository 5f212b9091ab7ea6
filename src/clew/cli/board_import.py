"""Import of others' lists into the board."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clew.cli.boarding import board_argument, opened_board, said_by_option
from clew.cli.output import json_option, say, write_json
from clew.errors import Ending, UsageError

if TYPE_CHECKING:
    from clew.operation.importing.grid import Grid
    from clew.operation.importing.taking import Plan

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
_ROLES = ("searches", "register", "moves", "status", "figures")
_LISTED = 20


@click.command(name="import", no_args_is_help=True)
@board_argument
@click.argument("file", type=_FILE)
@click.option("--as", "role", required=True, type=click.Choice(_ROLES), help="What its rows are.")
@click.option("--dry-run", is_flag=True, help="Say what would be taken; write nothing.")
@click.option("--map", "maps", multiple=True, metavar="FIELD=COLUMN", help="Which column is which.")
@click.option("--sheet", default="", help="Sheet of a workbook; the first if left out.")
@click.option("--encoding", help="Of a CSV file that is neither UTF-8 nor Windows-1252.")
@click.option("--date-order", type=click.Choice(("dmy", "mdy", "ymd")), help="Of its dates.")
@click.option("--time-zone", help="IANA time zone of its times; local if left out.")
@click.option("--search", default="", help="Search of rows that name none.")
@click.option("--whole-case", is_flag=True, help="The register numbers the case, not each search.")
@said_by_option
@json_option
def import_(
    board: Path, file: Path, role: str, dry_run: bool, maps: tuple[str, ...], sheet: str,
    encoding: str | None, date_order: str | None, time_zone: str | None, search: str,
    whole_case: bool, by: str | None, as_json: bool,
) -> Ending:  # fmt: skip
    r"""Import a list: every row is taken, is there already, or is refused with its reason.

    CSV in any encoding, or XLSX. The head is found below titles; columns that are not known are
    kept beside the others. What is there already is not taken twice, so a file that was mended is
    imported again as a whole. Exit code 1 where a row was refused or is odd.

    \b
    clew board import cases/op-17 seizures.csv --as register --dry-run
    clew board import cases/op-17 register.xlsx --as moves --sheet Moves --date-order dmy
    clew board import cases/op-17 list.csv --as register --map "number=Exhibit no"
    """
    from clew.operation.board import board as board_of
    from clew.operation.importing.taking import How, oddities, plan
    from clew.operation.statements import listed

    how = How(role=role, mapped=_mapped(maps), date_order=date_order, time_zone=time_zone,
              search=search, whole_case=whole_case)  # fmt: skip
    grid = _grid(file, sheet, encoding)
    with opened_board(board, "board import") as opened:
        before = board_of(opened.statements)
        found = plan(grid, how, opened.statements, before)
        odd = oddities(before, board_of([*opened.statements, *listed(found.said, "?", "?")]))
        if not dry_run and found.said:
            opened.state(found.said, by, f"import of {file.name}, SHA-256 {grid.sha256}")
    if as_json:
        write_json(_as_json(found, grid, dry_run=dry_run))
        write_json({"about": about, "odd": what} for about, what in odd)
    for about, what in odd[:_LISTED]:
        say("{about} needs a look: {what}", about=about, what=what)
    if len(odd) > _LISTED:
        say("and {n} more; --json lists every one", n=len(odd) - _LISTED)
    return Ending.look(_say(found, grid, dry_run=dry_run) or odd)


def _mapped(maps: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for one in maps:
        field, sign, column = one.partition("=")
        if not sign or not column:
            raise UsageError(f"{one!r} maps nothing", do='As in: --map "number=Exhibit no"')
        found[field] = column
    return found


def _grid(file: Path, sheet: str, encoding: str | None) -> Grid:
    """The table; a workbook is opened in a worker."""
    from clew.operation.importing.grid import content_of, grid_of
    from clew.operation.importing.workbook import BEGINS, sheet_of
    from clew.sandbox import Guard

    content = content_of(file)
    digest = hashlib.sha256(content).hexdigest()
    if not content.startswith(BEGINS):
        if sheet:
            raise UsageError(f"{file.name} is no workbook", do="Leave --sheet out.")
        return grid_of(content, file.name, digest, encoding)
    guard = Guard()
    try:
        return sheet_of(guard, file, digest, sheet)
    finally:
        guard.close()


def _as_json(found: Plan, grid: Grid, *, dry_run: bool) -> list[dict[str, object]]:
    from clew.operation.importing.taking import Became
    from clew.words import say as sentence

    rows: list[dict[str, object]] = [
        {"line": row.line, "became": row.became.value, "code": row.code,
         "reason": sentence("board_row", row.code, **row.figures) if row.code else None}
        for row in (*found.rows, *found.warnings)
        if row.code
    ]  # fmt: skip
    counts = {became.value: found.count(became) for became in Became}
    return [*rows, {
        "file": grid.name, "encoding": grid.encoding, **counts, "statements": len(found.said),
        "items": found.items, "total": found.total, "unknown_columns": list(found.unknown),
        "other_sheets": list(grid.other_sheets), "dry_run": dry_run,
    }]  # fmt: skip


def _say(found: Plan, grid: Grid, *, dry_run: bool) -> Ending:
    from clew.operation.importing.taking import Became

    counts = {became.value: found.count(became) for became in Became}
    say("{file}: {rows} rows = {taken} taken + {already} there already + {passed_over} passed over "
        "+ {refused} refused", file=grid.name, rows=len(found.rows), **counts)  # fmt: skip
    if not found.rows:
        say("There are no rows under its head: nothing was imported.")
    if found.items is not None:
        say("{items} things in {rows} rows", items=found.items,
            rows=counts["taken"] + counts["already"])  # fmt: skip
    if is_other := found.total not in (None, found.items):
        say("Its line of totals says {total}", total=found.total)
    if found.unknown:
        say("Columns that are not known, kept beside the others: {names}",
            names=", ".join(found.unknown))  # fmt: skip
    if grid.other_sheets:
        say("Sheets that were not read: {names}", names=", ".join(grid.other_sheets))
    _say_rows(found)
    if dry_run:
        say("Nothing was written: this was a dry run.")
    is_odd = counts["refused"] or found.warnings or is_other or not found.rows
    return Ending.look(is_odd)


def _say_rows(found: Plan) -> None:
    from clew.operation.importing.taking import Became
    from clew.words import registers
    from clew.words import say as sentence

    refused = [row for row in found.rows if row.became is Became.REFUSED]
    listed = [*refused, *found.warnings]
    for row in listed[:_LISTED]:
        say("line {line}: {reason}", line=row.line,
            reason=sentence("board_row", row.code or "", **row.figures))  # fmt: skip
    if len(listed) > _LISTED:
        say("and {n} more; --json lists every one", n=len(listed) - _LISTED)
    for code in dict.fromkeys(row.code for row in listed if row.code):
        said = registers()["board_row"][code].do
        if not said.startswith("Nothing"):
            say(said)
