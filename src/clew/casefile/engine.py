"""The whole engine: ``each`` for work on files, ``connect`` for SQL over tables.

Work on files goes in shards that are idempotent: what a shard makes is named by its inputs, and a
shard whose output is there is not done again, so resuming needs no bookkeeping. On a cluster the
same shard function runs inside the engine's tasks.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import TypeVar

import duckdb

S = TypeVar("S")
T = TypeVar("T")


class Progress:
    """Hears how far long work is; this one keeps silent."""

    def start(self, label: str, total: int) -> None:
        """Work begins, of a known size: bytes to read, or steps."""

    def advance(self, amount: int) -> None:
        """So much more is done."""

    def finish(self) -> None:
        """The work that began last is done."""


def each(
    task: Callable[[S], T], shards: Iterable[S], workers: int | None = None
) -> Iterator[tuple[S, T]]:
    """Run a task on every shard, as many at once as there are workers, and yield as they end.

    The threads only wait, hash and write: evidence is parsed in processes of their own. The first
    error ends the loop after the shards that are under way.
    """
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


def connect(scratch: Path, workers: int | None = None) -> duckdb.DuckDBPyConnection:
    """A DuckDB that can't download or load anything and spills to the case's scratch folder."""
    scratch.mkdir(parents=True, exist_ok=True)
    db = duckdb.connect(
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "allow_community_extensions": "false",
            "allow_unsigned_extensions": "false",
            "threads": str(workers or cores()),
            "temp_directory": str(scratch),
            "enable_external_file_cache": "false",  # a table's file is replaced under its name
            "preserve_insertion_order": "false",  # every query orders its rows itself
            "memory_limit": f"{_memory_limit()}B",
        }
    )
    db.execute("SET TimeZone = 'UTC'")
    db.execute("SET enable_progress_bar = false")
    return db


def _memory_limit() -> int:
    """A quarter of the machine's memory, and a gigabyte at least; beyond it DuckDB spills."""
    whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return max(whole // 4, 1 << 30)


def lock(db: duckdb.DuckDBPyConnection, folders: Iterable[Path]) -> None:
    """Let statements reach files in these folders only, and change no setting from here on."""
    names = (str(folder.absolute()).replace("'", "''") for folder in folders)
    listed = ", ".join(f"'{name}/'" for name in names)
    db.execute(f"SET allowed_directories = [{listed}]")
    db.execute("SET enable_external_access = false")
    db.execute("SET lock_configuration = true")
