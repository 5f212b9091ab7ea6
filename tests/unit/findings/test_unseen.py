"""Laws of ``clew.findings.unseen``: the fewer devices saw what others saw, the more is unseen."""

from __future__ import annotations

import numpy as np
import pytest

from clew.findings.exposure import FEATURES, First
from clew.findings.unseen import Unseen, seen_part

YEAR = 365 * 86_400_000_000


def first(day: float, earlier: int, *, known: bool = False, sharers: int = 1) -> First:
    return First(
        cluster=f"c{day}", person="p", rank=0, features=(0.0,) * len(FEATURES), holder=False,
        share={"at_us": day / 365 * YEAR, "known": known, "forwarded": 0}, complete=False,
        seen_here=False, visible=True, earlier=earlier, sharers=sharers,
    )  # fmt: skip


@pytest.mark.parametrize("part", [0.3, 0.6, 0.9])
def test_the_part_seen_is_estimated_from_what_each_of_ten_devices_saw(part: float) -> None:
    each = 1 - (1 - part) ** 0.1
    seen = np.random.default_rng(1).binomial(10, each, 20_000)
    assert seen_part(seen[seen > 0].tolist()) == pytest.approx(part, abs=0.05)


def test_one_persons_devices_alone_can_show_next_to_nothing_of_all() -> None:
    assert seen_part([1] * 500) < 0.01
    assert seen_part([]) == 0


def learned(seen_by: list[int], firsts: list[First]) -> Unseen:
    unseen = Unseen(seen_by, [0.0])
    unseen.learn(firsts, np.ones(len(firsts)))
    return unseen


FIRSTS = [first(day, earlier=int(day % 10 == 0)) for day in range(1, 1000)]


def test_an_earlier_one_is_likelier_unseen_where_less_is_seen() -> None:
    little, much = (learned(by, FIRSTS) for by in ([1] * 90 + [2] * 10, [1] * 10 + [2] * 90))
    assert little.chances(FIRSTS[:5]).min() > much.chances(FIRSTS[:5]).max()


def test_what_one_person_alone_saw_stands_for_what_nobody_saw() -> None:
    half = [1] * 200 + [2] * 100 * 2 + [3] * 200  # Chao: 600 seen, 99 unseen
    chances = learned(half, FIRSTS).chances(FIRSTS)
    assert chances.mean() == pytest.approx(0.1 / 0.9 * 99 / 600, rel=0.1)


def test_it_grows_with_the_time_that_the_groups_were_there() -> None:
    rising = [first(day, earlier=int(day * day % 1000 < day)) for day in range(1, 1000)]
    chances = learned([1] * 50 + [2] * 50, rising).chances([first(30, 0), first(900, 0)])
    assert chances[1] > 2 * chances[0]


def test_it_is_never_none_and_never_all() -> None:
    sure = learned([3] * 100, [first(day, 0) for day in range(1, 50)])
    unsure = learned([1] * 100, [first(day, 1) for day in range(1, 50)])
    assert 0 < sure.chances(FIRSTS).max() < 0.02
    assert unsure.chances(FIRSTS).max() < 1


def test_what_is_forwarded_tells_nothing_of_introductions() -> None:
    unseen = Unseen([1, 2], [0.0])
    unseen.learn([first(9, 1)], np.zeros(1))
    assert unseen.chances([first(9, 1)]).max() < 0.01
