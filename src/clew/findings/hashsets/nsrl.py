"""NSRL's RDSv3, the SQLite database of known software: a set of what may be left aside.

``FILE`` is a table in minimal releases and a view in full ones; either answers the same columns.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

from clew.errors import UsageError
from clew.findings.hashsets.entries import Entry, Format, Reading, entries_of, hashes_of, said

_WANTED = ("sha256", "sha1", "md5", "package_id", "file_name", "file_size")
_DIGESTS = ("sha256", "sha1", "md5")
_REPORTED_EVERY = 50_000
_BYTES_A_ROW = 400
"""What a row of a minimal release takes of the file, roughly: for progress only."""


def _read(reading: Reading) -> Iterator[Entry]:
    _refuse_unfinished(reading)
    uri = reading.file.absolute().as_uri() + "?immutable=1"
    try:
        with closing(sqlite3.connect(uri, uri=True)) as database:
            database.text_factory = lambda raw: raw.decode("utf-8", "backslashreplace")
            existing = {row[1].lower() for row in database.execute("PRAGMA table_xinfo(FILE)")}
            columns = [name for name in _WANTED if name in existing]
            if not set(_DIGESTS) & existing:
                raise UsageError(
                    f"{reading.file.name} is an SQLite database without NSRL's table FILE",
                    do="Give a database of RDS version 3; deltas come as .sql and are applied "
                    "with NIST's own instructions first. Nothing changed.",
                )
            query = f"SELECT {', '.join(columns)} FROM FILE"  # noqa: S608 - from the list above
            for number, row in enumerate(database.execute(query), start=1):
                yield from _entries(number, dict(zip(columns, row, strict=True)), reading)
                if number % _REPORTED_EVERY == 0:
                    reading.advance(_REPORTED_EVERY * _BYTES_A_ROW)
    except sqlite3.DatabaseError as error:
        reading.reject("FILE", f"the rest can't be read: {error}", "")


def _refuse_unfinished(reading: Reading) -> None:
    """The file is read as it stands; what waits in a file beside it would be left out."""
    for ending in ("-wal", "-journal"):
        beside = reading.file.with_name(reading.file.name + ending)
        if beside.is_file() and beside.stat().st_size:
            raise UsageError(
                f"{beside.name} holds changes that {reading.file.name} has not yet",
                do="Open and close the database with the program that wrote it. Nothing changed.",
            )


def _entries(number: int, row: dict[str, object], reading: Reading) -> Iterator[Entry]:
    record = f"FILE/{number}"
    hashes, doubtful = hashes_of((kind, kind, row.pop(kind, None)) for kind in _DIGESTS)
    rest = {name: value for name, value in row.items() if value is not None}
    reading.doubt(record, hashes, doubtful, repr(rest))
    yield from entries_of(record, hashes, details=said(rest))


FORMAT = Format("nsrl", lambda head: head.startswith(b"SQLite format 3\0"), _read)
