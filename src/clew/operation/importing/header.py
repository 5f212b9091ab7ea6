"""Which column of a table is which: by the words of its head, or as whoever imports it says."""

from collections.abc import Mapping, Sequence

import msgspec

from clew.errors import UsageError, nearest
from clew.operation.importing.grid import Grid, Row
from clew.operation.importing.vocabulary import normal, vocabulary

_LOOKED_AT = 30
"""First rows among which the head is looked for, below titles."""
_LEAST = 2
"""Columns that make a row a head."""


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """The head of a table."""

    line: int
    columns: dict[str, int]
    """Fields, and the column of each."""
    unknown: dict[int, str]
    """Columns that no field is for, with their names."""
    width: int


def head_of(grid: Grid, role: str, mapped: Mapping[str, str]) -> Head:
    """The head of a table; UsageError where none is found, or a mapping names what is not there."""
    fields = vocabulary().columns[role]
    for field in mapped:
        if field not in fields:
            raise UsageError(
                f"{field!r} is no field of {role}",
                do=f"{nearest(field, fields)}Fields are: {', '.join(fields)}.",
            )
    best, found = None, dict[str, int]()
    for row in grid.rows[:_LOOKED_AT]:
        columns = _columns(row.cells, fields, mapped)
        if len(columns) > len(found):
            best, found = row, columns
    if best is None or len(found) < _LEAST:
        raise UsageError(
            f"{grid.name} has no head with columns of {role}"
            + (f"; other sheets are: {', '.join(grid.other_sheets)}" if grid.other_sheets else ""),
            do="Say which column is which: --map number='Exhibit no' (clew board import --help)",
        )
    for field, name in mapped.items():
        if field not in found:
            raise UsageError(
                f"{grid.name} has no column {name!r}",
                do=f"Columns are: {', '.join(cell for cell in best.cells if cell)}.",
            )
    return _head(best, found)


def _head(row: Row, found: dict[str, int]) -> Head:
    taken = set(found.values())
    width = max((n for n, cell in enumerate(row.cells, 1) if cell), default=0)
    unknown = {n: cell or f"column {n + 1}" for n, cell in enumerate(row.cells) if n not in taken}
    return Head(line=row.line, columns=found, unknown=unknown, width=width)


def _columns(
    cells: Sequence[str], fields: Mapping[str, Sequence[str]], mapped: Mapping[str, str]
) -> dict[str, int]:
    """Columns by field: what is mapped first, then each field's first known name."""
    found: dict[str, int] = {}
    names = [normal(cell) for cell in cells]
    for field, name in mapped.items():
        if name in cells or normal(name) in names:
            found[field] = cells.index(name) if name in cells else names.index(normal(name))
    for field, known in fields.items():
        free = (n for n, name in enumerate(names) if name in known and n not in found.values())
        if field not in mapped and (column := next(free, None)) is not None:
            found[field] = column
    return found
