"""Shards are done once, whatever ends a run, and what they yield is published in their order."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path

import msgspec
import pytest

from clew.casefile import Context, create_case
from clew.casefile.engine import Progress
from clew.records.evidence import Flag
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
    return Flag(exhibit_id=Id("E-1"), item_id=Id(f"{number:03}"), code=code, detail=None)


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

    isolate(shard.numbers, attempt, lambda number, reason: rows.append(flag(number, reason[:12])))
    write_rows(folder, rows)


def shards(tasks=None, each=4, count=6) -> list[Numbers]:
    return [Numbers(tuple(range(n * each, n * each + each)), tasks or {}) for n in range(count)]


@pytest.fixture
def case(tmp_path):
    with create_case(tmp_path / "case", "T", "A") as made:
        yield made


def run(case, shards, task=work, workers=2, heard=None) -> list[dict]:
    limits = Limits(idle_seconds=1.5, cpu_seconds=2, strong=False)
    context = Context(case=case, step="intake", scope="E-1", workers=workers, limits=limits,
                      progress=heard or Progress())  # fmt: skip
    doing = ShardRun(context)
    folders = doing.run("numbers", shards, task)
    doing.publish((Flag, in_order(part_files(folders, Flag))), key="k")
    assert not doing.folder.path.exists(), "what was only needed on the way is removed"
    return case.rows("SELECT item_id, code FROM flags")


TASKS = {2: "crash", 5: "hang", 9: "lie", 13: "fail", 14: "end"}
EXPECTED = {
    2: "crash:SIGSEG",
    5: "timeout",
    9: "error:a work",
    13: "error:ValueE",
    14: "crash:exit 7",
}


@pytest.mark.parametrize("workers", [1, 2, 7])
def test_one_that_crashes_hangs_or_lies_costs_itself_with_any_number_of_workers(
    case, workers
) -> None:
    rows = run(case, shards(TASKS), workers=workers)
    assert rows == [{"item_id": f"{n:03}", "code": EXPECTED.get(n, "read")} for n in range(24)], (
        "every number once, in the order of the shards"
    )


def test_rows_stand_in_the_order_of_shards_and_not_of_their_ends(case) -> None:
    def slow_first(shard, folder, guards) -> None:
        time.sleep(0.2 if shard.numbers[0] == 0 else 0)
        write_rows(folder, [flag(n, "read") for n in shard.numbers])

    rows = run(case, shards(), slow_first, workers=4)
    assert [row["item_id"] for row in rows] == [f"{n:03}" for n in range(24)]


def test_a_run_that_was_ended_goes_on_where_it_was(case) -> None:
    done: list[str] = []

    def ending(shard, folder, guards) -> None:
        write_rows(folder, [flag(n, "read") for n in shard.numbers])
        if len(done) == 3:
            raise KeyboardInterrupt
        done.append(shard.name)

    with pytest.raises(KeyboardInterrupt):
        run(case, shards(), ending, workers=1)
    assert case.manifests.get("intake", "E-1") is None, "nothing counts before all is done"

    def again(shard, folder, guards) -> None:
        assert shard.name not in done, "what is there is not done again"
        write_rows(folder, [flag(n, "read") for n in shard.numbers])

    assert len(run(case, shards(), again)) == 24


def test_one_that_is_killed_between_keeping_and_publishing_does_nothing_twice(
    case, monkeypatch
) -> None:
    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Context, "publish", killed)
        with pytest.raises(KeyboardInterrupt):
            run(case, shards())
    rows = run(case, shards(), lambda *_: pytest.fail("it was done"))
    assert len(rows) == 24


def test_an_error_of_the_case_ends_the_run_and_leaves_no_half_shard(case) -> None:
    def failing(shard, folder, guards) -> None:
        write_rows(folder, [flag(n, "read") for n in shard.numbers])
        raise RuntimeError("the disk is full")

    with pytest.raises(RuntimeError):
        run(case, shards(), failing)
    assert not list((case.folder / "work").rglob("*.parquet"))


def test_progress_hears_of_all_there_is_to_do(case) -> None:
    class Heard(Progress):
        total, done = 0, 0

        def start(self, label: str, total: int) -> None:
            self.total = total

        def advance(self, amount: int) -> None:
            self.done += amount

    heard = Heard()
    run(case, shards(), heard=heard)
    assert heard.done == heard.total == 24
