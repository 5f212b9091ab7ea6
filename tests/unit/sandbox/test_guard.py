"""A worker that dies, hangs or lies costs its one task, and the next one is served."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from clew.errors import MachineError
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
        ("lie", "worker_protocol cause="),
        ("nothing", "error cause=AttributeError"),
    ],
)
def test_what_goes_wrong_is_named_and_the_next_task_is_served(guard, task, reason) -> None:
    with pytest.raises(WorkerLost) as lost:
        list(guard.run(PROBES + task, {}))
    assert str(lost.value).startswith(reason)
    assert list(guard.run(PROBES + "echo", {"a": 1})) == [{"a": 1}]


@pytest.mark.parametrize(
    ("task", "argument", "reason"),
    [
        ("speak", {"hex": "0000001062"}, "crash:exit_0"),
        ("speak", {"hex": "0000001062", "silent": 60}, "timeout"),
        ("speak", {"hex": "00000000"}, "worker_protocol cause=a worker spoke of a frame of 0"),
        ("speak", {"hex": "0400000162"}, "worker_protocol cause=a worker spoke of a frame"),
        ("speak", {"hex": "ffffffff00000000c0000000"}, "worker_protocol"),
        ("speak", {"hex": "0000000245ff"}, "worker_protocol"),
        ("trickle", {}, "timeout"),
    ],
)
def test_a_frame_that_is_none_costs_its_task_alone(guard, task, argument, reason) -> None:
    began = time.monotonic()
    with pytest.raises(WorkerLost) as lost:
        list(guard.run(PROBES + task, argument))
    assert str(lost.value).startswith(reason)
    assert time.monotonic() - began < 10
    assert list(guard.run(PROBES + "echo", {"a": 1})) == [{"a": 1}]


@pytest.mark.parametrize(
    ("task", "argument", "reason"),
    [
        ("fill", {"files": 8, "mib": 8}, "limit:scratch"),
        ("fill", {"files": 8, "mib": 8, "unnamed": 1}, "limit:scratch"),
        ("fill", {"files": 500}, "limit:scratch"),
        ("fill", {"files": 1, "deep": 1100}, "limit:scratch"),
        ("multiply", {"threads": 100}, "limit:threads"),
    ],
)
def test_what_no_limit_of_a_process_bounds_is_bounded(task, argument, reason) -> None:
    guard = Guard(Limits(file_bytes=32 << 20, scratch_files=400, threads=50))
    with pytest.raises(WorkerLost, match=reason):
        list(guard.run(PROBES + task, argument))
    folder = guard.folder
    guard.clear()
    assert list(folder.iterdir()) == []
    assert list(guard.run(PROBES + "echo", {"a": 1})) == [{"a": 1}]
    guard.close()
    assert not folder.exists()


def test_what_lay_in_the_folder_before_the_task_is_not_the_workers() -> None:
    guard = Guard(Limits(file_bytes=1 << 20))
    (guard.folder / "database").write_bytes(bytes(4 << 20))
    assert list(guard.run(PROBES + "fill", {"files": 1, "seconds": 1.5})) == [
        {"files": 1, "seconds": 1.5}
    ]
    guard.close()


def test_what_is_sent_for_one_task_has_an_end() -> None:
    guard = Guard(Limits(sent_bytes=1 << 20))
    frame = (0x10001).to_bytes(4, "big") + b"b" + bytes(1 << 16)
    with pytest.raises(WorkerLost, match="limit:sent"):
        list(guard.run(PROBES + "speak", {"hex": frame.hex(), "times": 32}))
    guard.close()


def test_a_worker_that_dies_while_it_starts_is_started_again(monkeypatch) -> None:
    hear, left = Guard._hear_standing, [2]

    def dies(self, line):
        if left[0]:
            left[0] -= 1
            self._process.kill()
            raise EOFError
        return hear(self, line)

    monkeypatch.setattr(Guard, "_hear_standing", dies)
    guard = Guard()
    assert list(guard.run(PROBES + "echo", {"a": 1})) == [{"a": 1}]
    guard.close()
    left[0] = 3
    with pytest.raises(MachineError, match="can't be started"):
        list(guard.run(PROBES + "echo", {"a": 1}))
    guard.close()


def test_the_last_words_of_a_worker_are_few(guard) -> None:
    list(guard.run(PROBES + "echo", {}))
    guard._errors.truncate(1 << 30)
    guard._errors.seek(0, 2)
    guard._errors.write(b"\nthe end")
    assert guard._last_words() == "the end"
    guard.close()


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
