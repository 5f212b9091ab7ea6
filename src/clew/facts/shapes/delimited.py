"""Tables as text: commas, semicolons, tabs or bars between cells, maybe behind lines of words.

>>> lines = ("Returned records", "", "id,sender,sent", "1,a,b", "2,c,d")
>>> table_of(chr(10).join(lines))
Table(kind='csv', headings=('id', 'sender', 'sent'))

"""

import csv
import re
from collections.abc import Iterator
from itertools import groupby

import msgspec

_KINDS = {"\t": "tsv", ",": "csv", ";": "csv", "|": "csv"}
_LINES = 300
_MOST_CELLS = 2000
_LONGEST_CELL = 400
_VALUE = re.compile(r"\s*(?:[\d\s.,:+()/TZ-]*\d[\d\s.,:+()/TZ-]*|.*@.*|https?:.*)?\s*")
"""A cell that holds a number, a time, an address or nothing, as no heading does."""


class Table(msgspec.Struct, frozen=True):
    """A table that was found in a text."""

    kind: str
    headings: tuple[str, ...]
    """Headings of the columns; none where the first row holds data."""


class _Run(msgspec.Struct, frozen=True):
    """Lines one behind the other with the same number of cells."""

    sign: str
    width: int
    rows: list[list[str]]
    covers: float
    """Share of the lines."""

    @property
    def is_table(self) -> bool:
        """Whether lines of words would hardly come out so."""
        count = len(self.rows)
        if self.width < 2 or any(len(c) > _LONGEST_CELL for row in self.rows for c in row):
            return False
        if sum(not row[-1].strip() for row in self.rows) > count / 2 and self.width == 2:
            return False  # lines that end with the sign, as those of a program
        if sum(row[-1].rstrip().endswith((".", "!", "?")) for row in self.rows) > count / 2:
            return False  # sentences
        if self.width == 2 and self.sign != "\t":
            return count >= 5 and self.covers > 0.9
        return count >= 3 or (count == 2 and self.covers > 0.9)


def table_of(text: str, *, is_named: bool = False) -> Table | None:
    """The table that a text holds; of one that is named so, also where it is a single line."""
    lines = [line for line in text.splitlines()[:_LINES] if line.strip()]
    runs = [run for sign in _KINDS for run in _runs(sign, lines)]
    tables = [run for run in runs if run.is_table]
    best = max(tables or (runs if is_named else []), key=_size, default=None)
    if best is not None:
        first = best.rows[0]
        headings = () if any(_VALUE.fullmatch(cell) for cell in first) else tuple(first)
        return Table(_KINDS[best.sign], headings)
    return Table("csv", (lines[0][:60],)) if is_named and lines else None


def _size(run: _Run) -> tuple[int, int]:
    return (len(run.rows) * (run.width - 1), run.width)


def _runs(sign: str, lines: list[str]) -> Iterator[_Run]:
    """Runs of lines that hold the sign, as long as they are."""
    if sum(sign in line for line in lines) < 1:
        return
    try:
        rows = [row[:_MOST_CELLS] for row in csv.reader(lines, delimiter=sign)]
    except csv.Error:
        return
    for width, run in groupby(rows, key=len):
        cells = list(run)
        if width > 1:
            yield _Run(sign, width, cells, len(cells) / len(rows))
