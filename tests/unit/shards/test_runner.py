"""Shards are done once, whatever ends a run, and what they yield is published in their order."""

from __future__ import annotations

import pytest
from builders.runner import run, shards

from clew.casefile import Context
from clew.casefile.engine import Progress

TASKS = {2: "crash", 5: "hang", 9: "lie", 13: "fail", 14: "end"}


EXPECTED = {
    2: "crash:SIGSEGV",
    5: "timeout",
    9: "worker_protoco",
    13: "error\x1fcause=Va",
    14: "crash:exit_7",
}


@pytest.mark.parametrize("workers", [1, 2, 7])
def test_one_that_crashes_hangs_or_lies_costs_itself_with_any_number_of_workers(
    case, workers
) -> None:
    rows = run(case, shards(TASKS), workers=workers)
    assert rows == [{"item_id": f"{n:03}", "code": EXPECTED.get(n, "read")} for n in range(24)], (
        "every number once, in the order of the shards"
    )


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
