"""Rows that were freed are found again, and bytes that only look like rows are not."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing

import pytest

from clew.facts.sqlite import carve


@pytest.mark.parametrize("seed", range(3))
def test_neighbours_that_were_joined_to_one_block_are_told_apart(tmp_path, seed) -> None:
    chance, file = random.Random(seed), tmp_path / "x.db"
    rows = [(f"{n:03} " + "pan tren " * chance.randrange(1, 6), n * 1000) for n in range(1, 200)]
    with closing(sqlite3.connect(file, isolation_level=None)) as db:
        db.execute("PRAGMA secure_delete=OFF")
        db.execute("CREATE TABLE m (_id INTEGER PRIMARY KEY, t TEXT NOT NULL, n INTEGER NOT NULL)")
        db.executemany("INSERT INTO m (t, n) VALUES (?, ?)", rows)
        db.execute("DELETE FROM m WHERE _id BETWEEN 50 AND 52 OR _id BETWEEN 90 AND 95")
    deleted = {*rows[49:52], *rows[89:95]}
    carved = {tuple(c.values.values())[1:] for c in carve(file)}
    assert carved <= deleted
    assert len(carved) >= 7
