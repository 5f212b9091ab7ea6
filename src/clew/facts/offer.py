"""In a worker: a file is offered to the readers, the surest reads it, its rows are sent back."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa

from clew.facts import recovery
from clew.facts.reading import Found, Reader, may_be_database, readers, schema_fingerprint
from clew.records.facts import Severity
from clew.schema import Batch, Row, replace, to_arrow

TASK = "clew.facts.offer:offer"
_ROWS_HELD = 4096
_CHUNK = 1 << 20


def offer(argument: dict[str, Any]) -> Iterator[Batch]:
    """Task: read the file of a ``Found``."""
    given = {"file": Path(argument["file"]), "companions": tuple(argument["companions"]),
             "mappings": tuple(argument["mappings"])}  # fmt: skip
    found = Found(**{**argument, **given})
    yield from _in_batches(_rows(found))


def _rows(found: Found) -> Iterator[Row | Batch]:
    """What the surest reader makes of a file; of a database also what was deleted from it."""
    if not may_be_database(found.path, found.media_type):
        yield from _read(found, _surest(found))
        return
    found = _in_own_folder(found)
    given, notes = recovery.mended(found)
    yield from notes
    reader = _surest(given)
    yield from _read(given, reader)
    if reader and not notes:  # in a damaged one live and deleted can't be told apart surely
        yield from recovery.recovered(reader, given)


def _in_own_folder(found: Found) -> Found:
    """A database by its path: what came as an open file is copied into the worker's folder."""
    if found.handle is None:
        return found
    file = Path(tempfile.gettempdir()) / "evidence"
    with found.open() as source, file.open("wb") as copy:
        shutil.copyfileobj(source, copy, _CHUNK)
    return msgspec.structs.replace(found, file=file, handle=None)


def _read(found: Found, reader: Reader | None) -> Iterator[Row | Batch]:
    if reader:
        yield from reader.read(found)
    elif may_be_database(found.path, found.media_type):
        yield _nobody_reads(found)


def _surest(found: Found) -> Reader | None:
    """The reader that is surest of a file, if any knows it."""
    probed = [
        (probe.confidence, reader.name, reader)
        for reader in readers()
        if reader.takes(found) and (probe := _probe(reader, found))
    ]
    return max(probed, key=lambda p: p[:2])[2] if probed else None


def _probe(reader: Reader, found: Found) -> Any:
    try:
        return reader.probe(found)
    except sqlite3.Error:  # told by whoever reads it, or by nobody's reading it
        return None


def _nobody_reads(found: Found) -> Row:
    """Say of a database that no reader knows it: nothing found is not nothing there."""
    try:
        with found.sqlite() as db:
            names = [n for (n,) in db.execute("SELECT name FROM sqlite_schema WHERE type='table'")]
            tables = {n: [c[1] for c in db.execute("SELECT * FROM pragma_table_info(?)", (n,))]
                      for n in names}  # fmt: skip
    except sqlite3.Error as error:
        return found.unread(
            "file", "damaged", f"a database that can't be opened: {error}", reader="",
            severity=Severity.ERROR,
        )  # fmt: skip
    listed = ", ".join(sorted(names)[:12])
    return found.unread(
        "file", "no_reader",
        f"a database of {len(names)} tables that no reader knows ({listed}); "
        f"schema {schema_fingerprint(tables)[:16]}",
        reader="", severity=Severity.INFO,
    )  # fmt: skip


def _in_batches(rows: Iterable[Row | Batch]) -> Iterator[Batch]:
    """Rows gathered into batches, table by table."""
    held: dict[type[Row], list[Row]] = {}
    for row in rows:
        if isinstance(row, Batch):
            if row.data.num_rows:
                yield row
            continue
        waiting = held.setdefault(type(row), [])
        waiting.append(row)
        if len(waiting) >= _ROWS_HELD:
            yield from _batches(type(row), held.pop(type(row)))
    for table, waiting in held.items():
        yield from _batches(table, waiting)


def _batches(table: type[Row], rows: list[Row]) -> Iterator[Batch]:
    try:
        data = to_arrow(table, rows)
    except UnicodeEncodeError:  # half a surrogate pair, as some devices write
        data = to_arrow(table, [_printable(row) for row in rows])
    for part in data.combine_chunks().to_batches():
        yield Batch(table, pa.RecordBatch.from_arrays(part.columns, schema=data.schema))


def _printable(row: Row) -> Row:
    texts = {
        name: value.encode("utf-8", "backslashreplace").decode()
        for name in row.__struct_fields__
        if isinstance(value := getattr(row, name), str)
    }
    return replace(row, **texts)
