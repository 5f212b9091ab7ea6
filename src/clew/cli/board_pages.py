"""The board on paper and in files: compared with what was published, exported, printed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clew.cli.boarding import board_argument, opened_board, write_rows
from clew.cli.output import force_option, json_option, say, unmask_options, write_json
from clew.errors import Ending, UsageError

if TYPE_CHECKING:
    from clew.operation.figures import Figure
    from clew.reading.spreadsheet import Sheet

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
_OUT = click.Path(path_type=Path)
_OF_CASE = {"groups_investigated": "groups", "files": "media", "countries": "countries_of_persons"}
"""Published figures that the evidence of a case gives, and the figure of the first page."""


@click.command(no_args_is_help=True)
@board_argument
@click.argument("file", required=False, type=_FILE)
@json_option
def compare(board: Path, file: Path | None, as_json: bool) -> Ending:
    r"""Show figures that press and releases give beside what is counted, each with its source.

    FILE is CSV with the columns figure, country (* for none), scope (operation or country), value,
    source and note; without it figures are those that were imported. Nothing is put right, and
    two figures for one thing both stay. Exit code 1 where something differs.

    \b
    clew board compare cases/op-17 public_figures.csv
    """
    from clew.operation import sites
    from clew.operation.compare import compared

    with opened_board(board, "board compare") as opened:
        found = opened.board()
        of_case = {} if sites.is_site(board) else _of_case(board)
        published = _published(file) if file else found.figures
        rows = compared(published, found, of_case)
    write_rows(rows, as_json=as_json)
    return Ending.look(any(row["difference"] for row in rows))


def _of_case(case: Path) -> dict[str, int]:
    from clew.casefile import open_case
    from clew.report.figures import figures

    with open_case(case) as opened:
        counted = figures(opened, _OF_CASE.values())
    return {name: counted[figure] for name, figure in _OF_CASE.items()}


def _published(file: Path) -> list[Figure]:
    """Figures of a file; UsageError where a row of it is none."""
    from clew.operation.board import board
    from clew.operation.importing.grid import content_of, grid_of
    from clew.operation.importing.taking import Became, How, plan
    from clew.operation.statements import listed
    from clew.words import say as sentence

    content = content_of(file)
    grid = grid_of(content, file.name, hashlib.sha256(content).hexdigest())
    found = plan(grid, How(role="figures"), (), board(()))
    for row in found.rows:
        if row.became is Became.REFUSED:
            raise UsageError(
                f"line {row.line}: {sentence('board_row', row.code or '', **row.figures)}",
                do="Mend the line, and compare again.",
            )
    return list(board(listed(found.said, "file", "file")).figures)


@click.command(no_args_is_help=True)
@board_argument
@click.argument("out", type=_OUT)
@click.option("--csv", "form", flag_value="csv", default=True, help="A folder, a CSV file a list.")
@click.option("--xlsx", "form", flag_value="xlsx", help="One workbook, a sheet a list.")
@unmask_options("With places and names; needs --reason.")
@force_option
@json_option
def export(
    board: Path, out: Path, form: str, unmask: bool, reason: str | None, force: bool, as_json: bool
) -> None:
    r"""Export every list of the board, apart from the desk of possible victims.

    No cell is run by a spreadsheet, and every number keeps its digits.

    \b
    clew board export cases/op-17 board.xlsx --xlsx
    clew board export cases/op-17 board --csv
    """
    from clew.casefile.outputs import output
    from clew.operation import sites
    from clew.operation.tables import LISTS
    from clew.reading.spreadsheet import Sheet, write_csv, write_xlsx

    def sheets() -> Iterator[Sheet]:
        for name, rows_of in LISTS.items():
            rows = opened.shown(rows_of(found))
            columns = tuple(rows[0]) if rows else ("",)
            yield Sheet(title=name, columns=columns, rows=[list(row.values()) for row in rows])

    case = None if sites.is_site(board) else board
    with opened_board(board, "board export", unmask=unmask, reason=reason) as opened:
        found = opened.board()
        with output(out, case, force=force, folder=form == "csv") as made:
            if form == "csv":
                made.mkdir()
                written = sum(write_csv(made / f"{one.title}.csv", one) for one in sheets())
            else:
                written = write_xlsx(made, sheets())
    if as_json:
        write_json([{"file": str(out), "rows": written}])
    say("{rows} rows in {out}", rows=written, out=out)


@click.command(no_args_is_help=True)
@board_argument
@click.argument("out", metavar="OUT.html", type=_OUT)
@click.option("--search", "only", help="Only this search; all of them if left out.")
@unmask_options("With places and names; needs --reason.")
@force_option
@json_option
def sheet(
    board: Path, out: Path, only: str | None, unmask: bool, reason: str | None, force: bool,
    as_json: bool,
) -> None:  # fmt: skip
    r"""Print a page per search: what is stated of it, its register, and its statements as codes.

    Whoever scans the codes into a text file, a line each, can merge that file. The codes hold what
    the statements hold, so without --unmask --reason a case prints none; a site always does.

    \b
    clew board sheet MAD pages.html
    clew board sheet cases/op-17 pages.html --search ES-S-01 --unmask --reason "for the file"
    """
    from clew.casefile.outputs import output
    from clew.operation import sites
    from clew.operation.pages import Codes, pages

    is_site = sites.is_site(board)
    with opened_board(board, "board sheet", unmask=unmask, reason=reason) as opened:
        found = opened.board()
        known = {one.search_id for one in found.searches}
        if only is not None and only not in known:
            raise UsageError(
                f"there is no search {only!r}", do=f"There are: {', '.join(sorted(known))}."
            )
        codes = Codes.of_site(sites.open_site(board)) if is_site else Codes.of(opened.statements)
        text, printed = pages(found, codes if is_site or unmask else Codes(), only, opened.shown)
        with output(out, None if is_site else board, force=force) as made:
            made.write_text(text, encoding="utf-8")
    if as_json:
        write_json([{"file": str(out), "pages": printed}])
    say("{n} pages in {out}", n=printed, out=out)
