"""What takes long is made once in a session, however many workers run its tests.

With pytest-xdist each worker is a process with a temporary folder of its own, beside those of the
others. The first that asks makes the thing in the folder above them, under a lock; every worker
then gets a tree of its own, of hard links: whoever changes a file replaces it. Files that SQLite
and the case change in place are copied.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

_CHANGED_IN_PLACE = (".sqlite", ".sqlite-wal", ".sqlite-shm", ".db-wal", ".lock", ".log", ".jsonl")


def made_once(base: Path, name: str, make: Callable[[Path], object]) -> Path:
    """A copy of a folder that ``make`` fills once for all workers; ``base`` is this worker's."""
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    whole, done = shared / f"{name}-made-once", shared / f"{name}-made-once.done"
    with (shared / f"{name}-made-once.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(whole, ignore_errors=True)  # left by a worker that failed
            make(whole)
            done.touch()
    return copied(whole, base / name)


def copied(whole: Path, copy: Path) -> Path:
    """A tree of the same files, linked where nothing changes them in place."""
    return Path(shutil.copytree(whole, copy, symlinks=True, copy_function=_link_or_copy))


def _link_or_copy(source: str, target: str) -> None:
    if str(source).endswith(_CHANGED_IN_PLACE):
        shutil.copy2(source, target)
    else:
        os.link(source, target)
