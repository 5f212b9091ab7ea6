"""CSV of any tool, read by a mapping in YAML that the examiner adds to the case.

A mapping says what the columns are; it runs nothing. Every record is accounted for by its line,
and cells are text, whatever a spreadsheet would take them for.

References:
    - docs/formats/csv-mapped.md
    - RFC 4180, for quoted cells and line ends

"""

import contextlib
from collections.abc import Iterator
from itertools import chain

from clew import records
from clew.errors import UsageError
from clew.facts.mapping import Mapping, mapping_of
from clew.facts.reader_api import Found, Probe, Reader
from clew.facts.readers.csv_mapped.delimited import Record, Records
from clew.facts.readers.csv_mapped.rows import Rows
from clew.formats.encoded import encoding_of
from clew.schema import Batch, Row
from clew.words.reasons import Unreadable

_REPORTED = 500
_HEAD = 1 << 16


def probe(found: Found) -> Probe | None:
    """Take a file whose first lines hold the columns that a mapping names."""
    meant = _meant(found)
    if not meant:
        return None
    known = _best(found, meant)
    return Probe(f"csv.{known.name}", 0.99 if _has_columns(found, known) else 0.7)


def read(found: Found) -> Iterator[Row | Batch]:
    """Read every record as the mapping says."""
    meant = _meant(found)
    if not meant:
        yield found.unread("file", "no_mapping")
        return
    mapping = _best(found, meant)
    if len(meant) > 1:
        fitting = [m.name for m in meant if _has_columns(found, m)]
        why = "only_fitting" if fitting == [mapping.name] else "first_by_name"
        code, names = f"several_mappings:{why}", [m.name for m in meant]
        yield found.unread("file", code, mapping=names, chosen=mapping.name)
    parsed = Records(found, mapping)
    passing = iter(parsed)
    first = next(passing, None)
    if first is None:
        yield found.unread("line/1", "no_record")
        return
    if lacking := _lacking(mapping, first.cells):
        yield found.unread("line/1", lacking.code, **lacking.values)
        return
    wanted = _wanted(mapping)
    if mapping.header:
        ranks = {name: first.cells.index(name) for name in wanted}
    else:
        ranks = {name: int(name) - 1 for name in wanted}
        passing = chain((first,), passing)
    rows = Rows(found, mapping, ranks)
    yield from _limited(found, _rows(rows, passing, len(first.cells)))
    yield from rows.end(parsed)


def _rows(rows: Rows, passing: Iterator[Record], width: int) -> Iterator[Row]:
    """Rows of every record; those with another number of cells are reported and left out."""
    for record in passing:
        if not record.cells or record.cells == [""]:
            rows.tally.skipped("record", "empty_line")
        elif len(record.cells) != width:
            rows.tally.skipped("record", "cells")
            where, n = f"line/{record.line}", len(record.cells)
            yield rows.found.unread(where, "cells", n=n, expected=width)
        else:
            yield from rows.of(record)
    yield from rows.named()


def _limited(found: Found, rows: Iterator[Row]) -> Iterator[Row]:
    """Rows, with some hundred reports of what could not be read; the rest of these is counted."""
    reported = 0
    for row in rows:
        is_report = isinstance(row, records.Unread)
        reported += is_report
        if not is_report or reported <= _REPORTED:
            yield row
    if reported > _REPORTED:
        yield found.unread("file", "more", n=reported - _REPORTED)


def _meant(found: Found) -> list[Mapping]:
    """Every mapping that is meant for a file, by name."""
    meant = []
    for text in found.mappings:
        with contextlib.suppress(UsageError):  # it was checked when it was added
            meant.append(mapping_of(text))
    return sorted(meant, key=lambda mapping: mapping.name)


def _best(found: Found, meant: list[Mapping]) -> Mapping:
    """The first by name whose columns the file has; the first where it has nobody's."""
    return next((m for m in meant if _has_columns(found, m)), meant[0])


def _has_columns(found: Found, mapping: Mapping) -> bool:
    """Whether the first lines hold every column that a mapping names."""
    with found.open() as file:
        head = file.read(_HEAD)
    mark, encoding = encoding_of(head, mapping.encoding or "utf-8")
    first = head[mark:].decode(encoding, "replace")
    return not mapping.header or all(name in first for name in _wanted(mapping))


def _wanted(mapping: Mapping) -> list[str]:
    """Columns of the file that a mapping names, each once."""
    cells = [c.column for t in mapping.tables.values() for c in t.columns.values()]
    named = [*cells, *(t.when for t in mapping.tables.values())]
    return list(dict.fromkeys(name for name in named if name is not None))


def _lacking(mapping: Mapping, header: list[str]) -> Unreadable | None:
    """What the mapping names and the file does not have, or has twice."""
    wanted = _wanted(mapping)
    if not mapping.header:
        beyond = [_named(mapping, n) for n in wanted if not 1 <= int(n) <= len(header)]
        return Unreadable("columns:beyond", cells=len(header), column=beyond) if beyond else None
    lacking = [_named(mapping, name) for name in wanted if name not in header]
    if lacking:
        return Unreadable("columns:missing", column=lacking, first=header[:30])
    twice = [_named(mapping, name) for name in wanted if header.count(name) > 1]
    return Unreadable("columns:twice", column=twice) if twice else None


def _named(mapping: Mapping, name: str) -> str:
    """A column of the file, with the line of the mapping that names it."""
    for table, made in mapping.tables.items():
        for column, cell in made.columns.items():
            if cell.column == name:
                return f"{name} ({mapping.name}:{cell.line} {table}.{column})"
    return f"{name} ({mapping.name}: when)"


READER = Reader(
    name="csv-mapped",
    version="2",
    mapped=True,
    probe=probe,
    rows_of=read,
    yields=(
        records.Source, records.SourceRows, records.Account, records.AccountName, records.Chat,
        records.Membership, records.Message, records.Share, records.Invite, records.Contact,
        records.Call, records.Unread,
    ),
    knows=("delimited text in any encoding that Python knows, by a mapping of the case",),
    cannot=("files that no mapping of the case is meant for", "several tables in one file"),
)  # fmt: skip
