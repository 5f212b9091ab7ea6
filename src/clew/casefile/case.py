"""A case: a folder that holds everything about one investigation, and nothing outside it."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import msgspec
import pyarrow as pa

import clew.records  # noqa: F401 - declares every table
from clew.casefile import runlog
from clew.casefile.config import FORMAT_VERSION, Config, as_toml, read_config
from clew.casefile.custody import CustodyLog
from clew.casefile.engine import Engine, Relation
from clew.casefile.files import replacing, sha256_of, write_text, writing
from clew.casefile.kept_texts import forget
from clew.casefile.ledger import now
from clew.casefile.lock import locked
from clew.casefile.masking import KEY_BYTES, Masking
from clew.casefile.outputs import refuse_guarded
from clew.casefile.parquet import read_part
from clew.casefile.published import Part, Published
from clew.casefile.received import HOMES as JOINED
from clew.casefile.received import (
    JOINT,
    WHOLE,
    Beside,
    Delivery,
    Over,
    as_sent,
    content_digests,
    deliveries,
    outputs_read,
)
from clew.casefile.redaction import Redactor
from clew.casefile.shown import shown
from clew.casefile.snapshot import Snapshot, generation, sweep
from clew.casefile.step_manifest import WHOLE_CASE, Output, StepManifest
from clew.casefile.store import Store
from clew.errors import EvidenceError, UsageError
from clew.records import Exhibit
from clew.schema import (
    RECEIVED,
    Home,
    Row,
    arrow_schema,
    batch,
    received,
    table_of,
    tables,
    to_arrow,
)

if TYPE_CHECKING:
    from clew.casefile.ledger import Ledger

LEDGER = "ledger.sqlite"
"""File of the judgements."""
MASK_KEY = "mask.key"
"""File of the secret of a case, from which its pseudonyms are made."""


class Case:
    """An open case. Tables are read as they were last completed; writing needs ``writing()``."""

    def __init__(self, folder: Path, config: Config, *, is_live: bool = False) -> None:
        self.folder = folder
        self.config = config
        self.store = Store(folder / "store")
        self.custody = CustodyLog(
            folder / "custody.sqlite", f"clew/{config.case_id}", config.case_id
        )
        self.published = Published(folder, self.custody)
        self.manifests = self.published.manifests
        self.scratch = folder / "work" / "scratch"
        self._is_writing = False
        self._is_live = is_live
        self._over: Over | None = None
        self._snapshot: Snapshot | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the tables."""
        if engine := self.__dict__.pop("engine", None):
            engine.close()
        if self._snapshot:
            self._snapshot.release()
            self._snapshot = None

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the case for writing; a second writer is refused.

        What a killed writer left half-done is ended or taken back first.
        """
        with locked(self.folder):
            sweep(self.folder)
            with contextlib.suppress(EvidenceError):  # a case that lost its secret is reported
                forget(self.folder, self.key.hex())
            self.published.recover()
            runlog.recover(self.folder / "runs", self.custody)
            self.suppress()
            self.read_live()
            self._is_writing = True
            try:
                with self.over(WHOLE_CASE):  # what is written follows from own facts alone
                    yield
            finally:
                self._is_writing = self._is_live = False
                self.close()

    @property
    def key(self) -> bytes:
        """The secret of the case."""
        return bytes.fromhex(Masking(self.folder / MASK_KEY).key)

    def suppress(self) -> None:
        """Take those who were erased out of whatever is written from here on."""
        if (self.folder / LEDGER).is_file() and (suppressed := self.ledger.suppressed()):
            self.published.redact = Redactor(self.key, suppressed).table

    def snapshot(self) -> Snapshot:
        """The tables as they are now, which no run beside it can change; release it when read."""
        return Snapshot(self.folder, self.published, self.custody)

    @contextlib.contextmanager
    def over(self, scope: str, packages: Collection[str] = ()) -> Iterator[None]:
        """Read the conclusions of a scope, and with the case's own facts those of some packages."""
        earlier, self._over = self._over, Over(scope, frozenset(packages))
        self.refresh()
        try:
            yield
        finally:
            self._over = earlier
            self.refresh()

    @property
    def scope(self) -> str:
        """Scope of the conclusions that are read: own alone, or over what others sent too."""
        if self._over:
            return self._over.scope
        joint = any((m.step, m.scope) == (WHOLE, JOINT) for m in self.manifests_read)
        return JOINT if joint else WHOLE_CASE

    @property
    def deliveries(self) -> tuple[Delivery, ...]:
        """Packages of others that are read beside the case's own facts."""
        if self._over and not self._over.packages:
            return ()
        found = deliveries(self.manifests_read)
        return tuple(d for d in found if self._over is None or d.package in self._over.packages)

    @property
    def manifests_read(self) -> tuple[StepManifest, ...]:
        """Manifests of the tables that are being read."""
        return self._snapshot.manifests if self._snapshot else tuple(self.manifests.every())

    @property
    def generation(self) -> str:
        """Id of the generation of tables that is being read."""
        return self._snapshot.id if self._snapshot else generation(self.manifests.digests())

    def is_in_force(self) -> bool:
        """Whether the generation that is being read is still the newest."""
        return self.generation == generation(self.manifests.digests())

    @property
    def reads_snapshot(self) -> bool:
        """Whether the tables that are read are of one generation, whatever a run does beside it."""
        return self._snapshot is not None

    def read_live(self) -> None:
        """Read the tables where this process itself writes them, from here on."""
        if not self._is_live:
            self.close()
            self._is_live = True

    @cached_property
    def ledger(self) -> Ledger:
        """What people decided."""
        from clew.casefile.ledger import Ledger

        return Ledger(self.folder / LEDGER, self.custody)

    @cached_property
    def engine(self) -> Engine:
        """Engine that knows every table, empty where nothing is written yet."""
        with writing("opening the tables"):
            engine = self.open_engine()
        self.show_tables(engine, tables().values())
        return engine

    def open_engine(self) -> Engine:
        """An engine that reaches the tables' files, and knows no table yet."""
        if not self._is_live and not self._snapshot and os.access(self.folder, os.W_OK):
            self._snapshot = self.snapshot()
        reached = [self._root / name for name in Home]
        return Engine(self.scratch, [*reached, self.folder / "work"])

    @property
    def _root(self) -> Path:
        """Folder under which the tables lie that are read."""
        return self._snapshot.folder if self._snapshot else self.folder

    def show_tables(
        self, engine: Engine, rows: Iterable[type[Row]], *, places: bool = False
    ) -> None:
        """Let tables be the files that are complete now; places are withheld unless asked for."""
        complete, sent = self.complete(), self.deliveries
        own = [self._root / out.file for out in complete.get(Exhibit.table_name, ())]
        beside = Beside(sent, content_digests(own)) if sent else None
        for row in rows:
            name = row.table_name
            files = [self._root / out.file for out in complete.get(name, ())]
            theirs = {
                d.package: self._root / d.files[name].file
                for d in sent if name in d.files and row.home in JOINED
            }  # fmt: skip
            if row.home is Home.JUDGEMENTS:
                engine.show_made(name, arrow_schema(row), partial(self._judgements, row))
            elif beside and theirs:
                joined = beside.view(row, files, theirs, shown(row, places=places))
                engine.show_query(name, joined)
            elif files:
                engine.show_files(name, files, shown(row, places=places))
            else:
                engine.show_empty(name, arrow_schema(row))
        for table in tables():
            engine.show_later(RECEIVED + table, partial(self._show_sent, engine, table, places))

    def _show_sent(self, engine: Engine, table: str, places: bool) -> None:  # noqa: FBT001 - passed on
        """Let a table be what others sent of it."""
        row = tables()[table]
        files = [self._root / d.files[table].file for d in self.deliveries if table in d.files]
        if files:
            engine.show_query(RECEIVED + table, as_sent(row, files, shown(row, places=places)))
        else:
            engine.show_empty(RECEIVED + table, arrow_schema(received(row)))

    def _judgements(self, row: type[Row]) -> pa.Table:
        """Judgements as they stand now; while a run works, as they stood when it began."""
        if self._is_writing or not (self.folder / LEDGER).is_file():
            files = [self._root / out.file for out in self.outputs(row)]
            parts = [read_batch for file in files for read_batch in read_part(file)]
            return pa.Table.from_batches(parts, arrow_schema(row))
        return to_arrow(row, list(self.ledger.judgements(row)))

    def refresh(self) -> None:
        """See what was completed since the tables were opened."""
        self.close()

    def table(self, name: str) -> Relation:
        """A table as a DuckDB relation, which Arrow, Polars and pandas take.

        ``pyarrow.table(case.table("messages"))``, ``polars.DataFrame(case.table("messages"))``.
        """
        if table_of(name) is None:
            known = ", ".join(sorted(n for n in tables() if not n.startswith("doc_")))
            raise UsageError(f"there is no table {name!r}", do=f"Tables are: {known}.")
        return self.engine.relation(name)

    def sql(self, query: str, **parameters: Any) -> pa.Table:
        """Result of a query over the tables, as an Arrow table."""
        return self.engine.query(query, **parameters)

    def rows(self, query: str, **parameters: Any) -> list[dict[str, Any]]:
        """Result of a query as dictionaries; for small results."""
        return self.sql(query, **parameters).to_pylist()  # type: ignore[no-any-return]

    def derived(
        self, row: type[Row], query: str, **parameters: Any
    ) -> tuple[type[Row], Callable[[], Iterator[pa.RecordBatch]]]:
        """A table as the result of a query, for ``publish``.

        The query names its columns as the row class does, in any order, and orders its rows; a
        column that it leaves out is empty. Sums must be cast to BIGINT.
        """

        def batches() -> Iterator[pa.RecordBatch]:
            for found in self.engine.batches(query, **parameters):
                values = {n: found.column(n) for n in found.schema.names}
                yield batch(row, found.num_rows, **values).data

        return row, batches

    def outputs(self, row: type[Row]) -> tuple[Output, ...]:
        """Files of a table that are complete."""
        return tuple(self.complete().get(row.table_name, ()))

    def complete(self) -> dict[str, list[Output]]:
        """Files that are complete, by the names of their tables."""
        packages = self._over.packages if self._over else None
        return outputs_read(self.manifests_read, self.scope, packages)

    def publish(
        self,
        manifest: StepManifest,
        parts: Sequence[tuple[type[Row], Part]],
        beside: tuple[Output, ...] = (),
        **about: object,
    ) -> StepManifest:
        """Write the tables of a step, bind them by the log, and let them be in force."""
        self.read_live()
        complete = self.published.publish(manifest, parts, beside, **about)
        if engine := self.__dict__.get("engine"):
            known = tables()
            written = {row.table_name: row for row, _ in parts}
            written |= {out.table: known[out.table] for out in beside if out.table in known}
            written = {name: row for name, row in written.items() if row.home is not Home.RECEIVED}
            self.show_tables(engine, written.values())
        return complete

    def withdraw(self, step: str, scope: str) -> None:
        """Take back what a step made, for good."""
        self.published.withdraw(step, scope)
        self.refresh()

    def masking(self) -> Masking:
        """How identifiers of people are masked in what this case prints."""
        from clew.casefile.known import KnownToCase

        return Masking(self.folder / MASK_KEY, KnownToCase(self))


def create_case(folder: Path, title: str, authority: str) -> Case:
    """Make a new case folder; refuse where something is there already."""
    if (folder / "case.toml").is_file():
        raise UsageError(
            f"{folder} is a case already",
            do=f"Go on with it: clew status {folder}. For another case name another folder.",
        )
    refuse_guarded(folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(
            f"{folder} is there already and not empty", do="Name a folder that does not exist."
        )
    config = Config(
        format_version=FORMAT_VERSION,
        case_id=secrets.token_hex(8),
        title=title,
        authority=authority,
        created_at=now(),
    )
    with writing(f"making {folder}"):
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o750)
    with replacing(folder / MASK_KEY) as hidden:
        hidden.write_bytes(secrets.token_bytes(KEY_BYTES))
    case = Case(folder, config)
    key = sha256_of(folder / MASK_KEY)
    case.custody.append("case opened", mask_key=key, **msgspec.to_builtins(config))
    write_text(folder / "case.toml", as_toml(config))
    return case


def open_case(path: str | Path) -> Case:
    """Open a case for reading.

    Raises UsageError where there is none or another version made it, and EvidenceError where it is
    damaged.
    """
    return Case(Path(path), read_config(Path(path)))
