"""Groups hold every item once and in order, and none is too large."""

from __future__ import annotations

import random

import pytest

from clew.shards import cut


@pytest.mark.parametrize("most", [1, 3, 1000])
@pytest.mark.parametrize("most_bytes", [1, 20, 10_000])
def test_every_item_is_in_one_group_in_order_and_no_group_is_too_large(most, most_bytes) -> None:
    chance = random.Random(most * most_bytes)
    items = [(number, chance.randrange(30)) for number in range(300)]
    groups = list(
        cut(items, lambda i: i[1], most=most, most_bytes=most_bytes, alone=lambda i: i[0] % 9 == 4)
    )
    assert [item for group in groups for item in group] == items
    for group in groups:
        assert 1 <= len(group) <= most
        assert len(group) == 1 or sum(size for _, size in group) <= most_bytes
        assert len(group) == 1 or not any(number % 9 == 4 for number, _ in group)


def test_nothing_gives_no_group() -> None:
    assert list(cut([], len, most=5, most_bytes=5)) == []
