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

from clew.facts import beginning, lookalikes, recovery
from clew.facts import reader_api as api
from clew.facts.database import schema
from clew.facts.invitations import with_invitations
from clew.facts.plain import plainly
from clew.facts.reader_api import SQLITE, Found, Probe, Reader, may_be_database
from clew.facts.shapes import shape_of
from clew.records import Entry
from clew.sandbox.frames import Yielded
from clew.schema import Batch, Row, replace, to_arrow

TASK = "clew.facts.reader_worker:read_files"
_ROWS_SENT = 4096
_CHUNK = 1 << 20
_SAYS_LITTLE = (None, "text/plain")
"""Media types of files that begin like nothing in particular."""
_TIDIED_AFTER = 16
"""Files after which the worker clears away what refers to itself."""
_NOTHING = "-"
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
    given = found if found.media_type == SQLITE else plainly(found)
    if may_be_database(given.path, given.media_type):
        if given.file != found.file:
            yield _begins_later(found)
        yield from _of_database(_in_own_folder(given))
        return
    reader, probe, given = _surest_of_text(given)
    is_sure = probe is not None and probe.confidence >= AS_ANY_TEXT
    if is_sure and given.file != found.file:
        yield _begins_later(found)
    is_log = False
    for row in reader.read(given) if reader else ():
        is_log |= isinstance(row, Entry)
        yield row
    if not (is_sure or is_log or api.PART_OF_DOCUMENT.search(found.path)):
        yield from _nobody_understands(found, given, is_read=reader is not None)


def _of_database(found: Found) -> Iterator[Row | Batch]:
    if found.media_type != SQLITE:
        reader, probe = _surest(found)
        if reader and probe and probe.kind.endswith(".encrypted"):  # no page of it can be gathered
            yield from reader.read(found)
            return
    given, notes = recovery.mended(found)
    yield from notes
    reader, _ = _surest(given)
    yield from reader.read(given) if reader else [_nobody_reads(given)]
    if reader and not notes:  # in a damaged one live and deleted can't be distinguished surely
        yield from recovery.recovered(reader, given)


def _begins_later(found: Found) -> Row:
    """Report that a content was read from where it begins, as plain UTF-8 if it is text."""
    begins = found.begins
    return found.unread("file", "begins_later", at=begins.offset, encoding=begins.encoding)


def _surest_of_text(found: Found) -> tuple[Reader | None, Probe | None, Found]:
    """The surest reader; where none is, of what stands far behind the beginning as well."""
    reader, probe = _surest(found)
    is_longer = found.begins.form == "json" and len(found.begins.text) >= beginning.LENGTH
    if is_longer and (probe is None or probe.confidence < AS_ANY_TEXT):
        outlined = msgspec.structs.replace(found, outlined=True)
        farther, better = _surest(outlined)
        if better is not None:
            return farther, better, outlined
    return reader, probe, found


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
        with suppress(sqlite3.Error):  # reported by whoever reads it, or by nobody's reading it
            if reader.takes(found) and (probe := reader.probe(found)):
                yield reader, probe


def _nobody_reads(found: Found) -> Row:
    """Report a database that no reader knows: nothing found is not nothing there."""
    try:
        with found.sqlite() as db:
            tables = schema(db)
    except sqlite3.Error as error:
        if named := lookalikes.by_name(found.path):
            return found.unread("file", f"{lookalikes.CHAT}:unreadable", sign=named, cause=error)
        return found.unread("file", "damaged", cause=error)
    signs = lookalikes.signs_of_tables(found.path, tables)
    mark = api.schema_fingerprint(tables)[:16]
    part = sorted(tables)[:12] or _NOTHING
    return found.unread("file", signs.code, sign=signs.of, kind="sqlite", part=part, schema=mark)


def _nobody_understands(found: Found, given: Found, *, is_read: bool) -> Iterator[Row]:
    """Report what has a structure, or a name that says nothing, and what it looks like.

    What a reader knows by its name, and nobody by how it begins, was damaged or is called wrongly.
    """
    if shape := shape_of(given):
        signs = lookalikes.signs_of(found.path, shape)
        if shape.kind == "html" and signs.code in (lookalikes.OTHER, lookalikes.APP):
            return
        yield found.unread(
            "file", signs.code, sign=signs.of, kind=shape.kind, part=shape.shown or _NOTHING,
            schema=lookalikes.fingerprint(shape.names)[:16], at=found.begins.offset or None,
        )  # fmt: skip
    elif named := lookalikes.by_name(found.path):
        kind, mark = found.media_type or "binary", lookalikes.fingerprint(())[:16]
        yield found.unread(
            "file", lookalikes.CHAT, sign=named, kind=kind, part=_NOTHING, schema=mark
        )
    elif not is_read and found.media_type in _SAYS_LITTLE and _is_known_by_name(found):
        yield found.unread("file", "unknown_beginning")


def _is_known_by_name(found: Found) -> bool:
    return any(reader.wants(found.path, None) for reader in api.readers())


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
