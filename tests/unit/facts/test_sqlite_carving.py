"""Deleted rows come back as they were, live ones never do, and no bytes make it raise."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing

import pytest

from clew.facts.sqlite import carve, recover, troubles

SCHEMA = (
    "CREATE TABLE message (_id INTEGER PRIMARY KEY AUTOINCREMENT, chat INTEGER NOT NULL, "
    "from_me INTEGER NOT NULL, key_id TEXT NOT NULL, sender INTEGER, at INTEGER, text TEXT, "
    "kind INTEGER)"
)
ROWS = 3000
WORDS = (
    "pan",
    "tren",
    "lluvia",
    "ponte",
    "chuva",
    "strada",
    "Wetter",
    "neve",
    "\u00e1rbol",
    "caf\u00e9",
)


def row(number: int, chance: random.Random) -> tuple:
    return (
        number, chance.randint(1, 40), chance.randint(0, 1), f"{chance.getrandbits(64):016X}",
        chance.choice([None, chance.randint(1, 900)]), 1_500_000_000_000 + number * 61_000,
        " ".join(chance.choices(WORDS, k=chance.randint(1, 30))), chance.randint(0, 9),
    )  # fmt: skip


def made(file, seed: int, *settings: str):
    """A database of messages; the rows as they were."""
    chance = random.Random(seed)
    db = sqlite3.connect(file, isolation_level=None)
    for setting in ("secure_delete=OFF", *settings):
        db.execute(f"PRAGMA {setting}")
    db.execute(SCHEMA)
    rows = [row(n, chance) for n in range(1, ROWS + 1)]
    db.execute("BEGIN")
    db.executemany(f"INSERT INTO message VALUES ({','.join('?' * 8)})", rows)
    db.execute("COMMIT")
    return db, {r[0]: r for r in rows}, chance


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


def zeroed(data: bytearray, start: int, end: int) -> bytearray:
    data[start:end] = bytes(end - start)
    return data


def pages_zeroed(data: bytearray, chance: random.Random) -> bytearray:
    for _ in range(10):
        at = chance.randrange(2, len(data) // 4096) * 4096
        zeroed(data, at, at + 4096)
    return data


def bytes_changed(data: bytearray, chance: random.Random) -> bytearray:
    for _ in range(1000):
        data[chance.randrange(8192, len(data))] = chance.randrange(256)
    return data


DAMAGES = {
    "header": lambda data, _: zeroed(data, 0, 100),
    "root": lambda data, _: zeroed(data, 4096, 8192),
    "cut": lambda data, _: data[: len(data) // 2 // 4096 * 4096 + 1000],
    "pages": pages_zeroed,
    "bytes": bytes_changed,
}


@pytest.mark.parametrize("kind", DAMAGES)
@pytest.mark.parametrize("seed", range(3))
def test_a_damaged_database_is_read_page_by_page(tmp_path, kind, seed) -> None:
    file, whole = tmp_path / "m.db", tmp_path / "sound.db"
    db, rows, _ = made(file, seed)
    db.close()
    assert troubles(file) == []
    data = DAMAGES[kind](bytearray(file.read_bytes()), random.Random(seed))
    file.write_bytes(data)
    assert troubles(file)
    intact = {
        r for r in rows.values()
        if any(r[3].encode() in data[at : at + 4096] and r[6].encode() in data[at : at + 4096]
               and data[at] == 13 for at in range(4096, len(data), 4096))
    }  # fmt: skip
    recover(file, whole)
    with closing(sqlite3.connect(whole)) as sound:
        got = set(sound.execute("SELECT * FROM message"))
        assert sound.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert len(got & set(rows.values())) >= (0.9 if kind == "bytes" else 0.99) * len(intact)
    if kind != "bytes":
        assert got <= set(rows.values())


@pytest.mark.parametrize("seed", range(40))
def test_no_bytes_make_it_raise_or_run_for_ever(tmp_path, seed) -> None:
    file = tmp_path / "m.db"
    chance = random.Random(seed)
    with closing(sqlite3.connect(file)) as db:
        db.execute("PRAGMA secure_delete=OFF")
        db.execute(SCHEMA)
        db.executemany(
            f"INSERT INTO message VALUES ({','.join('?' * 8)})",
            [row(n, chance) for n in range(1, 120)],
        )
        db.execute("DELETE FROM message WHERE _id % 3 = 0")
        db.commit()
    data = bytearray(file.read_bytes())
    for _ in range(chance.choice([3, 30, 3000])):
        data[chance.randrange(len(data))] = chance.randrange(256)
    file.write_bytes(data[: chance.randrange(len(data))] if seed % 4 == 0 else data)
    list(carve(file, file, file))
    troubles(file)
    recover(file, tmp_path / "out.db")


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
