"""Checking a log: its tree is rebuilt from the bodies, and compared with nodes and checkpoints."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

from clew.casefile.custody import tree
from clew.casefile.custody.checkpoint import Note, parse

OPENING = "case opened"
"""Action of the first entry of a case."""
KEPT = "checkpoint kept"
"""Action that binds a checkpoint which lies in the log."""
BODIES = "SELECT number, CAST(body AS BLOB) FROM entry ORDER BY number"
_MOST_REPORTED = 50


class Log(Protocol):
    """What is checked."""

    file: Path
    case_id: str
    origin: str

    def entries(self) -> Iterator[Any]:
        """Every entry, in order."""

    def kept(self) -> Iterator[str]:
        """Checkpoints that lie in the log."""

    def reading(self) -> sqlite3.Connection:
        """The log's tables."""


def audited(log: Log, outside: Iterable[Note]) -> Iterator[str]:
    """Rebuild the tree from the bodies, and compare with its nodes and every checkpoint."""
    wanted: dict[int, list[tuple[bytes, str]]] = {}
    kept = list(log.kept())
    notes = [("kept in the log", parse(n)) for n in kept]
    for where, note in notes + [("kept elsewhere", n) for n in outside]:
        wanted.setdefault(note.checkpoint.size, []).append((note.checkpoint.root, where))
        yield from note.problems
        if note.checkpoint.origin != log.origin:
            yield f"a checkpoint {where} is of another log: {note.checkpoint.origin}"
    yield from _begins(log)
    yield from _taken_away(log, {sha256(n.encode()).hexdigest() for n in kept})
    frontier, size, reported = tree.Frontier(), 0, 0
    for problem, size in _walked(log, frontier):
        reported += problem is not None
        if problem and reported <= _MOST_REPORTED:
            yield problem
        for root, where in wanted.pop(size, ()):
            if root != frontier.root:
                yield f"up to entry {size} the log is not the one of a checkpoint {where}"
    for beyond in sorted(n for n in wanted if n > size):
        yield f"the log ends at entry {size}, a checkpoint knows {beyond}: cut or rolled back"


def _begins(log: Log) -> Iterator[str]:
    """Whether there is a log, and it begins with the opening of its case."""
    if not log.file.exists():
        yield "there is no custody log: it was removed"
    elif log.case_id:
        first = next(log.entries(), None)
        if first is None or first.content.get("action") != OPENING:
            yield "the log does not begin with the opening of the case: it was begun anew"
        elif first.content.get("case_id") != log.case_id:
            yield "the log is that of another case"


def _taken_away(log: Log, kept: set[str]) -> Iterator[str]:
    """Checkpoints that were kept, as the log binds them, and do not lie in it any more."""
    binding = (
        (e.content for e in log.entries() if f'"{KEPT}"' in e.body) if log.file.exists() else ()
    )
    for entry in binding:
        if entry.get("action") == KEPT and entry.get("sha256") not in kept:
            yield f"a checkpoint over {entry.get('size')} entries that was kept was removed"


def _walked(log: Log, frontier: tree.Frontier) -> Iterator[tuple[str | None, int]]:
    """Each entry beside the nodes that were stored for it: what is wrong, and its number."""
    if not log.file.exists():
        return
    with closing(log.reading()) as db:
        nodes = _Stored(db)
        count = 0
        for number, body in db.execute(BODIES):
            problem = None if number == count + 1 else _gap(count + 1, number)
            count = nodes.pass_over(frontier, count, number - 1)
            hashed = tree.leaf(body)
            recorded = nodes.leaf(count)
            if recorded != hashed:
                problem = problem or f"entry {number} was changed"
            if not nodes.have(frontier.add(recorded or hashed, count)[1:]):
                problem = problem or f"the tree over entry {number} was changed"
            count += 1
            yield problem, count
        if nodes.more():
            yield "the tree knows entries that are not there", count


def _gap(expected: int, found: int) -> str:
    if found < expected:
        return f"entry {found} is out of order"
    missing = (
        f"entry {expected} is"
        if found == expected + 1
        else f"entries {expected} to {found - 1} are"
    )
    return f"{missing} missing"


class _Stored:
    """The nodes on record, read level by level beside those that are built anew."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._levels: dict[int, sqlite3.Cursor] = {}

    def have(self, made: Iterable[tuple[int, int, bytes]]) -> bool:
        """Whether the next nodes on record are these; each is read, whatever the others say."""
        right = True
        for level, position, hashed in made:
            row = self._level(level).fetchone()
            right &= row is not None and (row[0], bytes(row[1])) == (position, hashed)
        return right

    def leaf(self, position: int) -> bytes:
        """The leaf on record, if it is there; the walk goes on with it, to blame one entry only."""
        row = self._level(0).fetchone()
        return bytes(row[1]) if row and row[0] == position else b""

    def pass_over(self, frontier: tree.Frontier, count: int, before: int) -> int:
        """Fill a gap with the leaves on record, so that what follows it is not blamed."""
        while count < before and (row := self._level(0).fetchone()):
            self.have(frontier.add(bytes(row[1]), count)[1:])
            count += 1
        return count

    def more(self) -> bool:
        """Whether there are nodes that no entry accounts for."""
        levels = [n for (n,) in self._db.execute("SELECT DISTINCT level FROM node")]
        return any(self._level(level).fetchone() for level in levels)

    def _level(self, level: int) -> sqlite3.Cursor:
        if level not in self._levels:
            query = "SELECT place, hash FROM node WHERE level = ? ORDER BY place"
            self._levels[level] = self._db.cursor().execute(query, (level,))
        return self._levels[level]
