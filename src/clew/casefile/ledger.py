"""The ledger of judgements: what people decided, in SQLite, which refuses to change a row.

Facts and findings are made anew at any time; a judgement can't be, so it is written once, by a
named person, and a later one stands beside it and never in its place.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TypeVar

import msgspec

from clew.casefile.files import writing
from clew.errors import EvidenceError
from clew.schema import Row

Judgement = TypeVar("Judgement", bound=Row)
_SCHEMA = """
CREATE TABLE IF NOT EXISTS judgements (
  number INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, judgement TEXT NOT NULL
) STRICT;
CREATE TRIGGER IF NOT EXISTS never_changed BEFORE UPDATE ON judgements
BEGIN SELECT RAISE(ABORT, 'a judgement is never changed; add a later one'); END;
CREATE TRIGGER IF NOT EXISTS never_removed BEFORE DELETE ON judgements
BEGIN SELECT RAISE(ABORT, 'a judgement is never removed; add a later one'); END;
"""


class Ledger:
    """The judgements of one case."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def judgements(self, kind: type[Judgement]) -> list[Judgement]:
        """Every judgement of a kind, in the order in which they were made."""
        if not self._file.is_file():
            return []
        try:
            with closing(sqlite3.connect(self._file)) as database:
                rows = database.execute(
                    "SELECT judgement FROM judgements WHERE kind = ? ORDER BY number",
                    (kind.table_name,),
                ).fetchall()
            return [msgspec.json.decode(text, type=kind) for (text,) in rows]
        except (sqlite3.DatabaseError, msgspec.MsgspecError) as error:
            raise EvidenceError(
                f"the ledger of judgements is damaged: {error}",
                do="Restore ledger.sqlite from your backup; the custody log has every judgement.",
            ) from error

    def add(self, judgement: Row) -> None:
        """Write one judgement at the end."""
        with writing("writing the ledger"), closing(sqlite3.connect(self._file)) as database:
            database.execute("PRAGMA synchronous = FULL")
            database.executescript(_SCHEMA)
            text = msgspec.json.encode(judgement).decode()
            database.execute(
                "INSERT INTO judgements (kind, judgement) VALUES (?, ?)",
                (type(judgement).table_name, text),
            )
            database.commit()
