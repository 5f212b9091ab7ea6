"""Deleted rows come back as they were, live ones never do, and no bytes make it raise."""

from __future__ import annotations

import random
import sqlite3

import pytest
from builders.sqlite_carving import ROWS, WORDS, made, row

from clew.facts.sqlite import carve


def there(file, rows) -> list[tuple]:
    """Of these rows, those whose text and key still stand in the file."""
    data = file.read_bytes()
    return [r for r in rows if r[3].encode() in data and r[6].encode() in data]


def found(file, wal=None) -> list:
    return [c for c in carve(file, wal) if c.state != "superseded"]


DELETIONS = {
    "random": lambda chance: chance.sample(range(1, ROWS + 1), 300),
    "a block": lambda chance: list(range(1000, 1300)),
    "every third": lambda chance: list(range(3, ROWS, 3)),
}


@pytest.mark.parametrize("how", DELETIONS)
@pytest.mark.parametrize("seed", range(3))
def test_deleted_rows_that_are_physically_there_come_back_and_nothing_else(
    tmp_path, how, seed
) -> None:
    file = tmp_path / "m.db"
    db, rows, chance = made(file, seed)
    gone = DELETIONS[how](chance)
    db.execute("BEGIN")
    db.executemany("DELETE FROM message WHERE _id = ?", [(n,) for n in gone])
    db.execute("COMMIT")
    db.close()
    deleted = {rows[n][1:] for n in gone}
    carved = [tuple(c.values.values())[1:] for c in found(file)]
    right = {values for values in carved if values in deleted}
    physically = there(file, [rows[n] for n in gone])
    assert len(physically) > 50
    assert len(right) >= 0.95 * len(physically)
    assert [values for values in carved if values not in deleted] == []


def test_rows_that_were_written_over_in_part_are_not_made_up(tmp_path) -> None:
    file = tmp_path / "m.db"
    db, rows, chance = made(file, 7)
    db.executemany("DELETE FROM message WHERE _id = ?", [(n,) for n in range(500, 900)])
    later = {n: row(n, chance) for n in range(ROWS + 1, ROWS + 400)}
    db.executemany(f"INSERT INTO message VALUES ({','.join('?' * 8)})", later.values())
    db.close()
    known = {r[1:] for r in (*rows.values(), *later.values())}
    carved = [tuple(c.values.values())[1:] for c in found(file)]
    assert [values for values in carved if values not in known] == []
    live = {r[1:] for n, r in (rows | later).items() if not 500 <= n < 900}
    assert [values for values in carved if values in live] == []


def test_rows_deleted_in_the_log_alone_come_back_from_the_main_file(tmp_path) -> None:
    file, copy = tmp_path / "m.db", tmp_path / "copy"
    db, rows, _ = made(file, 3)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA wal_autocheckpoint=0")
    db.execute("DELETE FROM message WHERE _id % 10 = 0")
    copy.mkdir()
    for name in ("m.db", "m.db-wal"):
        (copy / name).write_bytes((tmp_path / name).read_bytes())
    db.close()
    carved = found(copy / "m.db", copy / "m.db-wal")
    assert {tuple(c.values.values()) for c in carved} == {r for n, r in rows.items() if n % 10 == 0}
    assert {c.state for c in carved} <= {"wal-older", "freeblock", "unallocated"}
    assert all(c.rowid for c in carved if c.state == "wal-older")


def test_an_edited_row_is_superseded_and_never_a_deleted_one(tmp_path) -> None:
    file, copy = tmp_path / "m.db", tmp_path / "copy"
    db, _, _ = made(file, 4)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA wal_autocheckpoint=0")
    db.execute("UPDATE message SET text = 'edited' WHERE _id = 77")
    copy.mkdir()
    for name in ("m.db", "m.db-wal"):
        (copy / name).write_bytes((tmp_path / name).read_bytes())
    db.close()
    carved = [c for c in carve(copy / "m.db", copy / "m.db-wal") if c.rowid == 77]
    assert [c.state for c in carved] == ["superseded"]


@pytest.mark.parametrize("setting", ["auto_vacuum=FULL", "page_size=1024", "page_size=65536",
                                     "encoding='UTF-16le'"])  # fmt: skip
def test_other_kinds_of_database_yield_nothing_that_was_not_there(tmp_path, setting) -> None:
    file = tmp_path / "m.db"
    db, rows, chance = made(file, 5, setting)
    gone = chance.sample(range(1, ROWS + 1), 200)
    db.executemany("DELETE FROM message WHERE _id = ?", [(n,) for n in gone])
    db.close()
    deleted = {rows[n][1:] for n in gone}
    carved = [tuple(c.values.values())[1:] for c in found(file)]
    assert [values for values in carved if values not in deleted] == []
    if setting != "auto_vacuum=FULL":
        assert len(set(carved)) > 100


def test_where_it_points_the_bytes_stand(tmp_path) -> None:
    file = tmp_path / "m.db"
    db, _, _ = made(file, 6)
    db.execute("DELETE FROM message WHERE _id BETWEEN 100 AND 110")
    db.close()
    data = file.read_bytes()
    carved = found(file)
    assert carved
    for one in carved:
        assert one.part == "main"
        assert one.values["key_id"].encode() in data[one.offset : one.offset + 600]
        assert one.page == one.offset // 4096 + 1


@pytest.mark.parametrize("seed", range(6))
def test_nothing_is_told_that_never_was_a_row_however_space_is_used_again(tmp_path, seed) -> None:
    """With few columns, the letters of a text can pass for a row's header."""
    chance = random.Random(seed)
    file = tmp_path / "m.db"
    db = sqlite3.connect(file, isolation_level=None)
    db.execute("PRAGMA secure_delete=OFF")
    db.execute("PRAGMA page_size=1024")
    db.execute("CREATE TABLE note (_id INTEGER PRIMARY KEY, key TEXT NOT NULL, text TEXT)")
    ever, held = set(), {}
    for turn in range(4):
        db.execute("BEGIN")
        for number in chance.sample(range(1, 500), 300):
            if number in held and chance.random() < 0.5:
                db.execute("DELETE FROM note WHERE _id = ?", (number,))
                del held[number]
                continue
            words = " ".join(chance.choices(WORDS, k=chance.randint(1, 20)))
            held[number] = (f"key-{number}-{turn}", words)
            ever.add(held[number])
            db.execute("INSERT OR REPLACE INTO note VALUES (?, ?, ?)", (number, *held[number]))
        db.execute("COMMIT")
    db.close()
    carved = list(carve(file))
    assert len(carved) > 20
    false = [c for c in carved if c.complete and tuple(c.values.values())[1:] not in ever]
    shown = [c for c in carved if tuple(c.values.values())[1:] in set(held.values())]
    assert false == []
    assert shown == []
