"""Sealed texts: what the log tells of persons, as digests that can be opened until they are erased.

The log itself holds the SHA-256 of a random salt and the text; salt and text lie beside it. Without
its salt a digest says nothing, even of a text that somebody guesses, so that erasing the salt and
the text erases what was said, and the log verifies as before.
"""

import hashlib
import secrets
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec

from clew.errors import EvidenceError

_SALT = 16
_TABLE = """
CREATE TABLE IF NOT EXISTS {schema}sealed (
  digest VARCHAR(64) PRIMARY KEY, salt VARCHAR(32), text TEXT, erasure INTEGER
)"""
_FINAL = """
CREATE TRIGGER IF NOT EXISTS {schema}sealed_kept BEFORE DELETE ON sealed
BEGIN SELECT RAISE(ABORT, 'a sealed text is erased, and its digest stays'); END;
CREATE TRIGGER IF NOT EXISTS {schema}sealed_unchanged BEFORE UPDATE ON sealed
WHEN NEW.digest <> OLD.digest OR NEW.erasure IS NULL OR NEW.text IS NOT NULL
  OR NEW.salt IS NOT NULL OR OLD.erasure IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a sealed text is erased or left as it is'); END;
"""
SCHEMA = f"{_TABLE};{_FINAL}".format(schema="")
"""Statements that make the vault."""


class Sealed(msgspec.Struct, frozen=True):
    """A text under seal; salt and text are empty once they are erased."""

    digest: str
    salt: str | None
    text: str | None
    erasure: int | None = None
    """Number of the erasure."""

    @property
    def is_whole(self) -> bool:
        """Whether the text is the one of the digest, or was erased."""
        if self.salt is None or self.text is None:
            return self.salt is None and self.text is None and self.erasure is not None
        return digest(self.salt, self.text) == self.digest


def seal(text: str) -> Sealed:
    """A text under a seal of its own."""
    salt = secrets.token_hex(_SALT)
    return Sealed(digest(salt, text), salt, text)


def digest(salt: str, text: str) -> str:
    """What the log says of a text."""
    return hashlib.sha256(bytes.fromhex(salt) + text.encode("utf-8", "surrogatepass")).hexdigest()


class Vault:
    """Sealed texts in ``sealed.sqlite``, which the log's own transaction writes."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def attach(self, db: sqlite3.Connection) -> None:
        """Let a connection to the log write here within its transactions."""
        db.execute("ATTACH ? AS vault", (str(self.file),))
        if not db.execute("SELECT 1 FROM vault.sqlite_schema LIMIT 1").fetchone():
            db.executescript(_TABLE.format(schema="vault.") + ";" + _FINAL.format(schema="vault."))

    @staticmethod
    def put(db: sqlite3.Connection, sealed: Iterable[Sealed]) -> None:
        """Keep sealed texts, on a connection that is attached."""
        rows = [(s.digest, s.salt, s.text) for s in sealed]
        db.executemany("INSERT INTO vault.sealed (digest, salt, text) VALUES (?, ?, ?)", rows)

    def every(self) -> Iterator[Sealed]:
        """Every sealed text, in order of its digest."""
        if not self.file.is_file():
            return
        try:
            with closing(sqlite3.connect(self.file)) as db:
                for row in db.execute("SELECT digest, salt, text, erasure FROM sealed ORDER BY 1"):
                    yield Sealed(*row)
        except sqlite3.Error as error:
            raise EvidenceError(
                f"the texts that the custody log seals are damaged: {error}",
                do="Restore sealed.sqlite from your backup; the custody log has a digest of each.",
            ) from error

    def text(self, sealed: str) -> str | None:
        """What a digest of the log stands for; None once it is erased."""
        return next((s.text for s in self.every() if s.digest == sealed), None)

    @staticmethod
    def opened(db: sqlite3.Connection, sealed: str) -> dict[str, Any]:
        """What a digest stands for, on a connection that is attached; empty once it is erased."""
        row = db.execute("SELECT text FROM vault.sealed WHERE digest = ?", (sealed,)).fetchone()
        return msgspec.json.decode(row[0], type=dict[str, Any]) if row and row[0] else {}

    @staticmethod
    def erase(db: sqlite3.Connection, digests: Iterable[str], erasure: int) -> None:
        """Take salts and texts away for good, on a connection that is attached."""
        db.executemany(
            "UPDATE vault.sealed SET salt = NULL, text = NULL, erasure = ? WHERE digest = ?",
            [(erasure, one) for one in digests],
        )
