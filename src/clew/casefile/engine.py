"""The engine: work on shards, queries over tables, and tables in memory; nothing else has DuckDB.

Work on files goes in shards that are idempotent: what a shard makes is named by its inputs, and a
shard whose output is there is not done again, so resuming needs no bookkeeping. Queries ask for
tables and for named relations alike. On a cluster a second engine answers the same three calls.
"""

from __future__ import annotations

import contextlib
import os
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from functools import cache, partial
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import duckdb
import msgspec
import pyarrow as pa

from clew.errors import UsageError
from clew.relations import relations
from clew.schema import no_rows
from clew.schema.decoders import prepare_decoders

S = TypeVar("S")
T = TypeVar("T")
Relation: TypeAlias = duckdb.DuckDBPyRelation
"""A table that is not read yet; Arrow, Polars and pandas take it."""
EngineError = duckdb.Error
"""What the engine raises: a query that can't be answered, or a table that is damaged."""
STOPPED = (duckdb.OperationalError, duckdb.InterruptException)
"""What of it the machine raises: out of memory, a disk that is full, a file that can't be read."""
PACKAGE = "duckdb"
"""The package that answers the queries."""
LINKAGE_MODULE = "splink.internals.duckdb.database_api"
"""What Splink needs to ask this engine."""
_WORD = re.compile(r"\w+")


class Progress:
    """Hears how far long work is; this one keeps silent."""

    def start(self, label: str, total: int) -> None:
        """Work begins, of a known size: bytes to read, or steps."""

    def advance(self, amount: int) -> None:
        """So much more is done."""

    def finish(self) -> None:
        """The work that began last is done."""


class Engine:
    """Runs tasks on shards, and answers queries over the tables that it was shown."""

    def __init__(
        self, scratch: Path, folders: Iterable[Path] = (), workers: int | None = None
    ) -> None:
        """Open an engine whose queries reach files in these folders only."""
        self._db = _connect(scratch, workers)
        self._lock(folders)
        self._scratch, self._workers = scratch, workers
        self._asking = threading.RLock()  # DuckDB refuses a call while another is under way
        self._made: set[str] = set()
        self._makers: dict[str, Callable[[], pa.Table]] = {}
        self._waiting: dict[str, Callable[[], None]] = {}
        self._viewed: set[str] = set()

    def close(self) -> None:
        """Let go of the tables."""
        self._db.close()

    @staticmethod
    def shards(
        task: Callable[[S], T], shards: Iterable[S], workers: int | None = None
    ) -> Iterator[tuple[S, T]]:
        """Run a task on every shard, as many at once as there are workers, and yield as they end.

        The threads only wait, hash and write: evidence is parsed in processes of their own. The
        first error ends the loop after the shards that are under way.
        """
        return each(task, shards, workers)

    def query(self, sql: str, **parameters: Any) -> pa.Table:
        """Result of a query, as an Arrow table."""
        with self._asking:
            return pa.table(self._relation(sql, parameters))

    def batches(self, sql: str, **parameters: Any) -> Iterator[pa.RecordBatch]:
        """Result of a query in batches, for Parquet; nothing else may be asked meanwhile."""
        with self._asking:
            yield from pa.RecordBatchReader.from_stream(self._relation(sql, parameters))

    @contextlib.contextmanager
    def with_tables(self, **given: pa.Table) -> Iterator[None]:
        """Let queries ask for tables in memory; one of a known name hides it."""
        with self._asking:
            for name, table in given.items():
                self.show_table(name, table)
        try:
            yield
        finally:
            with self._asking:
                for name in given:
                    self._db.unregister(name)
                    self._made.discard(name)

    def show_files(self, name: str, files: Sequence[Path], shown: str = "*") -> None:
        """Let a table be what these Parquet files hold."""
        self.show_query(name, f"SELECT {shown} FROM {source_of(files)}")  # noqa: S608 - quoted

    def show_query(self, name: str, sql: str) -> None:
        """Let a table be what a query of Clew's own finds."""
        self._show(name, partial(self._view, name, sql))

    def show_later(self, name: str, show: Callable[[], None]) -> None:
        """Let a table be what a function shows, once a query names it."""
        self._waiting[name] = show

    def show_empty(self, name: str, schema: pa.Schema) -> None:
        """Let a table have no rows."""
        self._show(name, partial(self._view_of_none, name, schema))

    def show_table(self, name: str, rows: pa.Table) -> None:
        """Let a table, or a named relation, be rows in memory."""
        with self._asking:
            self._made.add(name)
            self._db.register(name, rows)

    def show_made(self, name: str, schema: pa.Schema, make: Callable[[], pa.Table]) -> None:
        """Let a table be what a function makes each time that a query asks for it."""
        self._makers[name] = make
        with self._asking:
            self._db.register(name, no_rows(schema))

    def relation(self, name: str) -> Relation:
        """A table or named relation, which Arrow, Polars and pandas take."""
        with self._asking:
            self._make_relations(f'SELECT * FROM "{name}"')  # noqa: S608 - a name
            return self._db.table(name)

    def linkage(self, accounts: pa.Table) -> Linkage:
        """An engine of its own for comparing accounts with each other."""
        return Linkage(self._scratch, accounts)

    def _relation(self, sql: str, parameters: dict[str, Any]) -> Relation:
        self._make_relations(sql)
        found = self._db.sql(sql, params=parameters or None)
        if found is None:
            raise ValueError("the statement yields no rows")
        return found

    def _make_relations(self, sql: str) -> None:
        """Make what a query may ask for: views of tables, tables made anew, and relations."""
        self._make_tables(sql)
        known = set(relations()) | set(self._makers)
        if known.isdisjoint(_WORD.findall(sql)):
            return
        asked = tables_of(sql)
        for name in asked & set(self._makers):
            self._db.register(name, self._makers[name]())
        self._make_views(sql)

    def _make_views(self, sql: str) -> None:
        """Make views of the relations that a query asks for, and of those that they ask for."""
        known = relations()
        for name in sorted(statement_tables(sql) & set(known) - self._made):
            self._made.add(name)
            self._make_tables(known[name])
            self._make_views(known[name])
            self._view(name, known[name])

    def _show(self, name: str, make: Callable[[], None]) -> None:
        """Make the view of a table when a query names it; at once where relations may use it."""
        if name in self._viewed:
            make()
        else:
            self._waiting[name] = make

    def _make_tables(self, sql: str) -> None:
        """Make the views that are waited for of those tables whose names a query has."""
        words = set(_WORD.findall(sql.lower()))
        while asked := self._waiting.keys() & words:
            for name in asked:
                self._waiting.pop(name)()

    def _view_of_none(self, name: str, schema: pa.Schema) -> None:
        self._db.register(f"empty_{name}", no_rows(schema))
        self._view(name, f'SELECT * FROM "empty_{name}"')  # noqa: S608 - declared names only

    def _view(self, name: str, source: str) -> None:
        with self._asking:
            self._db.execute(f'CREATE OR REPLACE VIEW "{name}" AS {source}')
            self._viewed.add(name)

    def _lock(self, folders: Iterable[Path]) -> None:
        """Let statements reach files in these folders only, and change no setting from here on."""
        names = (str(folder.absolute()).replace("'", "''") for folder in folders)
        listed = ", ".join(f"'{name}/'" for name in names)
        self._db.execute(f"SET allowed_directories = [{listed}]")
        self._db.execute("SET enable_external_access = false")
        self._db.execute("SET lock_configuration = true")


class Linkage(Engine):
    """An engine of one processor, with a table of accounts, on which Splink works."""

    def __init__(self, scratch: Path, accounts: pa.Table) -> None:
        super().__init__(scratch, workers=1)
        self.keep("account_traits", accounts)

    def keep(self, name: str, rows: pa.Table) -> None:
        """Make a table of rows, in the order of their accounts."""
        with self.with_tables(rows_to_keep=rows):
            self._db.execute(
                f'CREATE OR REPLACE TABLE "{name}" AS FROM rows_to_keep ORDER BY unique_id'
            )

    def splink(self) -> Any:
        """Splink's way to ask this engine."""
        from splink.backends.duckdb import DuckDBAPI

        return DuckDBAPI(self._db)


def source_of(files: Iterable[Path]) -> str:
    """Parquet files of one table as what a query selects from."""
    listed = ", ".join("'" + str(file).replace("'", "''") + "'" for file in files)
    return f"read_parquet([{listed}], union_by_name = true)"


def each(
    task: Callable[[S], T], shards: Iterable[S], workers: int | None = None
) -> Iterator[tuple[S, T]]:
    """Run a task on every shard, as many at once as there are workers, and yield as they end.

    The threads only wait, hash and write: evidence is parsed in processes of their own. The first
    error ends the loop after the shards that are under way.
    """
    prepare_decoders()
    with ThreadPoolExecutor(workers or cores()) as pool:
        waiting: dict[Future[T], S] = {}
        todo = iter(shards)
        try:
            while True:
                for shard in todo:
                    waiting[pool.submit(task, shard)] = shard
                    if len(waiting) >= 2 * (workers or cores()):
                        break
                if not waiting:
                    return
                ended, _ = wait(waiting, return_when=FIRST_COMPLETED)
                for future in ended:
                    yield waiting.pop(future), future.result()
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def cores() -> int:
    """Processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def parse(sql: str) -> dict[str, Any]:
    """A query as a tree, as DuckDB reads it; nothing is bound and nothing is run."""
    with _parsing:
        ((text,),) = _parser().execute("SELECT json_serialize_sql($1)", [sql]).fetchall()
    tree: dict[str, Any] = msgspec.json.decode(text)
    if tree.get("error"):
        other = tree.get("error_type") == "not implemented"
        why = "it is no single SELECT" if other else tree.get("error_message")
        raise UsageError(
            f"the query can't be read: {why}",
            do='Ask as in: clew query CASE "select count(*) from messages"',
        )
    return tree


def nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """Every object in a parsed query."""
    if isinstance(tree, dict):
        yield tree
    for part in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        yield from nodes(part)


@cache
def statement_tables(sql: str) -> frozenset[str]:
    """Names of the tables and relations that a query asks for; its CTEs are none.

    >>> sorted(statement_tables("WITH a AS (SELECT * FROM t) SELECT * FROM a JOIN u ON true"))
    ['t', 'u']
    """
    return frozenset(_asked(parse(sql), frozenset()))


@cache
def tables_of(sql: str) -> frozenset[str]:
    """Names that a query asks for, and those that the relations among them ask for in turn."""
    known = relations()
    asked = statement_tables(sql)
    return asked.union(*(tables_of(known[name]) for name in asked if name in known))


def _asked(tree: Any, known: frozenset[str]) -> Iterator[str]:
    """Tables of a part of a query in which some names are those of CTEs."""
    if isinstance(tree, list):
        for part in tree:
            yield from _asked(part, known)
    if not isinstance(tree, dict):
        return
    if tree.get("type") == "BASE_TABLE" and tree["table_name"] not in known:
        yield tree["table_name"]
    for entry in tree.get("cte_map", {}).get("map", ()):
        yield from _asked(entry["value"], known)
        known |= {entry["key"]}
    for name, part in tree.items():
        if name != "cte_map":
            yield from _asked(part, known)


_parsing = threading.Lock()


@cache
def _parser() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config=_CLOSED | {"threads": "1", "enable_external_access": "false"})


_CLOSED = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "allow_unsigned_extensions": "false",
}
"""Nothing is downloaded and no extension loaded."""


def _connect(scratch: Path, workers: int | None = None) -> duckdb.DuckDBPyConnection:
    """A DuckDB that can't download or load anything and spills to the case's scratch folder."""
    scratch.mkdir(parents=True, exist_ok=True)
    db = duckdb.connect(
        config=_CLOSED
        | {
            "threads": str(workers or cores()),
            "temp_directory": str(scratch),
            "enable_external_file_cache": "false",  # a table's file is replaced under its name
            "preserve_insertion_order": "false",  # every query orders its rows itself
            "memory_limit": f"{_memory_limit()}B",
        }
    )
    db.execute("SET TimeZone = 'UTC'")
    db.execute("SET enable_progress_bar = false")
    for name, body in _FUNCTIONS.items():
        db.execute(f"CREATE MACRO {name} AS {body}")
    return db


_FUNCTIONS = {
    "sorted_set(x)": "list_sort(list_distinct(array_agg(x)))",
    "sorted_union(x)": "list_sort(list_distinct(flatten(array_agg(x))))",
    "ordered_list(x, k)":
        "list_transform(list_sort(array_agg(struct_pack(k := k, v := x))), lambda e: e.v)",
    "first_items(x, n)": "list_slice(x, 1, n)",
    "without(x, others)": "list_filter(x, lambda e: NOT list_contains(others, e))",
}  # fmt: skip
"""Functions of lists that queries use instead of what engines do differently: the different values
of a group in order, empty where all are NULL; the same of lists; values in the order of a key; the
first of a list; a list without those of another."""


def _memory_limit() -> int:
    """A quarter of the machine's memory, and a gigabyte at least; beyond it DuckDB spills."""
    whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return max(whole // 4, 1 << 30)
