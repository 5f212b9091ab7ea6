"""CSV of any tool, read by a mapping in YAML that the examiner adds to the case.

A mapping says what the columns are; it runs nothing. Every record is accounted for by its line,
and cells are text, whatever a spreadsheet would take them for.

References:
    - docs/formats/csv-mapped.md
    - RFC 4180, for quoted cells and line ends

"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from itertools import chain

from clew.errors import UsageError
from clew.facts.mapping import Mapping, mapping_of
from clew.facts.reader_api import Found, Probe, Reader
from clew.facts.readers.csv_mapped.records import Record, Records, encoding_of
from clew.facts.readers.csv_mapped.rows import NAME, Rows
from clew.records import facts as f
from clew.schema import Batch, Row

VERSION = "1"
_TOLD = 500
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
        yield found.unread("file", "no_mapping", "no mapping of the case is meant for it",
                           reader=NAME, severity=f.Severity.ERROR)  # fmt: skip
        return
    mapping = _best(found, meant)
    if len(meant) > 1:
        yield _several(found, meant, mapping)
    records = Records(found, mapping)
    passing = iter(records)
    first = next(passing, None)
    header = first.cells if first else []
    problem = _lacking(mapping, header)
    if first is None or problem:
        yield found.unread("line/1", "columns", problem or "the file holds no record",
                           reader=NAME, severity=f.Severity.ERROR)  # fmt: skip
        return
    if not mapping.header:
        passing = chain((first,), passing)
    rows = Rows(found, mapping, _places(mapping, header))
    reading = _Reading(rows, len(header))
    for record in passing:
        yield from reading.take(record)
    yield from rows.named()
    yield from reading.odd(records)
    yield _source(found, mapping, rows, broken=records.broken is not None)
    yield from rows.tally.rows(found)


class _Reading:
    """Records as they pass: those with another number of cells are told and left out."""

    def __init__(self, rows: Rows, width: int) -> None:
        self._rows, self._width = rows, width
        self._told = 0

    def take(self, record: Record) -> Iterator[Row]:
        """Rows of one record."""
        if not record.cells or record.cells == [""]:
            self._rows.tally.skipped("record", "an empty line")
        elif len(record.cells) != self._width:
            self._rows.tally.skipped("record", "another number of cells than the first record")
            yield from self._limited(self._rows.unread(
                f"line/{record.line}", "cells",
                f"{len(record.cells)} cells where the first record has {self._width}",
            ))  # fmt: skip
        else:
            for row in self._rows.of(record):
                yield from self._limited(row)

    def odd(self, records: Records) -> Iterator[Row]:
        """What was odd about the file as a whole."""
        if self._told > _TOLD:
            yield self._rows.unread("file", "more", f"{self._told - _TOLD} more such troubles")
        if records.damaged:
            yield self._rows.unread(
                "file", "encoding", f"{records.damaged} places that are no text are shown as U+FFFD"
            )
        if records.open_quote:
            yield self._rows.unread(
                "file", "open_quote",
                "the quotes in it are odd in number: its last record may hold others within it",
            )  # fmt: skip
        if records.broken is not None:
            yield self._rows.unread(
                f"line/{records.line}", "broken",
                f"from here on it can't be read as CSV: {records.broken}", f.Severity.ERROR,
            )  # fmt: skip

    def _limited(self, row: Row) -> Iterator[Row]:
        if isinstance(row, f.Unread):
            self._told += 1
            if self._told > _TOLD:
                return
        yield row


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
    mark, encoding = encoding_of(head, mapping)
    first = head[mark:].decode(encoding, "replace")
    return not mapping.header or all(name in first for name in _wanted(mapping))


def _several(found: Found, meant: list[Mapping], chosen: Mapping) -> f.Unread:
    """Say that more than one mapping claims a file, and which it is read by."""
    fitting = [m.name for m in meant if _has_columns(found, m)]
    why = "the only one whose columns it has" if fitting == [chosen.name] else "the first by name"
    return found.unread(
        "file", "several_mappings",
        f"{len(meant)} mappings of the case are meant for it ({', '.join(m.name for m in meant)}); "
        f"it is read by {chosen.name}, {why}. Narrow the `files` of the others and add them again",
        reader=NAME,
    )  # fmt: skip


def _wanted(mapping: Mapping) -> list[str]:
    """Columns of the file that a mapping names, each once."""
    cells = [c.column for t in mapping.tables.values() for c in t.columns.values()]
    named = [*cells, *(t.when for t in mapping.tables.values())]
    return list(dict.fromkeys(name for name in named if name is not None))


def _lacking(mapping: Mapping, header: list[str]) -> str | None:
    """What the mapping names and the file does not have, or has twice."""
    if not mapping.header:
        beyond = [n for n in _wanted(mapping) if not 1 <= int(n) <= len(header)]
        named = ", ".join(_named(mapping, n) for n in beyond)
        return f"the first record has {len(header)} cells, and no {named}" if beyond else None
    lacking = [name for name in _wanted(mapping) if name not in header]
    if lacking:
        named, shown = ", ".join(_named(mapping, n) for n in lacking), ", ".join(header[:30])
        return f"the file has no {named}; its first record is: {shown}"
    twice = [name for name in _wanted(mapping) if header.count(name) > 1]
    named = ", ".join(_named(mapping, n) for n in twice)
    return f"the file has twice the {named}" if twice else None


def _named(mapping: Mapping, name: str) -> str:
    """A column of the file, with where the mapping names it."""
    for table, made in mapping.tables.items():
        for column, cell in made.columns.items():
            if cell.column == name:
                return (
                    f"column {name} (line {cell.line} of mapping {mapping.name}: {table}.{column})"
                )
    return f"column {name} (`when` in mapping {mapping.name})"


def _places(mapping: Mapping, header: list[str]) -> dict[str, int]:
    if mapping.header:
        return {name: header.index(name) for name in _wanted(mapping)}
    return {name: int(name) - 1 for name in _wanted(mapping)}


def _source(found: Found, mapping: Mapping, rows: Rows, *, broken: bool) -> f.Source:
    skipped, seen = rows.tally.count("record", "skipped"), rows.tally.count("record")
    return f.Source(
        **rows.fact,
        locator="file",
        item_id=found.item_id,
        kind=f"csv.{mapping.name}",
        generation=mapping.platform,
        reader=NAME,
        reader_version=VERSION,
        tz_basis=f.TimeBasis.UTC if mapping.time_zone else f.TimeBasis.EXPORT_LOCAL,
        rows_seen=seen,
        rows_emitted=seen - skipped,
        rows_skipped=skipped,
        first_at=rows.first,
        last_at=rows.last,
        truncated_suspect=broken,
    )


READER = Reader(
    name=NAME,
    version=VERSION,
    mapped=True,
    probe=probe,
    read=read,
    yields=(
        f.Source, f.SourceRows, f.Account, f.AccountName, f.Chat, f.Membership, f.Message, f.Share,
        f.Invite, f.Contact, f.Call, f.Unread,
    ),
    knows=("delimited text in any encoding that Python knows, by a mapping of the case",),
    cannot=("files that no mapping of the case is meant for", "several tables in one file"),
)  # fmt: skip
