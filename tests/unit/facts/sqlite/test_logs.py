"""Which pages of a log or a journal count is what SQLite itself says, whatever is done to them."""

from __future__ import annotations

import random
import shutil
import sqlite3
from contextlib import closing

import pytest
from builders.sqlite_logs import ROWS, copied, hot, made

from clew.facts.reader_api import Found
from clew.facts.sqlite import carve


def live(file, folder) -> dict[int, str]:
    """Rows as SQLite has them, read from a copy."""
    folder.mkdir()
    for part in file.parent.iterdir():
        shutil.copy(part, folder / part.name)
    with closing(sqlite3.connect(folder / file.name)) as db:
        return dict(db.execute("SELECT _id, text FROM message"))


def test_what_was_never_committed_is_told_apart_from_what_is_live(tmp_path) -> None:
    file = hot(tmp_path)
    rows = live(file, tmp_path / "seen")
    assert len(rows) == ROWS
    carved = list(carve(file, None, file.with_name("m.db-journal")))
    new = [c for c in carved if c.state == "uncommitted"]
    held = file.read_bytes()
    written = [n for n in range(5000, 5200) if f"key-{n}never".encode() in held]
    assert len(new) >= 0.95 * len(written) > 80
    assert all(c.rowid >= 5000 and c.part == "main" for c in new)
    others = {c.rowid: c.values["text"] for c in carved if c.state != "uncommitted"}
    assert {c.state for c in carved} == {"uncommitted", "superseded"}
    assert all(text.startswith("never ") and n % 3 == 0 for n, text in others.items())


def in_log(tmp_path):
    """A log with three transactions of which each replaces pages of the one before."""
    file = tmp_path / "m.db"
    db = made(file, "journal_mode=WAL", "wal_autocheckpoint=0")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    for turn in range(3):
        db.execute(f"UPDATE message SET text = text || ' turn {turn}' WHERE _id % 3 = {turn}")
        db.execute("DELETE FROM message WHERE _id % 50 = ?", (turn,))
    copy = copied(tmp_path / "copy", file, "-wal")
    db.close()
    return copy


@pytest.mark.parametrize("seed", range(6))
def test_a_damaged_log_counts_up_to_the_damage_and_no_live_row_is_taken_for_deleted(
    tmp_path, seed
) -> None:
    file = in_log(tmp_path)
    log = bytearray(file.with_name("m.db-wal").read_bytes())
    log[random.Random(seed).randrange(0 if seed else 8, len(log) if seed else 24)] ^= 0x10
    file.with_name("m.db-wal").write_bytes(log)
    rows = live(file, tmp_path / "seen")
    carved = list(carve(file, file.with_name("m.db-wal")))
    gone = [c for c in carved if c.state != "superseded"]
    assert not [c for c in gone if c.rowid in rows]
    assert not [c for c in carved if rows.get(c.rowid) == c.values["text"]]


def test_frames_without_a_commit_are_uncommitted(tmp_path) -> None:
    file = tmp_path / "m.db"
    db = made(file, "journal_mode=WAL", "wal_autocheckpoint=0", "cache_size=2", "cache_spill=1")
    db.execute("BEGIN")
    rows = [(n, f"key-{n}", f"never committed {n}") for n in range(5000, 5200)]
    db.executemany("INSERT INTO message VALUES (?, ?, ?)", rows)
    copy = copied(tmp_path / "copy", file, "-wal")
    db.execute("ROLLBACK")
    db.close()
    assert len(live(copy, tmp_path / "seen")) == ROWS
    new = [c for c in carve(copy, copy.with_name("m.db-wal")) if (c.rowid or 0) >= 5000]
    assert len(new) > 100
    assert {c.state for c in new} == {"uncommitted"}


def test_rows_that_only_the_log_has_are_counted_though_others_are_gone(tmp_path) -> None:
    file = tmp_path / "m.db"
    db = made(file, "journal_mode=WAL", "wal_autocheckpoint=0")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    db.execute("DELETE FROM message WHERE _id <= 100")
    db.execute("INSERT INTO message VALUES (5000, 'a', 'b'), (5001, 'c', 'd')")
    copy = copied(tmp_path / "copy", file, "-wal")
    db.close()
    found = Found(
        exhibit_id="X", item_id="i", source_id="s", path="m.db", media_type=None, file=copy,
        with_wal=True, companions=(),
    )  # fmt: skip
    assert found.only_in_log("message") == 2
