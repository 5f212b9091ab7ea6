"""Ways to tamper with a custody log, as someone does who may write to its file.

Each drops the triggers first. Those that build the tree anew can only be told by a checkpoint that
was kept elsewhere, or by one that still lies in the log.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from clew.casefile.custody import CustodyLog, tree
from clew.casefile.custody.note import parse
from clew.validation.assertions import Assertion, Plan

_ENTRIES = 60
Tamper = Callable[[sqlite3.Connection, random.Random, int], None]


def log_shows_tampering(plan: Plan) -> Iterator[Assertion]:
    """Every kind of tampering, several times over, each found."""
    found = {}
    for kind in TAMPERS:
        found[kind] = sum(
            bool(tampered(plan.folder / "tampered", kind, seed)) for seed in range(plan.tampers)
        )
    missed = [kind for kind, times in found.items() if times != plan.tampers]
    yield Assertion(
        name="P7-01",
        text="The tool shall show every kind of tampering with the custody log to whoever holds "
        "one later checkpoint.",
        passed=not missed,
        figures=f"{len(TAMPERS)} kinds x {plan.tampers}; missed: {', '.join(missed) or 'none'}",
    )


def tampered(folder: Path, kind: str, seed: int, *, outside: bool = True) -> list[str]:
    """What the log says after it was tampered with; with a checkpoint held outside, or without."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    chance = random.Random(f"{kind} {seed}")
    file = folder / "custody.sqlite"
    log = CustodyLog(file, "clew/validation")
    log.append_all(("test", {"number": n, "noise": chance.random() > 0.5}) for n in range(_ENTRIES))  # noqa: PLR2004 - an even chance
    old = folder / "old.sqlite"
    shutil.copyfile(file, old)
    log.append_all(("later", {"number": n}) for n in range(5))
    if not kind.endswith("checkpoints dropped"):
        log.keep(log.checkpoint().text)
    held = parse(log.checkpoint().text)
    if kind == "whole file rolled back":
        shutil.copyfile(old, file)
    else:
        with closing(sqlite3.connect(file, isolation_level=None)) as db:
            for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'"):
                db.execute(f'DROP TRIGGER "{name}"')
            TAMPERS[kind](db, chance, _ENTRIES)
    return list(log.problems([held] if outside else []))


def _body(db: sqlite3.Connection, number: int) -> bytes:
    ((body,),) = db.execute("SELECT body FROM entry WHERE number = ?", (number,)).fetchall()
    return bytes(str(body).encode())


def _flip(db: sqlite3.Connection, chance: random.Random, size: int) -> None:
    number = chance.randint(1, size)
    body = bytearray(_body(db, number))
    body[chance.randrange(len(body))] ^= 1
    db.execute("UPDATE entry SET body = ? WHERE number = ?", (body.decode("latin-1"), number))


def _edit(db: sqlite3.Connection, chance: random.Random, size: int) -> None:
    number = chance.randint(1, size)
    body = _body(db, number).decode().replace('"action":"test"', '"action":"else"')
    db.execute("UPDATE entry SET body = ? WHERE number = ?", (body, number))


def _delete(db: sqlite3.Connection, chance: random.Random, size: int) -> None:
    db.execute("DELETE FROM entry WHERE number = ?", (chance.randint(1, size),))


def _insert(db: sqlite3.Connection, chance: random.Random, size: int) -> None:
    number = chance.randint(2, size)
    db.execute("UPDATE entry SET number = -number - 1 WHERE number >= ?", (number,))
    db.execute("UPDATE entry SET number = -number WHERE number < 0")
    db.execute("INSERT INTO entry VALUES (?, ?)", (number, '{"action":"test","at":"","by":"x"}'))


def _swap(db: sqlite3.Connection, chance: random.Random, size: int) -> None:
    one, two = chance.sample(range(1, size + 1), 2)
    db.execute("UPDATE entry SET number = -1 WHERE number = ?", (one,))
    db.execute("UPDATE entry SET number = ? WHERE number = ?", (one, two))
    db.execute("UPDATE entry SET number = ? WHERE number = -1", (two,))


def _cut(db: sqlite3.Connection, chance: random.Random, size: int) -> None:
    db.execute("DELETE FROM entry WHERE number > ?", (chance.randint(1, size),))


def _rebuilt(change: Tamper, *, drop: bool) -> Tamper:
    """The change, and then the tree built anew over what is left."""

    def tamper(db: sqlite3.Connection, chance: random.Random, size: int) -> None:
        change(db, chance, size)
        db.execute("DELETE FROM node")
        if drop:
            db.execute("DELETE FROM checkpoint")
        frontier = tree.Frontier()
        bodies = db.execute("SELECT body FROM entry ORDER BY number").fetchall()
        for number, (body,) in enumerate(bodies):
            made = frontier.add(tree.leaf(body.encode()), number)
            db.executemany("INSERT INTO node VALUES (?, ?, ?)", made)

    return tamper


TAMPERS: dict[str, Tamper] = {
    "one bit flipped": _flip,
    "entry edited": _edit,
    "entry deleted": _delete,
    "entry inserted": _insert,
    "two entries swapped": _swap,
    "end cut off": _cut,
    "edited, tree rebuilt": _rebuilt(_edit, drop=False),
    "inserted, tree rebuilt": _rebuilt(_insert, drop=False),
    "edited, tree rebuilt, checkpoints dropped": _rebuilt(_edit, drop=True),
    "cut, tree rebuilt, checkpoints dropped": _rebuilt(_cut, drop=True),
    "whole file rolled back": lambda _, __, ___: None,
}
