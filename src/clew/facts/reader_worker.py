"""In a worker: a file is offered to the readers, the surest reads it, its rows are sent back."""

import gc
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa

from clew.facts import lookalikes, recovery
from clew.facts import reader_api as api
from clew.facts.database import schema
from clew.facts.invitations import with_invitations
from clew.facts.reader_api import SQLITE, Found, Probe, Reader, may_be_database
from clew.sandbox.frames import Yielded
from clew.schema import Batch, Row, replace, to_arrow

TASK = "clew.facts.reader_worker:read_files"
_ROWS_SENT = 4096
_CHUNK = 1 << 20
_LOOKED_AT = 1 << 16
_TIDIED_AFTER = 16
"""Files after which the worker clears away what refers to itself."""
AS_ANY_TEXT = 0.2
"""A reader that is less sure takes a file as it would take any text, and for no chat."""


def read_files(argument: dict[str, Any]) -> Iterator[Yielded]:
    """Task: read the files that stand in ``files``, each as a ``Found``, one after the other.

    Before each comes its number. Rows of one table are sent together, in the order in which the
    files would give them alone.
    """
    yield from _gathered(_frames(argument), _together, batches=True)


def _frames(argument: dict[str, Any]) -> Iterator[Yielded]:
    for number, asked in enumerate(argument["files"]):
        if number and number % _TIDIED_AFTER == 0:
            gc.collect()
        yield {"file": number}
        several = {name: tuple(asked[name]) for name in ("companions", "mappings")}
        file, handle = Path(asked["file"]), argument.get(str(number))
        found = Found(**{**asked, **several, "file": file, "handle": handle})
        yield from with_invitations(_in_batches(_rows(found)))


def _gathered(
    parts: Iterable[Any], join: Callable[[type[Row], list[Any]], Iterator[Batch]], *, batches: bool
) -> Iterator[Any]:
    """Batches, or rows, put together table by table, and sent once they are many rows."""
    waiting: dict[type[Row], list[Any]] = {}
    rows: dict[type[Row], int] = {}
    for part in parts:
        if isinstance(part, Batch) is not batches:
            yield part
            continue
        table = part.table if batches else type(part)
        if (gathered := waiting.get(table)) is None:
            gathered, rows[table] = waiting.setdefault(table, []), 0
        gathered.append(part)
        rows[table] += part.data.num_rows if batches else 1
        if rows[table] >= _ROWS_SENT:
            yield from join(table, waiting.pop(table))
    for table, rest in waiting.items():
        yield from join(table, rest)


def _together(table: type[Row], parts: list[Batch]) -> Iterator[Batch]:
    if len(parts) == 1:
        yield parts[0]
        return
    whole = pa.Table.from_batches([part.data for part in parts]).combine_chunks()
    yield Batch(table, whole.to_batches()[0])


def _rows(found: Found) -> Iterator[Row | Batch]:
    """What the surest reader makes of a file; of a database also what was deleted from it."""
    if not may_be_database(found.path, found.media_type):
        reader, probe = _surest(found)
        if probe is None or probe.confidence < AS_ANY_TEXT:
            yield from _text_that_nobody_knows(found)
        if reader:
            yield from reader.read(found)
        return
    found = _in_own_folder(found)
    if found.media_type != SQLITE:
        reader, probe = _surest(found)
        if reader and probe and probe.kind.endswith(".encrypted"):  # no page of it can be gathered
            yield from reader.read(found)
            return
    given, notes = recovery.mended(found)
    yield from notes
    reader, _ = _surest(given)
    yield from reader.read(given) if reader else [_nobody_reads(given)]
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


def _surest(found: Found) -> tuple[Reader, Probe] | tuple[None, None]:
    """The reader that is surest of a file and what it takes it for, if any knows it."""
    best = max(_probed(found), key=lambda p: (p[1].confidence, p[0].name), default=None)
    return best or (None, None)


def _probed(found: Found) -> Iterator[tuple[Reader, Probe]]:
    for reader in api.readers():
        with suppress(sqlite3.Error):  # told by whoever reads it, or by nobody's reading it
            if reader.takes(found) and (probe := reader.probe(found)):
                yield reader, probe


def _nobody_reads(found: Found) -> Row:
    """Report a database that no reader knows: nothing found is not nothing there."""
    named = lookalikes.by_name(found.path)
    try:
        with found.sqlite() as db:
            tables = schema(db)
    except sqlite3.Error as error:
        if named:
            return found.unread("file", f"{lookalikes.CODE}:unreadable", sign=named, cause=error)
        return found.unread("file", "damaged", cause=error)
    mark = api.schema_fingerprint(tables)[:16]
    if signs := [s for s in (lookalikes.by_tables(tables), named) if s]:
        return found.unread("file", lookalikes.CODE, sign=signs, kind=SQLITE, schema=mark)
    names = sorted(tables)
    return found.unread("file", "no_reader", n=len(names), table=names[:12], schema=mark)


def _text_that_nobody_knows(found: Found) -> Iterator[Row]:
    """Report a text, or a file of a telling name, that looks like a chat."""
    with found.open() as file:
        head = file.read(_LOOKED_AT)
    looks = lookalikes.by_keys(head) if found.media_type in lookalikes.TYPES else None
    named = lookalikes.by_name(found.path)
    if signs := [s for s in (looks, named) if s]:
        schema = lookalikes.fingerprint_of_keys(head)[:16]
        kind = found.media_type or "application/octet-stream"
        yield found.unread("file", lookalikes.CODE, sign=signs, kind=kind, schema=schema)


def _in_batches(rows: Iterable[Row | Batch]) -> Iterator[Batch]:
    """Rows gathered into batches, table by table."""
    for part in _gathered(rows, _batches, batches=False):
        if part.data.num_rows:
            yield part


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
