"""Builders that tests of several modules share, on runner."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec

from clew.casefile import Context
from clew.casefile.engine import Progress
from clew.records import Flag
from clew.sandbox import GuardPool, Limits, WorkerLost
from clew.schema import Id
from clew.shards import Lost, ShardRun, in_order, isolate, part_files, write_rows

PROBES = "clew.sandbox.probes:"


class Numbers(msgspec.Struct, frozen=True):
    """Some numbers, each a task: most echo; some are probes that end or fool their worker."""

    numbers: tuple[int, ...]
    tasks: dict[int, str] = {}

    @property
    def name(self) -> str:
        return "sub/" + hashlib.sha256(repr(self.numbers).encode()).hexdigest()[:32]

    @property
    def size(self) -> int:
        return len(self.numbers)


def flag(number: int, code: str) -> Flag:
    return Flag(exhibit_id=Id("E-1"), item_id=Id(f"{number:03}"), code=code)


def work(shard: Numbers, folder: Path, guards: GuardPool) -> None:
    """Ask a worker about each number; it is lost over some."""
    rows = []

    def attempt(numbers) -> Lost | None:
        for at, number in enumerate(numbers):
            task = PROBES + shard.tasks.get(number, "echo")
            try:
                (frame,) = guards.mine().run(task, {"n": number})
                rows.append(flag(frame["n"], "read"))
            except WorkerLost as lost:
                return Lost.over(lost, at, at)
        return None

    isolate(shard.numbers, attempt, lambda number, reason: rows.append(flag(number, reason[:14])))
    write_rows(folder, rows)


def shards(tasks=None, each=4, count=6) -> list[Numbers]:
    return [Numbers(tuple(range(n * each, n * each + each)), tasks or {}) for n in range(count)]


def run(case, shards, task=work, workers=2, heard=None) -> list[dict]:
    limits = Limits(idle_seconds=1.5, cpu_seconds=2, strong=False)
    context = Context(case=case, step="intake", scope="E-1", workers=workers, limits=limits,
                      progress=heard or Progress())  # fmt: skip
    doing = ShardRun(context)
    folders = doing.run("numbers", shards, task)
    doing.publish((Flag, in_order(part_files(folders, Flag))), key="k")
    assert not doing.folder.path.exists(), "what was only needed on the way is removed"
    return case.rows("SELECT item_id, code FROM flags")
