"""Damaged databases and deleted rows, for every reader of an SQLite database alike.

A reader knows nothing of this. Where a database is damaged, its rows are gathered from its pages
into a sound copy, and the reader reads that. Rows that were deleted and whose bytes are still
there go into a small database of the same schema, with the live rows of the tables that explain
them; the reader reads it as it reads any other, and what it makes of them is labelled.
"""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pyarrow as pa

from clew import records
from clew.facts.reader_api import SQLITE, Found, Reader
from clew.facts.sqlite import Carved, carve, recover, troubles
from clew.facts.sqlite.schema import quoted
from clew.records import Message, RecoveredMessage, RecoveredRow, RecoveredShare, Share, Unread
from clew.schema import Batch, Row, batch, to_arrow

NAME = "recovery"
_AS: dict[type[Row], type[Row]] = {Message: RecoveredMessage, Share: RecoveredShare}
_BEYOND = 1 << 40
"""Row numbers from here on stand for rows whose own number is lost."""
_REPORTED = 5
_BEFORE = "before"


def mended(found: Found) -> tuple[Found, list[Unread]]:
    """The database to read: itself, or a sound copy of what its pages still hold."""
    _set_aside(found)
    wrong = troubles(found.file, _beside(found, "-wal"))
    if not wrong:
        return found, []
    if _reads_whole(found):  # as where the log holds a sound first page
        return msgspec.structs.replace(found, media_type=SQLITE), []
    copy = found.file.with_name("mended.db")
    counts = recover(found.file, copy, _beside(found, "-wal"))
    named = msgspec.structs.replace(found, reader=NAME)
    notes = [
        named.unread(f"page/{t.page}", t.code, table=t.table, stated=t.stated, page=t.page)
        for t in wrong[:_REPORTED]
    ]
    if not any(counts.values()):
        return found, [named.unread("file", "no_page_read"), *notes]
    rows = [f"{table} {n}" for table, n in sorted(counts.items()) if n]
    notes.insert(0, named.unread("file", "read_by_pages", rows=rows))
    return msgspec.structs.replace(found, file=copy, media_type=SQLITE, with_wal=False), notes


def recovered(reader: Reader, found: Found) -> Iterator[Row | Batch]:
    """Every row that is not live, as it stands, and as the reader reads it."""
    rows = list(carve(*_untouched(found)))
    for row in rows:
        yield _as_row(found, row)
    deleted = [r for r in rows if r.table in reader.recovers and r.state != "superseded"]
    if not deleted:
        return
    overlay = found.file.with_name("recovered.db")
    carved = _build(found, reader, deleted, overlay)
    beside = msgspec.structs.replace(found, file=overlay, with_wal=False, companions=())
    for read in reader.read(beside):
        yield from _labelled(found, read, carved)


def locator(row: Carved) -> str:
    """Where the bytes of a row stand, such as ``message/4711@wal+8216``."""
    number = "?" if row.rowid is None else row.rowid
    return f"{row.table}/{number}@{row.part}+{row.offset}"


def _reads_whole(found: Found) -> bool:
    """Whether SQLite itself finds nothing wrong: what looked odd does no harm."""
    try:
        with found.sqlite() as db:
            return bool(db.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
    except sqlite3.Error:
        return False


def _set_aside(found: Found) -> None:
    """Keep a database whose journal SQLite may roll back as it is: what is taken back shows there.

    To read it is to roll it back, in the copy, and then nothing is left of the unfinished change.
    """
    journal = _beside(found, "-journal")
    if journal:
        for file, name in ((found.file, _BEFORE), (journal, f"{_BEFORE}-journal")):
            shutil.copyfile(file, found.file.with_name(name))


def _untouched(found: Found) -> tuple[Path, Path | None, Path | None]:
    """The database with its log and its journal, as they were before anybody read it."""
    before = found.file.with_name(_BEFORE)
    if before.is_file():
        return before, _beside(found, "-wal"), before.with_name(f"{_BEFORE}-journal")
    return found.file, _beside(found, "-wal"), None


def _beside(found: Found, ending: str) -> Path | None:
    path = found.file.with_name(found.file.name + ending)
    return path if path.is_file() else None


def _as_row(found: Found, row: Carved) -> RecoveredRow:
    shown = {n: f"x:{v.hex()}" if isinstance(v, bytes) else v for n, v in row.values.items()}
    return RecoveredRow(
        **found.at(locator(row)),
        source_table=row.table,
        row=row.rowid,
        found_in=records.RecoveredFrom(row.state),
        part=row.part,
        page=row.page,
        offset=row.offset,
        complete=row.complete,
        values=json.dumps(shown, ensure_ascii=False),
    )


def _build(found: Found, reader: Reader, rows: list[Carved], overlay: Path) -> dict[str, Carved]:
    """A database of the deleted rows and of what explains them; the rows by table and number."""
    overlay.unlink(missing_ok=True)
    with found.sqlite() as live, closing(sqlite3.connect(overlay)) as db:
        for name, statement in live.execute(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'table'"
        ).fetchall():
            if name in (*reader.recovers, *reader.lookups):
                db.execute(statement)
                if name in reader.lookups:
                    _copy(live, db, name)
        carved = _insert(db, rows)
        db.commit()
    return carved


def _copy(live: sqlite3.Connection, db: sqlite3.Connection, table: str) -> None:
    """Every live row of a table, with its number."""
    columns = [c[1] for c in live.execute(f"PRAGMA table_info({quoted(table)})")]
    named = ", ".join(quoted(c) for c in columns)
    marks = ", ".join("?" * len(columns))
    rows = live.execute(f"SELECT {named} FROM {quoted(table)}")
    statement = f"INSERT OR IGNORE INTO {quoted(table)} ({named}) VALUES ({marks})"
    db.executemany(statement, rows)


def _insert(db: sqlite3.Connection, rows: list[Carved]) -> dict[str, Carved]:
    carved: dict[str, Carved] = {}
    for rank, row in enumerate(rows):
        number = _BEYOND + rank if row.rowid is None else row.rowid
        given = {name: value for name, value in row.values.items() if value is not None}
        names = ", ".join(quoted(name) for name in ("rowid", *given))
        marks = ", ".join("?" * (1 + len(given)))
        statement = f"INSERT OR IGNORE INTO {quoted(row.table)} ({names}) VALUES ({marks})"
        try:
            written = db.execute(statement, (number, *given.values())).rowcount
        except sqlite3.Error:  # reported in its own row all the same
            continue
        if written:
            carved[f"{row.table}/{number}"] = row
    return carved


def _labelled(found: Found, row: Row | Batch, rows: dict[str, Carved]) -> Iterator[Batch]:
    """Messages and shares that stand in deleted rows, with where their bytes are."""
    target = _AS.get(row.table if isinstance(row, Batch) else type(row))
    if target is None:
        return
    data = row.data if isinstance(row, Batch) else to_arrow(type(row), [row]).to_batches()[0]
    events = [str(event).rpartition("#")[2] for event in data.column("event_id").to_pylist()]
    kept = [n for n, event in enumerate(events) if event in rows]
    if kept:
        carved, data = [rows[events[n]] for n in kept], data.take(pa.array(kept))
        yield _renamed(found, target, data, carved)


def _renamed(found: Found, target: type[Row], data: pa.RecordBatch, carved: list[Carved]) -> Batch:
    values = {name: data.column(name) for name in data.schema.names}
    values["locator"] = [locator(row) for row in carved]
    values["event_id"] = [found.event(locator(row)) for row in carved]
    state = "state" if target is RecoveredMessage else "record_state"
    values[state] = records.RecordState.RECOVERED.value
    values["found_in"] = [row.state for row in carved]
    values["complete"] = [row.complete for row in carved]
    return batch(target, len(carved), **values)
