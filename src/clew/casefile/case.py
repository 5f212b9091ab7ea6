"""A case: a folder that holds everything about one investigation, and nothing outside it."""

from __future__ import annotations

import contextlib
import json
import secrets
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import msgspec
import pyarrow as pa

import clew.records  # noqa: F401 - declares every table
from clew.casefile.custody import CustodyLog
from clew.casefile.engine import Engine, Relation
from clew.casefile.files import replacing, sha256_of, sync, write_text, writing
from clew.casefile.lock import locked
from clew.casefile.masking import WITHHELD, Known, Masking
from clew.casefile.parquet import count_rows, read_part, write_part
from clew.casefile.step_manifest import Output, StepManifest, StepManifests
from clew.casefile.store import Store
from clew.errors import EvidenceError, UsageError
from clew.records.facts import Account, AccountName, Chat, Contact, Entry, Unread
from clew.records.persons import PersonAccount
from clew.schema import Home, Kind, Row, arrow_schema, batch, columns, tables, to_arrow

if TYPE_CHECKING:
    from clew.casefile.ledger import Ledger

Part = Callable[[], Iterator[pa.RecordBatch]] | Path
STEP_DONE = "step done"
"""Action by which the custody log ties the tables of a step to its chain."""
FORMAT_VERSION = 1
"""Version of the layout of a case folder."""


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What ``case.toml`` holds."""

    format_version: int
    """Version of the case folder."""
    case_id: str
    """Random identifier."""
    title: str
    """Name of the investigation."""
    authority: str = ""
    """Legal authority for the examination; nothing is taken in without one."""
    created_at: datetime
    """When the case was opened."""


class Case:
    """An open case. Tables are read as they were last completed; writing needs ``writing()``."""

    def __init__(self, folder: Path, config: Config) -> None:
        self.folder = folder
        self.config = config
        self.store = Store(folder / "store")
        self.custody = CustodyLog(
            folder / "custody.sqlite", f"clew/{config.case_id}", config.case_id
        )
        self.manifests = StepManifests(folder / "done")
        self.scratch = folder / "work" / "scratch"
        self._shows_places = False
        self._is_writing = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the tables."""
        if engine := self.__dict__.pop("engine", None):
            engine.close()

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the case for writing; a second writer is refused."""
        with locked(self.folder):
            self._is_writing = True
            try:
                yield
            finally:
                self._is_writing = False

    @cached_property
    def ledger(self) -> Ledger:
        """What people decided."""
        from clew.casefile.ledger import Ledger

        return Ledger(self.folder / "ledger.sqlite", self.custody)

    @cached_property
    def engine(self) -> Engine:
        """Engine that knows every table, empty where nothing is written yet."""
        with writing("opening the tables"):
            engine = self.open_engine()
        self.show_tables(engine, tables().values())
        return engine

    def open_engine(self) -> Engine:
        """An engine that reaches the tables' files, and knows no table yet."""
        return Engine(self.scratch, [self.folder / name for name in _QUERIED])

    def show_tables(self, engine: Engine, rows: Iterable[type[Row]]) -> None:
        """Let tables be the files that are complete now."""
        complete = self.complete()
        for row in rows:
            name = row.table_name
            if row.home is Home.JUDGEMENTS:
                engine.show_made(name, arrow_schema(row), partial(self._judgements, row))
            elif files := [self.folder / out.file for out in complete.get(name, ())]:
                engine.show_files(name, files, self._shown(row))
            else:
                engine.show_empty(name, arrow_schema(row))

    def with_places(self) -> Case:
        """The same case, opened anew for one reading to which places are shown."""
        case = Case(self.folder, self.config)
        case._shows_places = True
        return case

    def _judgements(self, row: type[Row]) -> pa.Table:
        """Judgements as they stand now; while a run works, as they stood when it began."""
        if self._is_writing or not (self.folder / "ledger.sqlite").is_file():
            files = [self.folder / out.file for out in self.outputs(row)]
            parts = [read_batch for file in files for read_batch in read_part(file)]
            return pa.Table.from_batches(parts, arrow_schema(row))
        return to_arrow(row, list(self.ledger.judgements(row)))

    def show_places(self) -> None:
        """Show places from here on: for what does not read through a disclosure yet."""
        self._shows_places = True
        self.refresh()

    def _shown(self, row: type[Row]) -> str:
        """What a table shows: places are withheld from whoever does not ask for them."""
        places = () if self._shows_places else (c for c in columns(row) if c.kind is Kind.PLACE)
        withheld = [
            f'NULL::DOUBLE AS "{c.name}"' if c.arrow_type == pa.float64() else
            f"CASE WHEN \"{c.name}\" IS NOT NULL THEN '{WITHHELD}' END AS \"{c.name}\""
            for c in places if not pa.types.is_list(c.arrow_type)
        ]  # fmt: skip
        return f"* REPLACE ({', '.join(withheld)})" if withheld else "*"

    def refresh(self) -> None:
        """See what was completed since the tables were opened."""
        self.close()

    def table(self, name: str) -> Relation:
        """A table as a DuckDB relation, which Arrow, Polars and pandas take.

        ``pyarrow.table(case.table("messages"))``, ``polars.DataFrame(case.table("messages"))``.
        """
        if name not in tables():
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
        found: dict[str, list[Output]] = {}
        for done in self.manifests.every():
            for out in done.outputs:
                found.setdefault(out.table, []).append(out)
        return found

    def file_of(self, row: type[Row], scope: str, step: str) -> Path:
        """Where a table of an exhibit, of a hash set, or of the whole case is kept.

        Whatever step meets what it can't read says so in one table, in a file of its own.
        """
        match row.home:
            case Home.HASHSETS:
                within = f"{scope}/{row.table_name}"
            case Home.FINDINGS | Home.JUDGEMENTS:
                within = row.table_name
            case Home.EVIDENCE | Home.FACTS:
                part = f".{step}" if row is Unread and step != "read" else ""
                within = f"{row.table_name}/exhibit={scope}{part}"
        return self.folder / row.home / f"{within}.parquet"

    def publish(
        self,
        done: StepManifest,
        parts: Sequence[tuple[type[Row], Part]],
        beside: tuple[Output, ...] = (),
    ) -> StepManifest:
        """Write the tables of a step and then the record that makes them count.

        A table comes as batches, or as a finished file, which is linked and not written again.
        ``beside`` names files that are in their place already.

        The earlier record goes first: while its tables are being replaced the step counts as not
        done, so that nobody reads half of one and half of the other.
        """
        self.manifests.forget(done.step, done.scope)
        outputs = [self._publish_table(row, done, batches) for row, batches in parts]
        complete = msgspec.structs.replace(
            done,
            outputs=tuple(
                sorted((o for o in (*outputs, *beside) if o.rows), key=lambda o: (o.table, o.file))
            ),
        )
        self.custody.append(STEP_DONE, step=done.step, scope=done.scope, record=complete.sha256)
        self.manifests.put(complete)
        if engine := self.__dict__.get("engine"):
            written = {row.table_name: row for row, _ in parts}
            known = tables()
            written |= {out.table: known[out.table] for out in beside if out.table in known}
            self.show_tables(engine, written.values())
        return complete

    def verify_outputs(self) -> Iterator[str]:
        """Name every table whose file is not the one that was written, and every record of one.

        A table is held by its record, and the record by the custody log: whoever changes both of
        the first two still has to rewrite the log.
        """
        logged = self._logged_records()
        for done in self.manifests.every():
            if logged.get((done.step, done.scope)) != done.sha256:
                yield f"the record of {done.step} for {done.scope} is not the one that was logged"
            for out in done.outputs:
                file = self.folder / out.file
                if not file.is_file():
                    yield f"{out.file} is missing"
                elif sha256_of(file) != out.sha256:
                    yield f"{out.file} was changed since it was written"

    def _logged_records(self) -> dict[tuple[str, str], str]:
        """Digests of the latest records in the custody log, by step and scope."""
        told = (e.told for e in self.custody.entries() if STEP_DONE in e.body)
        return {
            (str(t.get("step")), str(t.get("scope"))): str(t.get("record"))
            for t in told
            if t.get("action") == STEP_DONE
        }

    def verify_opening(self) -> Iterator[str]:
        """Name what ``case.toml`` says otherwise than the opening of the case in the log."""
        opening = next(self.custody.entries(), None)
        told = opening.told if opening else {}
        for name, value in msgspec.to_builtins(self.config).items():
            if told.get(name) not in ("", value):  # an authority that was left out may follow
                yield f"{name} in case.toml is not the one with which the case was opened"

    def masking(self) -> Masking:
        """How identifiers of people are masked in what this case prints."""
        persons = self._ask("SELECT account_id, person_id FROM person_accounts", PersonAccount)
        chats = self._ask("SELECT DISTINCT chat_id FROM chats", Chat)
        known = Known(
            person_of={r["account_id"]: r["person_id"] for r in persons},
            persons=frozenset(row["person_id"] for row in persons),
            chats=frozenset(row["chat_id"] for row in chats),
            names=lambda: (
                (row["name"], row["account_id"])
                for row in self._ask(_NAMES, Account, AccountName, Contact, Entry)
            ),
        )
        return Masking(self.folder / "mask.key", known)

    def _ask(self, query: str, *rows: type[Row]) -> list[dict[str, Any]]:
        """Answer to a query over a few tables, whatever else is being asked of this case."""
        with contextlib.closing(self.open_engine()) as engine:
            self.show_tables(engine, rows)
            return engine.query(query).to_pylist()  # type: ignore[no-any-return]

    def _publish_table(self, row: type[Row], done: StepManifest, part: Part) -> Output:
        file = self.file_of(row, done.scope, done.step)
        with replacing(file) as hidden:
            if isinstance(part, Path):
                hidden.unlink()
                hidden.hardlink_to(part)
                rows = count_rows(part)
            else:
                rows = write_part(row, hidden, part())
        if not rows:
            file.unlink()
            sync(file.parent)
            return Output(row.table_name, "", 0, "")
        name = str(file.relative_to(self.folder))
        return Output(row.table_name, name, rows, sha256_of(file))


_QUERIED = (*Home, "work")
"""Folders that a query reaches; what is restricted, secret or evidence lies elsewhere."""

_NAMES = """
SELECT DISTINCT name, account_id FROM (
  SELECT name, account_id FROM account_names
  UNION ALL SELECT identifier, account_id FROM accounts WHERE id_type IN ('username', 'email')
  UNION ALL SELECT unnest([display_name, given_name, family_name, nickname]), account_id
  FROM contacts
  UNION ALL SELECT name, NULL FROM (SELECT unnest(names) AS name FROM entries)
  WHERE contains(name, ' ')
) WHERE name IS NOT NULL ORDER BY name, account_id
"""


def create_case(folder: Path, title: str, authority: str) -> Case:
    """Make a new case folder; refuse where something is there already."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(
            f"{folder} is there already and not empty", do="Name a folder that does not exist."
        )
    config = Config(
        format_version=FORMAT_VERSION,
        case_id=secrets.token_hex(8),
        title=title,
        authority=authority,
        created_at=datetime.now(UTC).replace(microsecond=0),
    )
    with writing(f"making {folder}"):
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o750)
    case = Case(folder, config)
    case.custody.append("case opened", **msgspec.to_builtins(config))
    write_text(folder / "case.toml", _as_toml(config))
    return case


def open_case(path: str | Path) -> Case:
    """Open a case for reading.

    Raises UsageError where there is none or a newer Clew made it, and EvidenceError where it is
    damaged.
    """
    folder = Path(path)
    file = folder / "case.toml"
    if not file.is_file():
        raise UsageError(
            f"{folder} is no case: there is no case.toml in it",
            do="Make one with: clew new CASE --title TITLE --authority AUTHORITY",
        )
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _damaged(file, error) from error
    version = found.get("format_version")
    if isinstance(version, int) and version > FORMAT_VERSION:
        raise UsageError(
            f"{folder} was made by a newer Clew: its format is {version}, this Clew knows "
            f"{FORMAT_VERSION}",
            do="Open it with that newer Clew; nothing was changed.",
        )
    try:
        config = msgspec.convert(found, Config)
    except msgspec.ValidationError as error:
        raise _damaged(file, error) from error
    return Case(folder, config)


def _damaged(file: Path, error: Exception) -> EvidenceError:
    return EvidenceError(
        f"the case is damaged: {file.name} can't be read ({error})",
        do="Restore case.toml from your backup; nothing was changed.",
    )


def _as_toml(config: Config) -> str:
    """A flat TOML table; a JSON string is a TOML string but for the DEL character."""
    lines = []
    for name, value in msgspec.to_builtins(config).items():
        text = json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        lines.append(f"{name} = {text}\n")
    return "".join(lines)
