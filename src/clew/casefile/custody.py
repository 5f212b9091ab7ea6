"""The custody log: who did what to the case, each entry bound to all before it.

An entry's hash covers the hash before it, so any edit, deletion or reordering shows; what a chain
alone can't show is a log cut short or rolled back as a whole, for which its latest hash is printed
in every report. An entry is written before what it tells of takes effect.
"""

from __future__ import annotations

import getpass
import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from clew.casefile.files import writing
from clew.errors import EvidenceError

_START = "0" * 64
_TABLE = """
CREATE TABLE IF NOT EXISTS entry (
  number INTEGER PRIMARY KEY, body TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL
);
CREATE TRIGGER IF NOT EXISTS entry_is_final BEFORE UPDATE ON entry
  BEGIN SELECT RAISE(ABORT, 'the custody log is append-only'); END;
CREATE TRIGGER IF NOT EXISTS entry_stays BEFORE DELETE ON entry
  BEGIN SELECT RAISE(ABORT, 'the custody log is append-only'); END;
"""


class Entry(msgspec.Struct, frozen=True):
    """One entry of the log."""

    number: int
    body: str
    previous: str
    hash: str


class CustodyLog:
    """Append-only log in ``custody.sqlite``."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def append(self, action: str, **detail: object) -> str:
        """Write an entry down for good, and return its hash."""
        body = msgspec.json.encode(
            {
                "at": datetime.now(UTC).isoformat(timespec="seconds"),
                "by": _user(),
                "action": action,
                **detail,
            },
            order="sorted",
        ).decode()
        with writing("writing the custody log"):
            try:
                return self._append(body)
            except sqlite3.OperationalError as error:
                raise OSError(*_as_os_error(error)) from error
            except sqlite3.DatabaseError as error:
                raise EvidenceError(
                    f"the custody log is damaged: {error}",
                    do="Run `clew verify` and restore custody.sqlite from your backup.",
                ) from error

    def entries(self) -> Iterator[Entry]:
        """Every entry, in order."""
        if not self._file.exists():
            return
        with closing(sqlite3.connect(f"{self._file.absolute().as_uri()}?mode=ro", uri=True)) as db:
            for row in db.execute("SELECT number, body, previous, hash FROM entry ORDER BY number"):
                yield Entry(*row)

    def latest(self) -> str:
        """Hash of the latest entry: whoever wrote it down elsewhere can tell a rollback."""
        *_, last = (_START, *(entry.hash for entry in self.entries()))
        return last

    def problems(self) -> Iterator[str]:
        """What is wrong with the log, entry by entry."""
        previous, expected = _START, 1
        try:
            for entry in self.entries():
                if entry.number != expected:
                    yield f"entry {expected} is missing"
                if entry.previous != previous:
                    yield f"entry {entry.number} does not follow the one before it"
                if entry.hash != _hash(previous, entry.body):
                    yield f"entry {entry.number} was changed"
                previous, expected = entry.hash, entry.number + 1
        except sqlite3.DatabaseError as error:
            yield f"can't be read: {error}"

    def _append(self, body: str) -> str:
        with closing(sqlite3.connect(self._file, isolation_level=None, timeout=30)) as db:
            db.execute("PRAGMA synchronous=FULL")
            db.executescript(_TABLE)
            db.execute("BEGIN IMMEDIATE")
            last = db.execute("SELECT hash FROM entry ORDER BY number DESC LIMIT 1").fetchone()
            previous = last[0] if last else _START
            digest = _hash(previous, body)
            db.execute(
                "INSERT INTO entry (body, previous, hash) VALUES (?, ?, ?)",
                (body, previous, digest),
            )
            db.execute("COMMIT")
        return digest


def _hash(previous: str, body: str) -> str:
    return hashlib.sha256(f"{previous}\n{body}".encode()).hexdigest()


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def _as_os_error(error: sqlite3.OperationalError) -> tuple[int, str]:
    import errno

    words = str(error)
    number = errno.ENOSPC if "full" in words else errno.EACCES
    return number, words
