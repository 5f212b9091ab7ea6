"""Laws of ``clew.facts.sqlite.mend``."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing

import pytest
from builders.sqlite_carving import SCHEMA, made, row

from clew.facts.sqlite import carve, recover, troubles


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
