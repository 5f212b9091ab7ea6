"""Rows of a database that is being made up, and the file that they are written to."""

import sqlite3
from contextlib import closing
from pathlib import Path

from clew.demo import wal
from clew.demo.parameters import resource

_Rows = dict[str, list[tuple[object, ...]]]


def schema(name: str) -> str:
    """Tables of a messenger's database, by the names and columns that they have there."""
    return resource(f"schemas/{name}.sql")


class Rows:
    """Rows by table, in the order in which they were added."""

    def __init__(self) -> None:
        self._settled: _Rows = {}
        self._in_log: _Rows = {}
        self._current = self._settled

    def add(self, table: str, **values: object) -> None:
        """Add a row."""
        into = f"{table} ({', '.join(values)})"
        self._current.setdefault(into, []).append(tuple(values.values()))

    def leave_in_log(self) -> None:
        """Leave what is added from here on in the write-ahead log."""
        self._current = self._in_log

    def write(self, file: Path, tables: str) -> None:
        """Write the database as it lies on a running phone, its log beside it where it has one."""
        with closing(sqlite3.connect(file)) as db:
            db.executescript(f"PRAGMA secure_delete=OFF; PRAGMA synchronous=OFF; {tables}")
            _insert(db, self._settled)
            if not self._in_log:
                return
            db.executescript("PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0;")
            _insert(db, self._in_log)
            log = Path(f"{file}-wal")
            whole, logged = file.read_bytes(), wal.settled(log.read_bytes())
        file.write_bytes(whole)
        log.write_bytes(logged)


def _insert(db: sqlite3.Connection, rows: _Rows) -> None:
    for into, values in rows.items():
        marks = ", ".join("?" * len(values[0]))
        db.executemany(f"INSERT INTO {into} VALUES ({marks})", values)  # noqa: S608 - names of ours
    db.commit()
