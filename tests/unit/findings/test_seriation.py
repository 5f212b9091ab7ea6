"""What is alike stands side by side, whatever order it came in."""

from __future__ import annotations

import numpy as np
import pytest

from clew.findings.seriation import chain


def line(order: list[int]) -> np.ndarray:
    """Things on a line: the nearer, the more alike; given in some order."""
    at = np.array(order, float)
    return 1 / (1 + np.abs(at[:, None] - at[None]))


@pytest.mark.parametrize("seed", range(5))
def test_things_on_a_line_are_put_in_its_order(seed) -> None:
    order = np.random.default_rng(seed).permutation(9).tolist()
    places = chain(line(order))
    assert places in ([*order], [8 - n for n in order])


def test_every_thing_has_a_place_of_its_own() -> None:
    likeness = np.random.default_rng(1).random((30, 30))
    likeness += likeness.T
    assert sorted(chain(likeness)) == list(range(30))
    assert chain(likeness) == chain(likeness.copy())


def test_few_things_need_no_order() -> None:
    assert [chain(np.ones((n, n))) for n in (0, 1)] == [[], [0]]
