"""The ledger of judgements: what people decided, in a database that refuses to change a row.

Facts and findings are made anew at any time; a judgement can't be, so it is written once, by a
named person, and a later one stands beside it and never replaces it. Its number and the entry of
the custody log, which holds a salted digest and no identifier, come in one transaction, so that a
judgement needs no lock on the case and is whole or not there.
"""

import contextlib
import hashlib
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache, cached_property
from pathlib import Path
from types import GenericAlias
from typing import Any, Self, TypeVar, cast

import msgspec
import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from clew.casefile.custody import CustodyLog
from clew.casefile.custody.sealed import Sealed, seal
from clew.casefile.files import writing
from clew.errors import EvidenceError
from clew.schema import Row, from_builtins, replace, table_of

Judgement = TypeVar("Judgement", bound=Row)
_LOT = '{"judged_by":'
"""How the text of a lot begins; that of a single judgement begins with its number."""
JUDGED = "judged"
"""Action by which the custody log binds a judgement."""
META = sa.MetaData()
"""Tables of the ledger, and the triggers that keep their rows."""
_JUDGEMENTS = sa.Table(
    "judgements",
    META,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.String(64), nullable=False),
    sa.Column("subject", sa.String(64), index=True),
    sa.Column("undoes", sa.Integer),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("salt", sa.String(32)),
    sa.Column("text", sa.Text),
    sa.Column("erasure", sa.Integer),
)
_ERASURES = sa.Table(
    "erasures",
    META,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", sa.String(32), nullable=False),
    sa.Column("erased_by", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
)
_SUPPRESSED = sa.Table(
    "suppressed",
    META,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("stands_for", sa.String(64), nullable=False),
)
_KEPT = (
    "BEFORE DELETE ON judgements",
    "BEFORE DELETE ON erasures",
    "BEFORE UPDATE ON erasures",
    "BEFORE DELETE ON suppressed",
    "BEFORE UPDATE ON suppressed",
    """BEFORE UPDATE ON judgements WHEN NEW.number <> OLD.number OR NEW.digest <> OLD.digest
    OR NEW.kind <> OLD.kind OR NEW.undoes IS NOT OLD.undoes OR NEW.erasure IS NULL
    OR NEW.salt IS NOT NULL OR NEW.text IS NOT NULL OR OLD.erasure IS NOT NULL""",
)
for _number, _when in enumerate(_KEPT):
    _trigger = sa.DDL(  # type: ignore[no-untyped-call]
        f"CREATE TRIGGER IF NOT EXISTS kept_{_number} {_when} BEGIN SELECT RAISE(ABORT, "
        "'a judgement is never changed or removed; add a later one'); END"
    )
    sa.event.listen(META, "after_create", _trigger.execute_if(dialect="sqlite"))


def now() -> datetime:
    """The moment as judgements have it: in UTC, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


class Erasure(msgspec.Struct, frozen=True, kw_only=True):
    """What an erasure takes away; it names nobody."""

    at: str
    erased_by: str
    reason: str
    judgements: tuple[int, ...] = ()
    """Numbers of the judgements whose text goes."""
    sealed: tuple[str, ...] = ()
    """Digests of other sealed texts that go."""
    suppressed: dict[str, str] = {}
    """Keyed digests of what is never shown again, and what stands for it."""


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """Who wrote a lot of judgements down, why and when; the lot's text begins with it."""

    judged_by: str
    reason: str
    judged_at: str


class Erased(msgspec.Struct, frozen=True):
    """An erasure as it stands in the ledger."""

    at: str
    erased_by: str
    reason: str

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> Self:
        """An erasure as the custody log has it."""
        return msgspec.convert({name: entry.get(name) for name in cls.__struct_fields__}, cls)


class LedgerRow(msgspec.Struct, frozen=True):
    """A row of the ledger as it stands there."""

    number: int
    kind: str
    subject: str | None
    """The content that it is found by again; never an identifier of a person."""
    undoes: int | None
    digest: str
    salt: str | None
    text: str | None
    erasure: int | None

    @property
    def is_about_its_subject(self) -> bool:
        """Whether it is found again by the content that its text is about."""
        return self.text is None or self.subject == msgspec.json.decode(self.text).get("sha256")

    @property
    def sealed(self) -> Sealed:
        """Its text, under the seal that the custody log knows."""
        return Sealed(self.digest, self.salt, self.text, self.erasure)


class Ledger:
    """The judgements of one case."""

    def __init__(self, file: Path, custody: CustodyLog) -> None:
        self._file = file
        self._custody = custody
        self._is_made = False

    def append(self, judgement: Row) -> int:
        """Write one judgement at the end, and return the number that it was given."""
        return self.append_all([judgement])[0]

    def enter(self, judgement: Judgement) -> Judgement:
        """Write a judgement at the end; the same with its number."""
        return replace(judgement, number=self.append(judgement))

    def append_all(self, judgements: Sequence[Row]) -> list[int]:
        """Write judgements at the end in one step, and return their numbers."""
        if not judgements:
            return []
        with self._writing(vault=self._custody.analyst is not None) as db:
            last = db.execute(sa.select(sa.func.max(_JUDGEMENTS.c.number))).scalar() or 0
            numbered = [replace(j, number=n) for n, j in enumerate(judgements, last + 1)]
            rows = [_row(judgement) for judgement in numbered]
            db.execute(sa.insert(_JUDGEMENTS), rows)
            self._custody.append_answered(_driver(db), [(JUDGED, _bound(row)) for row in rows])
        return [row["number"] for row in rows]

    def append_lot(self, lot: Sequence[Judgement], act: Act) -> int:
        """Write what one act states in one row: one number, one seal, one signature for all."""
        with self._writing(vault=self._custody.analyst is not None) as db:
            number = (db.execute(sa.select(sa.func.max(_JUDGEMENTS.c.number))).scalar() or 0) + 1
            rows = [replace(judgement, number=number) for judgement in lot]
            text = msgspec.json.encode({**msgspec.structs.asdict(act), "rows": rows}).decode()
            row = _sealed(number, type(lot[0]).table_name, text)
            db.execute(sa.insert(_JUDGEMENTS), [row])
            self._custody.append_answered(_driver(db), [(JUDGED, _bound(row))])
        return number

    def keep_rest(self, numbers: Collection[int], names: Callable[[str], bool], act: Act) -> None:
        """Write anew what lots state besides somebody, before the lots are erased as a whole."""
        for number in numbers:
            row = self.get(number)
            kind = table_of(row.kind) if row else None
            if row is None or kind is None or not (row.text or "").startswith(_LOT):
                continue
            lot = _judgements(kind, row.text or "")
            if rest := [one for one in lot if not names(msgspec.json.encode(one).decode())]:
                self.append_lot(rest, act)

    def judgements(self, kind: type[Judgement], subject: str | None = None) -> list[Judgement]:
        """Judgements of a kind, in order, each with whether it counts; the erased are left out."""
        wanted = sa.select(_JUDGEMENTS.c.number, _JUDGEMENTS.c.undoes, _JUDGEMENTS.c.text).where(
            _JUDGEMENTS.c.kind == kind.table_name
        )
        if subject is not None:
            wanted = wanted.where(_JUDGEMENTS.c.subject == subject)
        rows = self._read(wanted.order_by(_JUDGEMENTS.c.number))
        gone = undone([(number, undoes) for number, undoes, _ in rows])
        with _damage():
            return [
                judgement if counts else replace(judgement, counts=False)
                for number, undoes, text in rows
                if text is not None
                for counts in (undoes is None and number not in gone,)
                for judgement in _judgements(kind, text)
            ]

    def state(self, kind: type[Row]) -> str:
        """Digest over the judgements of a kind: equal where nothing was judged or erased since."""
        columns = (_JUDGEMENTS.c.number, _JUDGEMENTS.c.digest, _JUDGEMENTS.c.erasure)
        wanted = sa.select(*columns).where(_JUDGEMENTS.c.kind == kind.table_name)
        rows = self._read(wanted.order_by(_JUDGEMENTS.c.number))
        return hashlib.sha256(repr([tuple(row) for row in rows]).encode()).hexdigest()

    def get(self, number: int) -> LedgerRow | None:
        """A row by its number."""
        return next(iter(self.rows(number)), None)

    def rows(self, number: int | None = None) -> list[LedgerRow]:
        """Every row, or one, in order."""
        columns = [_JUDGEMENTS.c[name] for name in LedgerRow.__struct_fields__]
        wanted = sa.select(*columns).order_by(_JUDGEMENTS.c.number)
        if number is not None:
            wanted = wanted.where(_JUDGEMENTS.c.number == number)
        return [LedgerRow(*row) for row in self._read(wanted)]

    def suppressed(self) -> dict[str, str]:
        """Keyed digests of what was erased, and what stands for it."""
        found = self._read(sa.select(_SUPPRESSED.c.digest, _SUPPRESSED.c.stands_for))
        return dict(sorted((digest, stands_for) for digest, stands_for in found))

    def erasures(self) -> dict[int, Erased]:
        """Who erased when and why, by the number of the erasure."""
        columns = (_ERASURES.c[name] for name in Erased.__struct_fields__)
        return {
            row[0]: Erased(*row[1:]) for row in self._read(sa.select(_ERASURES.c.number, *columns))
        }

    def erase(self, erasure: Erasure) -> int:
        """Take texts and their salts away for good; the one exception to what is never changed."""
        with self._writing(vault=True) as db:
            number = (db.execute(sa.select(sa.func.max(_ERASURES.c.number))).scalar() or 0) + 1
            about = {"at": erasure.at, "erased_by": erasure.erased_by, "reason": erasure.reason}
            db.execute(sa.insert(_ERASURES).values(number=number, **about))
            blank = sa.update(_JUDGEMENTS).values(salt=None, text=None, erasure=number)
            for judgement in erasure.judgements:
                db.execute(blank.where(_JUDGEMENTS.c.number == judgement))
            self._custody.vault.erase(_driver(db), erasure.sealed, number)
            if erasure.suppressed:
                pairs = [{"digest": d, "stands_for": s} for d, s in erasure.suppressed.items()]
                db.execute(sa.insert(_SUPPRESSED), pairs)
            detail = {"erasure": number, **msgspec.to_builtins(erasure)}
            self._custody.append_answered(_driver(db), [("person erased", detail)])
        return number

    @contextlib.contextmanager
    def _writing(self, *, vault: bool = False) -> Iterator[sa.Connection]:
        """A transaction over the ledger and the custody log: both are written, or neither."""
        self._custody.must_exist()
        with writing("writing the ledger"), _damage(), self._engine.connect() as db:
            if vault:
                self._custody.vault.attach(_driver(db))
            db.exec_driver_sql("BEGIN IMMEDIATE")
            if not self._is_made:
                META.create_all(db, checkfirst=True)
            yield db
            db.exec_driver_sql("COMMIT")
            self._is_made = True

    def _read(self, wanted: sa.Select[Any]) -> list[Any]:
        if not self._file.is_file() or not self._file.stat().st_size:
            return []  # a first judgement that was refused leaves an empty file
        with writing("reading the ledger"), _damage(), self._engine.connect() as db:
            return list(db.execute(wanted))

    @cached_property
    def _engine(self) -> sa.Engine:
        return sa.create_engine(
            "sqlite://", creator=self._connect, poolclass=NullPool, isolation_level="AUTOCOMMIT"
        )

    def _connect(self) -> sqlite3.Connection:
        """The ledger, with the custody log beside it: SQLite commits to both or to none."""
        db = sqlite3.connect(self._file.absolute().as_uri(), uri=True, timeout=30)
        db.isolation_level = None
        db.execute("PRAGMA secure_delete = ON")
        db.execute("ATTACH ? AS log", (f"{self._custody.file.absolute().as_uri()}?mode=rw",))
        return db


def undone(rows: list[tuple[int, int | None]]) -> set[int]:
    """Numbers of the judgements that a later one undoes; an undoing can be undone too."""
    gone: set[int] = set()
    for number, undoes in reversed(rows):
        if undoes is not None and number not in gone:
            gone.add(undoes)
    return gone


def _row(judgement: Row) -> dict[str, Any]:
    values: dict[str, Any] = msgspec.to_builtins(judgement)
    text = msgspec.json.encode(judgement).decode()
    return {
        **_sealed(values["number"], type(judgement).table_name, text),
        "undoes": values.get("undoes"),
        "subject": values.get("sha256"),
    }


def _sealed(number: int, kind: str, text: str) -> dict[str, Any]:
    """A row that is about no content and undoes nothing."""
    sealed = seal(text)
    return {"number": number, "kind": kind, "undoes": None, "digest": sealed.digest,
            "salt": sealed.salt, "text": sealed.text, "subject": None}  # fmt: skip


def _judgements(kind: type[Judgement], text: str) -> Iterable[Judgement]:
    """What a row of the ledger holds: one judgement, or all of one act."""
    if text.startswith(_LOT):
        return cast("list[Judgement]", msgspec.json.decode(text, type=_lot_of(kind)).rows)
    return (from_builtins(kind, msgspec.json.decode(text)),)


@cache
def _lot_of(kind: type[Row]) -> Any:
    """How a lot of one kind is read; of a kind with a column of identifiers there is none."""
    return msgspec.defstruct("Lot", [("rows", GenericAlias(list, (kind,)))])


def _bound(row: dict[str, Any]) -> dict[str, object]:
    """What the custody log holds of a row."""
    return {name: row[name] for name in ("number", "kind", "undoes", "digest")}


def _driver(db: sa.Connection) -> sqlite3.Connection:
    return cast("sqlite3.Connection", db.connection.driver_connection)


@contextlib.contextmanager
def _damage() -> Iterator[None]:
    """Errors of the database in the words of this case."""
    try:
        yield
    except (sa.exc.OperationalError, sqlite3.OperationalError) as error:
        if "no such" in str(error):
            raise _damaged(error) from error
        raise OSError(28 if "full" in str(error) else 13, str(error)) from error
    except (sa.exc.DatabaseError, sqlite3.DatabaseError, msgspec.MsgspecError) as error:
        raise _damaged(error) from error


def _damaged(error: Exception) -> EvidenceError:
    return EvidenceError(
        f"the ledger of judgements is damaged: {getattr(error, 'orig', error)}",
        do="Restore ledger.sqlite from your backup; the custody log knows every judgement.",
    )
