"""A worker that dies, hangs or lies costs its one task, and the next one is served."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from clew.sandbox import Guard, GuardPool, Limits, WorkerLost

PROBES = "clew.sandbox.probes:"
SHORT = Limits(idle_seconds=1.5, cpu_seconds=1)


@pytest.fixture(scope="module")
def guard():
    made = Guard(SHORT)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("task", "reason"),
    [
        ("crash", "crash:SIGSEGV"),
        ("end", "crash:exit_7"),
        ("hang", "timeout"),
        ("swell", "limit:memory"),
        ("fail", "error cause=ValueError: nobody expected this"),
        ("lie", "error cause=a worker sent rows that do not fit table flags"),
        ("nothing", "error cause=AttributeError"),
    ],
)
def test_what_goes_wrong_is_named_and_the_next_task_is_served(guard, task, reason) -> None:
    with pytest.raises(WorkerLost) as lost:
        list(guard.run(PROBES + task, {}))
    assert str(lost.value).startswith(reason)
    assert list(guard.run(PROBES + "echo", {"a": 1})) == [{"a": 1}]


def test_processor_time_is_bounded() -> None:
    guard = Guard(Limits(idle_seconds=20, cpu_seconds=1))
    with pytest.raises(WorkerLost, match="limit:cpu"):
        list(guard.run(PROBES + "spin", {}))
    guard.close()


def test_what_came_before_the_crash_is_heard(guard) -> None:
    run = guard.run(PROBES + "crash", {"x": 1})
    assert next(run) == {"x": 1}
    with pytest.raises(WorkerLost):
        next(run)


def test_a_task_left_half_way_leaves_nothing_for_the_next(guard) -> None:
    run = guard.run(PROBES + "fail", {"x": 1})
    next(run)
    run.close()
    assert list(guard.run(PROBES + "echo", {"y": 2})) == [{"y": 2}]


def test_a_worker_is_replaced_after_its_number_of_tasks() -> None:
    guard = Guard(Limits(tasks=2))
    pids = []
    for _ in range(4):
        list(guard.run(PROBES + "echo", {}))
        pids.append(guard._process.pid)
    assert pids[0] == pids[1] != pids[2] == pids[3]
    guard.close()


def test_a_pool_ends_its_workers() -> None:
    with GuardPool() as pool:
        guard = pool.mine()
        list(guard.run(PROBES + "echo", {}))
        pid = guard._process.pid
        assert pool.mine() is guard
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_worker_inherits_no_secret_of_the_environment(monkeypatch) -> None:
    monkeypatch.setenv("SECRET_OF_THE_ANALYST", "x")
    guard = Guard()
    list(guard.run(PROBES + "echo", {}))
    with open(f"/proc/{guard._process.pid}/environ", "rb") as environment:
        assert b"SECRET_OF_THE_ANALYST" not in environment.read()
    guard.close()


def test_its_folder_may_be_named_from_where_one_stands(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    guard = Guard(parent=Path("case") / "scratch")
    assert list(guard.run(PROBES + "echo", {"a": 1})) == [{"a": 1}]
    guard.close()
    assert list((tmp_path / "case" / "scratch").iterdir()) == []
