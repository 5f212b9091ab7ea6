"""What commands of the board share: a case or a site's folder, and how its rows are shown."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from clew.cli.output import F, reading_of, say, write_json, write_table
from clew.cli.signing import decides
from clew.errors import UsageError

if TYPE_CHECKING:
    from clew.operation.board import Board
    from clew.operation.statements import Said
    from clew.records import Statement

Rows = list[dict[str, Any]]


def board_argument(command: F) -> F:
    """Give a command the board it works on: a case, or a site's folder."""
    return click.argument(
        "board", metavar="CASE", envvar="CLEW_CASE", type=click.Path(path_type=Path)
    )(command)


def said_by_option(command: F) -> F:
    """Give a command ``--by``, which a site without a case needs."""
    return click.option("--by", help="Who states it: your own name; in a site's folder any.")(
        command
    )


class Opened(msgspec.Struct, frozen=True):
    """A board that is open."""

    site: str
    """Name of the list in which it states something itself."""
    statements: list[Statement]
    state: Callable[[Sequence[Said], str | None, str], list[Statement]]
    """Writes statements down, given who states them and why."""
    shown: Callable[[Rows], Rows]
    """Rows as whoever reads them may see them."""
    board: Callable[[], Board]
    """The board, with what was read of a case's exhibits."""


@contextlib.contextmanager
def opened_board(board: Path, what: str, *, unmask: bool = False, reason: str | None = None)\
        -> Iterator[Opened]:  # fmt: skip
    """Open the board of a case, which logs the reading, or of a site."""
    from clew.operation import evidence, keeping, sites
    from clew.operation.board import board as board_of

    if sites.is_site(board):
        site = sites.open_site(board)
        yield Opened(
            site.name,
            site.statements(),
            lambda said, by, _: site.state(said, by or ""),
            list,
            lambda: board_of(site.statements()),
        )
        return
    with reading_of(board, what, unmask=unmask, reason=reason) as reading:
        case = reading.case

        def state(said: Sequence[Said], by: str | None, why: str) -> list[Statement]:
            return keeping.state(case, said, decides(case, by), why)

        def shown(rows: Rows) -> Rows:
            return [_masked(row, reading.masking.text) for row in rows] if reading.masked else rows

        yield Opened(
            keeping.site_of(case),
            keeping.statements(case),
            state,
            shown,
            lambda: evidence.board_of(case),
        )


def _masked(row: dict[str, Any], text: Callable[[str], str]) -> dict[str, Any]:
    """A row in which nothing names anybody: places are withheld, texts are searched for names."""
    return {
        name: "withheld" if name in _PLACES and value else _hidden(value, text)
        for name, value in row.items()
    }


_PLACES = frozenset(("place", "location"))


def _hidden(value: Any, text: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return text(value)
    return [_hidden(one, text) for one in value] if isinstance(value, list | tuple) else value


def write_rows(rows: Rows, *, as_json: bool) -> None:
    """Rows of the board, as JSON lines or as a table."""
    write_json(rows) if as_json else write_table(rows)


def needs_unmasking(unmask: bool, reason: str | None) -> None:
    """UsageError where somebody asks for the desk of possible victims without a reason."""
    if not unmask or not reason:
        raise UsageError(
            "the desk of possible victims is shown to whoever says why",
            do="Give --unmask --reason; the reading is logged and signed.",
        )


def say_gaps(statements: Sequence[Statement]) -> bool:
    """Say what lists lack or have twice; whether there is anything."""
    from clew.operation.board import board

    found = board(statements).gaps
    for gap in found:
        say("{site}: {kind}, {first} to {last}", site=gap.site, kind=gap.kind.value,
            first=gap.first, last=gap.last)  # fmt: skip
    return bool(found)
