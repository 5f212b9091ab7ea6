"""XLSX workbooks (ECMA-376), opened in a worker like evidence."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path
from typing import Any

from clew.errors import UsageError, installing
from clew.operation.importing.grid import Grid, of_cells
from clew.operation.statements import LONGEST
from clew.sandbox import Guard, WorkerLost
from clew.sandbox.frames import Yielded
from clew.words import reasons

TASK = "clew.operation.importing.workbook:read_workbook"
BEGINS = b"PK\x03\x04"
_MOST_ROWS = 200_000
_MOST_COLUMNS = 100
_AT_ONCE = 500
_LARGE = 10**9
"""From here on a spreadsheet's number may have lost digits."""


def read_workbook(argument: dict[str, Any]) -> Iterator[Yielded]:
    """Task: names of all sheets, then the cells of one; or why there is none."""
    from openpyxl import load_workbook

    with os.fdopen(os.dup(argument["file"]), "rb") as file:
        book = load_workbook(BytesIO(file.read()), read_only=True, data_only=True, keep_links=False)
    names = [sheet.title for sheet in book.worksheets]
    yield {"sheets": names}
    if argument["sheet"] in names:
        sheet = book[argument["sheet"]]
    elif argument["sheet"] or not names:
        return
    else:
        sheet = book.worksheets[0]
    yield {"sheet": sheet.title}
    rows: list[list[str]] = []
    listed = sheet.iter_rows(values_only=True, max_col=_MOST_COLUMNS + 1)
    for number, cells in enumerate(listed, 1):
        if number > _MOST_ROWS:
            yield {"beyond": f"{_MOST_ROWS} rows"}
            return
        if any(cell is not None for cell in cells[_MOST_COLUMNS:]):
            yield {"beyond": f"{_MOST_COLUMNS} columns"}
            return
        rows.append([_text(cell) for cell in cells[:_MOST_COLUMNS]])
        if len(rows) == _AT_ONCE:
            yield {"rows": rows}
            rows = []
    yield {"rows": rows}


def _text(cell: Any) -> str:
    """A cell as text: a time as ISO has it, a whole number with all its digits."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="minutes").removesuffix(" 00:00")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _LARGE:
        return str(int(cell))
    return str(cell)[: LONGEST + 1]  # one more, so that it is refused and not cut


def sheet_of(guard: Guard, path: Path, sha256: str, sheet: str) -> Grid:
    """The table of one sheet, the first where none is named; UsageError where there is none."""
    file = path.name
    asked = {"sheet": sheet}
    names: list[str] = []
    read = ""
    cells: list[list[str]] = []
    try:
        for part in guard.run(TASK, asked, {"file": path}):
            assert isinstance(part, dict)
            names = part.get("sheets", names)
            read = part.get("sheet", read)
            cells += part.get("rows", [])
            if "beyond" in part:
                raise UsageError(f"{file} has more than {part['beyond']}", do="Split it.")
    except WorkerLost as lost:
        raise UsageError(
            f"{file} can't be opened as a workbook: {reasons.of_problem('unread', lost)}",
            do=f"Save it as XLSX or CSV once more. XLSX needs: {installing('documents')}",
        ) from lost
    if not read:
        raise UsageError(
            f"{file} has no sheet {sheet!r}", do=f"Sheets are: {', '.join(names) or 'none'}."
        )
    others = tuple(name for name in names if name != read)
    return of_cells(cells, file, sha256, read, others)
