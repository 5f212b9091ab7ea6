"""Builders that tests of several modules share, on sqlite carving."""

from __future__ import annotations

import random
import sqlite3

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
