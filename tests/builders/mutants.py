"""Inputs of every reader with something wrong in each, by a seed: as bytes, as rows, as values."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

GOLDEN = Path(__file__).parents[1] / "golden"
BESIDE = ("expected.ndjson", "mapping.yaml")
_TEXTS = (".json", ".jsonl", ".txt", ".csv", ".tsv", ".html", ".xml", ".rtf")
_LATEST, _BEYOND = 253_402_300_799_999, 253_402_300_800_000
HOSTILE: tuple[Any, ...] = (
    None, b"\xff\x00\xfe\x80", b"", "", "x" * 5000, "\u202eabc\u0000\u001b[2J", -1, 0, 2**63 - 1,
    -(2**63), _LATEST, _BEYOND, -62_135_596_800_000, 1e308, 0.5, "support@bot", "1e5",
    "0@s.whatsapp.net", "9999-12-31T23:59:59Z", "\ud7ff\uffff", "[]", "{}",
)  # fmt: skip
"""Values where others were: of another type, at the ends of time and of numbers, odd texts."""
_WRITTEN = (
    "null", '""', "[]", "{}", "true", "-1", "1e400", "9" * 30, str(_LATEST), str(_BEYOND),
    '"\\u202e\\u0000"', '"9999-12-31T23:59:59"', "[[[[[[[[1]]]]]]]]", '"\\ud800"',
)  # fmt: skip
_VALUE = re.compile(rb'"(?:[^"\\\n]|\\.){0,200}"|-?\d+(?:\.\d+)?|true|false|null')


@cache
def inputs() -> tuple[Path, ...]:
    """The inputs of every reader."""
    return tuple(
        file for file in sorted(GOLDEN.glob("*/*/*")) if file.is_file() and file.name not in BESIDE
    )


def mutant(seed: str, folder: Path) -> str:
    """Make one in a folder; what was done to which input."""
    chance = Random(seed)
    given = chance.choice(inputs())
    if given.suffix == ".sql":
        file = folder / given.stem
        with closing(sqlite3.connect(file, isolation_level=None)) as db:
            db.executescript(given.read_text("utf-8"))
            done = _rows(db, chance) if chance.random() < 0.7 else ""
        done = done or _bytes(file, chance)
    else:
        file = folder / given.name
        shutil.copyfile(given, file)
        is_text = given.suffix in _TEXTS and chance.random() < 0.7
        done = _values(file, chance) if is_text else _bytes(file, chance)
    return f"{given.relative_to(GOLDEN)}: {done}"


def _rows(db: sqlite3.Connection, chance: Random) -> str:
    """Something wrong in some rows of a database; nothing where it refuses all."""
    db.execute("PRAGMA ignore_check_constraints = ON")
    named = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    names = [n for (n,) in db.execute(named) if _has_rows(db, n)]
    done = []
    for _ in range(chance.randint(1, 4)):
        table = chance.choice(names)
        columns = [c[1] for c in db.execute(f'PRAGMA table_info("{table}")')] or ["rowid"]
        column, change = chance.choice(columns), chance.choice(_CHANGES)
        try:
            done.append(change(db, table, column, chance))
        except sqlite3.Error:  # such as a key that must be unique
            continue
    return "; ".join(done)


def _has_rows(db: sqlite3.Connection, table: str) -> bool:
    try:
        return db.execute(f'SELECT 1 FROM "{table}"').fetchone() is not None
    except sqlite3.Error:  # such as a search index of an unknown kind
        return False


def _value(db: sqlite3.Connection, table: str, column: str, chance: Random) -> str:
    value, where = chance.choice(HOSTILE), _where(db, table, chance)
    db.execute(f'UPDATE "{table}" SET "{column}" = ? {where}', (value,))
    return f"{table}.{column} = {value!r:.40} {where}"


def _twice(db: sqlite3.Connection, table: str, column: str, chance: Random) -> str:
    columns = [c[1] for c in db.execute(f'PRAGMA table_info("{table}")') if not c[5]]
    listed = ", ".join(f'"{name}"' for name in columns)
    db.execute(f'INSERT INTO "{table}" ({listed}) SELECT {listed} FROM "{table}"')
    return f"{table} twice"


def _circle(db: sqlite3.Connection, table: str, column: str, chance: Random) -> str:
    db.execute(f'UPDATE "{table}" SET "{column}" = rowid {_where(db, table, chance)}')
    return f"{table}.{column} = itself"


def _alike(db: sqlite3.Connection, table: str, column: str, chance: Random) -> str:
    db.execute(f'UPDATE "{table}" SET "{column}" = (SELECT "{column}" FROM "{table}" LIMIT 1)')
    return f"{table}.{column} the same throughout"


def _gone(db: sqlite3.Connection, table: str, column: str, chance: Random) -> str:
    where = _where(db, table, chance)
    db.execute(f'DELETE FROM "{table}" {where}')
    return f"{table} without rows {where}"


def _no_column(db: sqlite3.Connection, table: str, column: str, chance: Random) -> str:
    db.execute(f'ALTER TABLE "{table}" RENAME COLUMN "{column}" TO "{column}_2"')
    return f"{table} without {column}"


def _no_table(db: sqlite3.Connection, table: str, column: str, chance: Random) -> str:
    db.execute(f'DROP TABLE "{table}"')
    return f"no {table}"


_CHANGES: tuple[Callable[[sqlite3.Connection, str, str, Random], str], ...] = (
    _value, _value, _value, _value, _value, _twice, _circle, _alike, _gone, _no_column, _no_table,
)  # fmt: skip


def _where(db: sqlite3.Connection, table: str, chance: Random) -> str:
    """Every row, or one of them."""
    if chance.random() < 0.3:
        return ""
    rows = [n for (n,) in db.execute(f'SELECT rowid FROM "{table}"')]
    return f"WHERE rowid = {chance.choice(rows)}" if rows else ""


def _values(file: Path, chance: Random) -> str:
    """Something else in place of some values of a text, or of a line."""
    data, done = file.read_bytes(), []
    for _ in range(chance.randint(1, 4)):
        found = list(_VALUE.finditer(data))
        lines = data.split(b"\n")
        if found and chance.random() < 0.7:
            one, written = chance.choice(found), chance.choice(_WRITTEN)
            data = data[: one.start()] + written.encode() + data[one.end() :]
            done.append(f"{written:.20} at {one.start()}")
        else:
            number, how = chance.randrange(len(lines)), chance.choice(("twice", "gone", "first"))
            line = lines.pop(number)
            lines[number:number] = [line, line] if how == "twice" else []
            data = b"\n".join([line, *lines] if how == "first" else lines)
            done.append(f"line {number} {how}")
    file.write_bytes(data)
    return "; ".join(done)


def _bytes(file: Path, chance: Random) -> str:
    """Some bytes flipped, cut, zeroed, doubled or put in."""
    data, done = bytearray(file.read_bytes()), []
    for _ in range(chance.randint(1, 5)):
        at, size = chance.randrange(len(data) or 1), chance.randint(1, 400)
        how = chance.choice(("flip", "flip", "flip", "cut", "zero", "double", "put in", "take out"))
        done.append(f"{how} {at}+{size}")
        if how == "flip" and data:
            data[at] ^= 1 << chance.randrange(8)
        elif how == "cut":
            del data[max(at, 1) :]
        elif how == "zero":
            data[at : at + size] = bytes(len(data[at : at + size]))
        elif how == "double":
            data[at:at] = data[at : at + size]
        elif how == "put in":
            data[at:at] = chance.randbytes(size)
        elif how == "take out" and len(data) > size:
            del data[at : at + size]
    file.write_bytes(data)
    return "; ".join(done)
