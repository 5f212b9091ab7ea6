"""Rows of a list as files for a spreadsheet: CSV and XLSX, one row after the other.

Whoever writes one gets the path from ``casefile.outputs``, which spares evidence and what is there.
In CSV a spreadsheet runs a cell that begins like a formula, and a group's title can be anything:
such a cell gets an apostrophe before it.
"""

import csv
from itertools import islice
from pathlib import Path
from typing import Any

from clew.reading.choosing import Choice
from clew.reading.facade import Reading
from clew.reading.xlsx import Sheet, as_text, write_xlsx
from clew.views import view
from clew.views.narrowing import Narrowing
from clew.words.characters import no_formula
from clew.words.reasons import heads, worded

__all__ = ["Choice", "Sheet", "guarded", "sheet_of", "write_csv", "write_xlsx"]


def sheet_of(
    reading: Reading, name: str, narrowing: Narrowing | None = None,
    choice: Choice = Choice(),  # noqa: B008 - a frozen value
    **parameters: Any,
) -> Sheet:  # fmt: skip
    """A list of the catalogue as a sheet, as the reading shows it: masked, and with its reasons.

    Its rows are read as they are written, so the reading has to stay open until then.
    """
    listed = view(name)
    stream = reading.stream(name, narrowing, order=choice.order, **parameters)
    says = listed.sentence or listed.register
    columns = choice.heads(listed, heads(stream.columns, says))
    rows = (choice.row(row, columns) for page in stream.pages for row in worded(page, says))
    cells = (list(row.values()) for row in islice(rows, choice.limit or None))
    return Sheet(title=listed.title, columns=columns, rows=cells)


def write_csv(out: Path, sheet: Sheet) -> int:
    """Write a new file of comma-separated values (RFC 4180, UTF-8); the number of its rows."""
    written = 0
    with out.open("x", encoding="utf-8", newline="") as file:
        write = csv.writer(file, lineterminator="\n").writerow
        write(sheet.columns)
        for row in sheet.rows:
            write(map(guarded, row))
            written += 1
    return written


def guarded(value: Any) -> Any:
    """A value as a cell of CSV that no spreadsheet runs, in which nothing is hidden."""
    if isinstance(value, int | float | None) and not isinstance(value, bool):
        return value
    return no_formula(as_text(value))
