"""A group of cgroup v2 for one worker, where this process may make one.

A group bounds what no limit of a process does: memory in files without a name, threads whoever owns
them, pages of the kernel. It is made in the group of this process or, as a group that holds
processes hands nothing down, in one above it.
"""

import contextlib
import time
from collections.abc import Iterable
from pathlib import Path

_ROOT = Path("/sys/fs/cgroup")
_SPARE = 256 << 20
"""Bytes above the limit on address space: what is mapped from files counts here and not there."""
_TRIES, _PAUSE = 20, 0.01


class Group:
    """A group with limits; ``close`` when its processes are gone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def take(self, processes: Iterable[int]) -> bool:
        """Move processes into the group; whether the system allowed it."""
        try:
            for process in processes:
                _write(self._folder / "cgroup.procs", process)
        except OSError:
            return False
        return True

    @property
    def ran_out(self) -> bool:
        """Whether a process was ended for want of memory."""
        with contextlib.suppress(OSError):
            events = (self._folder / "memory.events").read_text("ascii").split()
            return events[events.index("oom_kill") + 1] != "0"
        return False

    def close(self) -> None:
        """End what is left in the group, and remove it."""
        with contextlib.suppress(OSError):
            _write(self._folder / "cgroup.kill", 1)
        for _ in range(_TRIES):
            with contextlib.suppress(OSError):
                self._folder.rmdir()
                return
            time.sleep(_PAUSE)


def group(name: str, memory: int, threads: int, root: Path = _ROOT) -> Group | None:
    """A new group with these limits; None where the system does not hand its controllers on."""
    for above in _own(root):
        folder = above / name
        try:
            folder.mkdir()
        except OSError:
            continue
        try:
            _write(folder / "memory.max", memory + _SPARE)
            _write(folder / "pids.max", threads)
        except OSError:
            Group(folder).close()
            continue
        with contextlib.suppress(OSError):  # where there is no swap
            _write(folder / "memory.swap.max", 0)
        return Group(folder)
    return None


def _own(root: Path) -> list[Path]:
    """The group of this process, and those above it, as far as controllers are handed down."""
    with contextlib.suppress(OSError, StopIteration):
        own = root / _own_line()[len("0::/") :]
        above = [own, *own.parents]
        return [p for p in above[: above.index(root) + 1] if _hands_down(p)]
    return []


def _own_line() -> str:
    lines = Path("/proc/self/cgroup").read_text("utf-8").splitlines()
    return next(line for line in lines if line.startswith("0::"))


def _hands_down(folder: Path) -> bool:
    with contextlib.suppress(OSError):
        handed = (folder / "cgroup.subtree_control").read_text("ascii").split()
        return {"memory", "pids"} <= set(handed)
    return False


def _write(file: Path, value: int) -> None:
    with file.open("r+") as out:
        out.write(str(value))
