"""NSRL's RDSv3, the SQLite database of known software: a set of what may be left aside.

``FILE`` is a table in minimal releases and a view in full ones; either answers the same columns.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

from clew.errors import UsageError
from clew.findings.hashsets.entries import Entry, Format, Reading, digest, said

_WANTED = ("sha256", "sha1", "md5", "package_id", "file_name", "file_size")
_TOLD_EVERY = 50_000
_BYTES_A_ROW = 400
"""What a row of a minimal release takes of the file, roughly: for progress only."""


def _read(reading: Reading) -> Iterator[Entry]:
    uri = reading.file.absolute().as_uri() + "?mode=ro"
    try:
        with closing(sqlite3.connect(uri, uri=True)) as database:
            database.text_factory = lambda raw: raw.decode("utf-8", "backslashreplace")
            held = {row[1].lower() for row in database.execute("PRAGMA table_xinfo(FILE)")}
            columns = [name for name in _WANTED if name in held]
            if not {"md5", "sha1", "sha256"} & held:
                raise UsageError(
                    f"{reading.file.name} is an SQLite database without NSRL's table FILE",
                    do="Give a database of RDS version 3; deltas come as .sql and are applied "
                    "with NIST's own instructions first. Nothing changed.",
                )
            query = f"SELECT {', '.join(columns)} FROM FILE"  # noqa: S608 - from the list above
            for number, row in enumerate(database.execute(query), start=1):
                if entry := _entry(number, dict(zip(columns, row, strict=True)), reading):
                    yield entry
                if number % _TOLD_EVERY == 0:
                    reading.advance(_TOLD_EVERY * _BYTES_A_ROW)
    except sqlite3.DatabaseError as error:
        reading.reject("FILE", f"the rest can't be read: {error}", "")


def _entry(number: int, row: dict[str, object], reading: Reading) -> Entry | None:
    md5, sha1, sha256 = (digest(kind, row.pop(kind, None)) for kind in ("md5", "sha1", "sha256"))
    if not (md5 or sha1 or sha256):
        reading.reject(f"FILE/{number}", "no hash in it", repr(row))
        return None
    rest = {name: value for name, value in row.items() if value is not None}
    return Entry(record=f"FILE/{number}", details=said(rest), md5=md5, sha1=sha1, sha256=sha256)


FORMAT = Format("nsrl", lambda head: head.startswith(b"SQLite format 3\0"), _read)
