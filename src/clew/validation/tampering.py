"""Ways to tamper with a custody log, as someone does who may write to its file.

Those that build the tree anew can only be found by a checkpoint that was kept elsewhere, or by one
that still lies in the log.
"""

import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from clew.casefile.custody import CustodyLog, tree
from clew.casefile.custody.audit import KEPT
from clew.casefile.custody.checkpoint import Checkpoint, parse
from clew.validation import case_tampering
from clew.validation.assertions import Assertion, Plan

_ENTRIES = 60
_ORIGIN = "clew/validation"
Change = Callable[[sqlite3.Connection, random.Random], None]
"""A change within the log's tables, by someone who dropped its triggers."""
Tamper = Callable[[Path, Path, random.Random], None]
"""What is done to the log's file; beside it lies an older copy of the whole."""


def log_shows_tampering(plan: Plan) -> Iterator[Assertion]:
    """Every kind of tampering, several times over, each found."""
    found = {}
    for kind in TAMPERS:
        found[kind] = sum(
            bool(tampered(plan.folder / "tampered", kind, seed)) for seed in range(plan.tampers)
        )
    yield _case_is_verified(plan)
    missed = [kind for kind, times in found.items() if times != plan.tampers]
    yield Assertion(
        "P7-01",
        not missed,
        f"{len(TAMPERS)} kinds x {plan.tampers}; missed: {', '.join(missed) or 'none'}",
        trials=len(TAMPERS) * plan.tampers,
    )


def _case_is_verified(plan: Plan) -> Assertion:
    """Every kind of tampering with a case, each found in a copy of one that is whole."""
    missed, before = case_tampering.missed(plan.folder / "tampered-case")
    return Assertion(
        "P7-02",
        not missed and not before,
        f"{len(case_tampering.TAMPERS)} kinds; missed: {', '.join(missed) or 'none'}; "
        f"reported of an untouched case: {len(before)}",
    )


def tampered(folder: Path, kind: str, seed: int, *, outside: bool = True) -> list[str]:
    """What the log says after tampering, with a checkpoint kept elsewhere or without one."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    chance = random.Random(f"{kind} {seed}")
    file = folder / "custody.sqlite"
    log = CustodyLog(file, _ORIGIN)
    log.append_all(("test", {"number": n, "noise": chance.getrandbits(8)}) for n in range(_ENTRIES))
    old = folder / "old.sqlite"
    shutil.copyfile(file, old)
    log.append_all(("later", {"number": n}) for n in range(5))
    if not kind.endswith("checkpoints dropped"):
        log.keep(log.checkpoint().text)
    newest = parse(log.checkpoint().text)
    TAMPERS[kind](file, old, chance)
    return list(log.problems([newest] if outside else []))


def _body(db: sqlite3.Connection, number: int) -> bytes:
    ((body,),) = db.execute("SELECT body FROM entry WHERE number = ?", (number,)).fetchall()
    return bytes(str(body).encode())


def _flip(db: sqlite3.Connection, chance: random.Random) -> None:
    number = chance.randint(1, _ENTRIES)
    body = bytearray(_body(db, number))
    body[chance.randrange(len(body))] ^= 1
    db.execute("UPDATE entry SET body = ? WHERE number = ?", (body.decode("latin-1"), number))


def _edit(db: sqlite3.Connection, chance: random.Random) -> None:
    number = chance.randint(1, _ENTRIES)
    body = _body(db, number).decode().replace('"action":"test"', '"action":"else"')
    db.execute("UPDATE entry SET body = ? WHERE number = ?", (body, number))


def _delete(db: sqlite3.Connection, chance: random.Random) -> None:
    db.execute("DELETE FROM entry WHERE number = ?", (chance.randint(1, _ENTRIES),))


def _insert(db: sqlite3.Connection, chance: random.Random) -> None:
    number = chance.randint(2, _ENTRIES)
    db.execute("UPDATE entry SET number = -number - 1 WHERE number >= ?", (number,))
    db.execute("UPDATE entry SET number = -number WHERE number < 0")
    db.execute("INSERT INTO entry VALUES (?, ?)", (number, '{"action":"test","at":"","by":"x"}'))


def _swap(db: sqlite3.Connection, chance: random.Random) -> None:
    one, two = chance.sample(range(1, _ENTRIES + 1), 2)
    db.execute("UPDATE entry SET number = -1 WHERE number = ?", (one,))
    db.execute("UPDATE entry SET number = ? WHERE number = ?", (one, two))
    db.execute("UPDATE entry SET number = ? WHERE number = -1", (two,))


def _cut(db: sqlite3.Connection, chance: random.Random) -> None:
    db.execute("DELETE FROM entry WHERE number > ?", (chance.randint(1, _ENTRIES),))


def _forget(db: sqlite3.Connection, _: random.Random) -> None:
    db.execute("DELETE FROM checkpoint")


def _rebuilt(change: Change, *, checkpoints: str) -> Change:
    """The change, and then the tree built anew; its checkpoints left, dropped, or made anew."""

    def tamper(db: sqlite3.Connection, chance: random.Random) -> None:
        change(db, chance)
        db.execute("DELETE FROM node")
        if checkpoints != "left":
            db.execute("DELETE FROM checkpoint")
            db.execute("DELETE FROM entry WHERE instr(body, ?)", (f'"{KEPT}"',))
        frontier = tree.Frontier()
        bodies = db.execute("SELECT body FROM entry ORDER BY number").fetchall()
        for number, (body,) in enumerate(bodies):
            made = frontier.add(tree.leaf(body.encode()), number)
            db.executemany("INSERT INTO node VALUES (?, ?, ?)", made)
        if checkpoints == "made anew":
            text = Checkpoint(_ORIGIN, len(bodies), frontier.root).text
            db.execute("INSERT INTO checkpoint VALUES (1, ?, ?)", (len(bodies), text))

    return tamper


def _within(change: Change) -> Tamper:
    def tamper(file: Path, _: Path, chance: random.Random) -> None:
        with closing(sqlite3.connect(file, isolation_level=None)) as db:
            for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'"):
                db.execute(f'DROP TRIGGER "{name}"')
            change(db, chance)

    return tamper


def _roll_back(file: Path, old: Path, _: random.Random) -> None:
    shutil.copyfile(old, file)


def _remove(file: Path, _: Path, __: random.Random) -> None:
    file.unlink()


TAMPERS: dict[str, Tamper] = {
    "one bit flipped": _within(_flip),
    "entry edited": _within(_edit),
    "entry deleted": _within(_delete),
    "entry inserted": _within(_insert),
    "two entries swapped": _within(_swap),
    "end cut off": _within(_cut),
    "checkpoint removed": _within(_forget),
    "edited, tree rebuilt": _within(_rebuilt(_edit, checkpoints="left")),
    "inserted, tree rebuilt": _within(_rebuilt(_insert, checkpoints="left")),
    "edited, tree rebuilt, checkpoints dropped": _within(_rebuilt(_edit, checkpoints="dropped")),
    "cut, tree rebuilt, checkpoints dropped": _within(_rebuilt(_cut, checkpoints="dropped")),
    "forked: edited, tree and checkpoint made anew": _within(
        _rebuilt(_edit, checkpoints="made anew")
    ),
    "whole file rolled back": _roll_back,
    "whole file removed": _remove,
}
