"""One item that ends its worker costs itself: all others are done, each once and in order."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from clew.sandbox import WorkerLost
from clew.shards import Lost, isolate

DEADLY = {"crash:SIGSEGV", "timeout", "error:ValueError", "limit:memory", "open:EACCES"}


class Worker:
    """Works on numbers; some end it, always or once, and results are kept as they come or not."""

    def __init__(
        self, deadly: dict[int, str], once: set[int] = frozenset(), *, keeps: bool = True
    ) -> None:
        self.deadly, self.once, self.keeps = deadly, set(once), keeps
        self.done: list[int | tuple[int, str]] = []
        self.tried: Counter[int] = Counter()
        self.calls: list[int] = []

    def attempt(self, items) -> Lost | None:
        self.calls.append(len(items))
        done = []
        for at, item in enumerate(items):
            self.tried[item] += 1
            if item in self.deadly:
                lost = Lost.over(WorkerLost(self.deadly[item]), at, at if self.keeps else 0)
                if item in self.once:
                    del self.deadly[item]
                self.done += done if self.keeps else []
                return lost
            done.append(item)
        self.done += done
        return None

    def report(self, item: int, reason: str) -> None:
        self.done.append((item, reason))


@pytest.mark.parametrize("keeps", [True, False])
@pytest.mark.parametrize("seed", range(20))
def test_every_item_is_done_or_reported_once_and_in_order(seed, keeps) -> None:
    chance = random.Random(seed)
    deadly = {
        item: chance.choice(sorted(DEADLY)) for item in range(50) if chance.random() < seed / 20
    }
    worker = Worker(dict(deadly), keeps=keeps)
    isolate(range(50), worker.attempt, worker.report)
    assert worker.done == [(n, deadly[n]) if n in deadly else n for n in range(50)]
    assert all(worker.tried[item] <= 2 for item in deadly), "an item is tried at most twice"


@pytest.mark.parametrize("reason", sorted(DEADLY))
def test_what_is_lost_in_company_is_tried_alone(reason) -> None:
    worker = Worker({3: reason}, once={3})
    isolate(range(6), worker.attempt, worker.report)
    assert worker.done == list(range(6))
    assert worker.calls == [6, 1, 2]


@pytest.mark.parametrize(
    ("reason", "calls"), [("crash:SIGSEGV", 2), ("limit:memory", 2), ("timeout", 1), ("error:", 1)]
)
def test_what_is_lost_alone_is_tried_again_where_that_may_help(reason, calls) -> None:
    worker = Worker({0: reason})
    isolate([0], worker.attempt, worker.report)
    assert worker.calls == [1] * calls
    assert worker.done == [(0, reason)]


def test_nothing_needs_no_worker() -> None:
    worker = Worker({})
    isolate([], worker.attempt, worker.report)
    assert worker.calls == worker.done == []
