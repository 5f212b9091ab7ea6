"""The log in SQLite: append-only, with a tree over its entries and checkpoints of the tree.

The order of entries is their number, never the clock. From the entries alone any edit, deletion or
reordering shows against the tree; a log cut short, rolled back or rewritten as a whole shows to
whoever holds a later checkpoint, which is why checkpoints stand in every report and must leave the
machine. An entry is written, and on the disk, before what it tells of takes effect.
"""

import contextlib
import errno
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

from clew.casefile.custody import tree
from clew.casefile.custody.audit import BODIES, KEPT, OPENING, audited
from clew.casefile.custody.canonical import canonical
from clew.casefile.custody.checkpoint import Checkpoint, Note, parse
from clew.casefile.custody.identity import Analyst, whereabouts
from clew.casefile.custody.sealed import Vault, seal
from clew.casefile.custody.signed import INTRODUCED, introduction, signed
from clew.casefile.files import writing
from clew.errors import EvidenceError, UsageError

_TABLES = """
CREATE TABLE IF NOT EXISTS entry (number INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS node (
  level INTEGER NOT NULL, place INTEGER NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (level, place)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS checkpoint (
  number INTEGER PRIMARY KEY, size INTEGER NOT NULL, note TEXT NOT NULL
) STRICT;
"""
_FINAL = "".join(
    f"CREATE TRIGGER IF NOT EXISTS {table}_{what} BEFORE {what.upper()} ON {table} "
    "BEGIN SELECT RAISE(ABORT, 'the custody log is append-only'); END;\n"
    for table in ("entry", "node", "checkpoint")
    for what in ("update", "delete")
)
SCHEMA = _TABLES + _FINAL
"""Statements that make the log."""
_INTRODUCTIONS = "SELECT body FROM entry WHERE instr(body, ?) ORDER BY number"
_SIGNED = "SELECT 1 FROM entry WHERE instr(body, ?) AND instr(body, '\"signature\":') LIMIT 1"


class Entry(msgspec.Struct, frozen=True):
    """One entry of the log."""

    number: int
    """Its position in the log, from 1."""
    body: str
    """What it says, as JSON with sorted names and no white space."""

    @property
    def hash(self) -> str:
        """Hash of its leaf in the tree."""
        return tree.leaf(self.body.encode()).hex()

    @property
    def content(self) -> dict[str, Any]:
        """What it says; of an entry that was damaged, that it was."""
        try:
            return msgspec.json.decode(self.body, type=dict[str, Any])
        except (msgspec.DecodeError, UnicodeError):
            return {"at": "", "by": "", "action": "damaged entry", "body": self.body}


def to_read(file: Path) -> sqlite3.Connection:
    """A database to read from; what a killed writer left half-done is rolled back, if it may be."""
    may_write = os.access(file, os.W_OK) and os.access(file.parent, os.W_OK)
    mode = "rw" if may_write else "ro"
    db = sqlite3.connect(f"{file.absolute().as_uri()}?mode={mode}", uri=True)
    db.execute("PRAGMA query_only=1")
    return db


class CustodyLog:
    """Append-only log in ``custody.sqlite``."""

    def __init__(self, file: Path, origin: str = "clew", case_id: str = "") -> None:
        self.file = file
        self.case_id = case_id
        self.origin = origin
        """Name of the log in its checkpoints."""
        self.analyst: Analyst | None = None
        """Who signs what people answer for; what nobody signs is reported by ``clew verify``."""
        self.vault = Vault(file.with_name("sealed.sqlite"))

    def append(self, action: str, **detail: object) -> int:
        """Write an entry down for good, and return its number."""
        return self.append_all([(action, detail)])

    def append_sealed(
        self, action: str, private: dict[str, object], *, signs: bool = False, **detail: object
    ) -> int:
        """Write an entry down of which a part, that is of persons, can be erased later on.

        The log holds a digest of that part, as ``sealed``; what it stands for lies in the vault.
        Where somebody answers for the entry it is signed, as ``append_answered`` does.
        """
        if signs:
            self.must_be_signed(action)
        elif not private:
            return self.append(action, **detail)
        with self.transaction() as db:
            if private:
                sealed = seal(canonical(private))
                self.vault.put(db, [sealed])
                detail["sealed"] = sealed.digest
            write = self.append_answered if signs else self.append_within
            return write(db, [(action, detail)])

    def must_be_signed(self, action: str) -> None:
        """Raise UsageError where nobody would sign an entry such as others have signed here."""
        self.must_exist()
        if self.analyst is None:
            with self._errors(), closing(self.reading()) as db:
                if db.execute(_SIGNED, (canonical({"action": action})[1:-1],)).fetchone():
                    raise UsageError(
                        f"in this case each entry {action!r} is signed, and you have no key",
                        do='Say who you are: clew whoami --name "A. Analyst"',
                    )

    @contextlib.contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """A connection to the log and its vault, in whose transaction all or nothing is written."""
        self.must_exist()
        with writing("writing the custody log"), self._errors(), closing(self._opened()) as db:
            self.vault.attach(db)
            db.execute("BEGIN IMMEDIATE")
            yield db
            db.execute("COMMIT")

    def append_within(
        self, db: sqlite3.Connection, entries: Iterable[tuple[str, dict[str, object]]]
    ) -> int:
        """Write entries within somebody else's transaction, and return the number of the last."""
        return _append(db, entries if _size(db) else self._begun(entries))

    def append_answered(
        self, db: sqlite3.Connection, entries: Iterable[tuple[str, dict[str, object]]]
    ) -> int:
        """Write entries that somebody answers for, signed where a key was given.

        It is done within a transaction that the vault is attached to.
        """
        if analyst := self.analyst:
            self._introduce(db, analyst)
            entries = [(what, signed(self.case_id, what, said, analyst)) for what, said in entries]
        return self.append_within(db, entries)

    def _introduce(self, db: sqlite3.Connection, analyst: Analyst) -> None:
        """Let the log know a key when it signs for the first time; no two bear one name."""
        known = db.execute(_INTRODUCTIONS, (f'"{INTRODUCED}"',)).fetchall()
        for content in (msgspec.json.decode(body, type=dict[str, Any]) for (body,) in known):
            name = self.vault.opened(db, str(content.get("sealed"))).get("name")
            own = content.get("key") == analyst.fingerprint
            if own and name in (analyst.name, None):  # None where the name was erased
                return
            if own or name == analyst.name:
                raise UsageError(
                    f"in this case {analyst.name} has another key"
                    if name == analyst.name
                    else f"in this case your key is that of {name}",
                    do="Nobody decides in another's name: see yours with `clew whoami`.",
                )
        sealed = seal(canonical({"name": analyst.name}))
        self.vault.put(db, [sealed])
        detail = {**introduction(analyst), "sealed": sealed.digest}
        content = signed(self.case_id, INTRODUCED, detail, analyst)
        self.append_within(db, [(INTRODUCED, content)])

    def append_all(self, entries: Iterable[tuple[str, dict[str, object]]]) -> int:
        """Write several entries down in one step, and return the number of the last."""
        with writing("writing the custody log"), self._errors():
            entries = entries if self.file.exists() else self._begun(entries)
            with closing(self._opened()) as db:
                db.execute("BEGIN IMMEDIATE")
                last = self.append_within(db, entries)
                db.execute("COMMIT")
            return last

    def entries(self) -> Iterator[Entry]:
        """Every entry, in order."""
        if self._is_there():
            with self._errors(), closing(self.reading()) as db:
                for number, body in db.execute(BODIES):
                    yield Entry(number, body.decode("utf-8", "replace"))

    def checkpoint(self) -> Checkpoint:
        """Size and root of the log as it is now."""
        if not self._is_there():
            return Checkpoint(self.origin, 0, tree.EMPTY)
        with self._errors(), closing(self.reading()) as db:
            size = _size(db)
            return Checkpoint(self.origin, size, _frontier(db, size).root)

    def latest(self) -> str:
        """Size and root in one line, for whoever writes it down elsewhere."""
        found = self.checkpoint()
        return f"{found.size} {found.root.hex()}"

    def belongs(self, checkpoint: Checkpoint) -> None:
        """Raise EvidenceError where a checkpoint is not of this log as it stands."""
        here = self.origin == checkpoint.origin and checkpoint.size <= self.checkpoint().size
        if here and self.file.exists():
            with self._errors(), closing(self.reading()) as db:
                here = _frontier(db, checkpoint.size).root == checkpoint.root
        if not here:
            raise EvidenceError(
                f"the log is not the one of the checkpoint of {checkpoint.origin} over "
                f"{checkpoint.size} entries; nothing was signed or kept",
                do="Run: clew custody verify CASE --against FILE",
            )

    def keep(self, note: str) -> None:
        """Keep a checkpoint of this log, signed or not, or one that others have signed too.

        The log binds it, so that it can't be taken away unseen.
        """
        size = parse(note).checkpoint.size
        self.belongs(parse(note).checkpoint)
        with self.transaction() as db:
            db.execute("INSERT INTO checkpoint (size, note) VALUES (?, ?)", (size, note))
            bound = {"size": size, "sha256": sha256(note.encode()).hexdigest()}
            self.append_within(db, [(KEPT, bound)])

    def kept(self) -> Iterator[str]:
        """Checkpoints that were kept, the oldest first."""
        if self.file.exists():
            with self._errors(), closing(self.reading()) as db:
                yield from (n for (n,) in db.execute("SELECT note FROM checkpoint ORDER BY number"))

    def must_exist(self) -> None:
        """Raise EvidenceError where the log is missing."""
        if not self._is_there():
            raise _missing()

    def _is_there(self) -> bool:
        """Whether there is a log; EvidenceError where a case has lost its own."""
        if self.case_id and not self.file.exists():
            raise _missing()
        return self.file.exists()

    def _begun(
        self, entries: Iterable[tuple[str, dict[str, object]]]
    ) -> list[tuple[str, dict[str, object]]]:
        """The first entries of a log: those of a case begin with its opening, or it was lost."""
        listed = list(entries)
        if self.case_id and listed and listed[0][0] != OPENING:
            raise _missing()
        return listed

    def inclusion(self, number: int, size: int) -> list[bytes]:
        """Proof that the log of this size holds entry ``number``, from 1."""
        with self._errors(), closing(self.reading()) as db:
            return tree.inclusion(lambda a, b: _range(db, a, b), number - 1, size)

    def consistency(self, earlier: int, later: int) -> list[bytes]:
        """Proof that the log of the later size continues that of the earlier one."""
        with self._errors(), closing(self.reading()) as db:
            return tree.consistency(lambda a, b: _range(db, a, b), earlier, later)

    def problems(self, outside: Iterable[Note] = ()) -> Iterator[str]:
        """What is wrong with the log, by its bodies; and against checkpoints from elsewhere."""
        try:
            found = list(audited(self, outside))
        except (sqlite3.Error, OSError, UnicodeError, EvidenceError) as error:
            found = [f"can't be read: {error}"]
        yield from found

    def notices(self) -> Iterator[str]:
        """What is odd and not wrong: a clock that went backwards."""
        for entry in self.entries():
            if "clock" in entry.content:
                yield f"entry {entry.number}: {entry.content['clock']}"

    def reading(self) -> sqlite3.Connection:
        """For reading only."""
        return to_read(self.file)

    def _opened(self) -> sqlite3.Connection:
        db = sqlite3.connect(self.file, isolation_level=None, timeout=30)
        db.execute("PRAGMA synchronous=FULL")
        columns = [c[1] for c in db.execute("PRAGMA table_info(entry)")]
        if columns and columns != ["number", "body"]:
            db.close()
            raise EvidenceError(
                "the custody log is of a form that this version does not write",
                do="Open the case with the version that made it; nothing was changed.",
            )
        db.executescript(SCHEMA)
        return db

    @staticmethod
    @contextlib.contextmanager
    def _errors() -> Iterator[None]:
        """Errors of SQLite in the words of this case."""
        try:
            yield
        except sqlite3.OperationalError as error:
            raise OSError(_number(str(error)), str(error)) from error
        except sqlite3.DatabaseError as error:
            raise EvidenceError(
                f"the custody log is damaged: {error}",
                do="Run `clew custody verify` and restore custody.sqlite from your backup.",
            ) from error


def _missing() -> EvidenceError:
    return EvidenceError(
        "the custody log of this case is missing; nothing was done or shown",
        do="Restore custody.sqlite from your backup.",
    )


def _append(db: sqlite3.Connection, entries: Iterable[tuple[str, dict[str, object]]]) -> int:
    size = _size(db)
    frontier = _frontier(db, size)
    before = _last_time(db, size)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    about = {"at": now, **whereabouts()}
    if before and now < before:
        about["clock"] = f"the clock went back from {before}"
    bodies, nodes = [], []
    for number, (action, detail) in enumerate(entries, size):
        body = canonical({**about, "action": action, **detail})
        about.pop("clock", None)
        bodies.append((number + 1, body))
        nodes += frontier.add(tree.leaf(body.encode()), number)
    db.executemany("INSERT INTO entry VALUES (?, ?)", bodies)
    db.executemany("INSERT INTO node VALUES (?, ?, ?)", nodes)
    return size + len(bodies)


def _size(db: sqlite3.Connection) -> int:
    ((size,),) = db.execute("SELECT coalesce(max(number), 0) FROM entry").fetchall()
    return int(size)


def _last_time(db: sqlite3.Connection, size: int) -> str:
    row = db.execute("SELECT body FROM entry WHERE number = ?", (size,)).fetchone()
    return str(Entry(size, row[0]).content.get("at", "")) if row else ""


def _frontier(db: sqlite3.Connection, size: int) -> tree.Frontier:
    peaks, start = [], 0
    for level in range(size.bit_length() - 1, -1, -1):
        if size >> level & 1:
            peaks.append((level, _node(db, level, start >> level)))
            start += 1 << level
    return tree.Frontier(peaks)


def _node(db: sqlite3.Connection, level: int, position: int) -> bytes:
    row = db.execute(
        "SELECT hash FROM node WHERE level = ? AND place = ?", (level, position)
    ).fetchone()
    if row is None:
        raise EvidenceError(
            f"the custody log is damaged: node {level}/{position} of its tree is missing",
            do="Run `clew custody verify` and restore custody.sqlite from your backup.",
        )
    return bytes(row[0])


def _range(db: sqlite3.Connection, start: int, end: int) -> bytes:
    size = end - start
    if size <= 0:
        return tree.EMPTY
    if size & (size - 1) == 0 and start % size == 0:
        return _node(db, size.bit_length() - 1, start // size)
    middle = start + tree.split(size)
    return tree.node(_range(db, start, middle), _range(db, middle, end))


def _number(words: str) -> int:
    return errno.ENOSPC if "full" in words else errno.EACCES
