"""Each task that misbehaves costs its own task, and is told as what it was."""

from __future__ import annotations

import pytest

from clew.sandbox import Guard, Limits, WorkerLost

PROBES = "clew.sandbox.probes:"


@pytest.fixture
def guard():
    made = Guard(Limits(cpu_seconds=2, idle_seconds=20))
    yield made
    made.close()


def test_a_task_that_behaves_is_served(guard) -> None:
    assert list(guard.run(f"{PROBES}echo", {"n": 1}, {})) == [{"n": 1}]


@pytest.mark.parametrize("task", ["crash", "end", "fail", "lie", "swell"])
def test_a_task_that_does_not_is_lost_and_the_next_is_served(guard, task) -> None:
    with pytest.raises(WorkerLost):
        list(guard.run(f"{PROBES}{task}", {}, {}))
    assert list(guard.run(f"{PROBES}echo", {"n": 2}, {})) == [{"n": 2}]
