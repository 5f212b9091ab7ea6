"""Builders that tests of several modules share, on sqlite logs."""

from __future__ import annotations

import shutil
import sqlite3

ROWS = 600


def made(file, *settings: str) -> sqlite3.Connection:
    db = sqlite3.connect(file, isolation_level=None)
    for setting in ("secure_delete=OFF", "page_size=1024", *settings):
        db.execute(f"PRAGMA {setting}").fetchall()
    db.execute("CREATE TABLE message (_id INTEGER PRIMARY KEY, key TEXT NOT NULL, text TEXT)")
    rows = [(n, f"key-{n}", f"text of message {n} " * 5) for n in range(1, ROWS + 1)]
    db.execute("BEGIN")
    db.executemany("INSERT INTO message VALUES (?, ?, ?)", rows)
    db.execute("COMMIT")
    return db


def copied(folder, file, *endings: str):
    folder.mkdir()
    for ending in ("", *endings):
        shutil.copy(f"{file}{ending}", folder / f"m.db{ending}")
    return folder / "m.db"


def hot(tmp_path):
    """A database in the middle of a change that outgrew its cache, with the journal."""
    file = tmp_path / "m.db"
    db = made(file, "cache_size=2", "cache_spill=1")
    db.execute("BEGIN")
    db.execute("DELETE FROM message WHERE _id % 2 = 0")
    db.execute("UPDATE message SET text = 'never ' || text WHERE _id % 3 = 0")
    rows = [(n, f"key-{n}", f"never committed {n}") for n in range(5000, 5200)]
    db.executemany("INSERT INTO message VALUES (?, ?, ?)", rows)
    copy = copied(tmp_path / "copy", file, "-journal")
    db.execute("ROLLBACK")
    db.close()
    return copy
