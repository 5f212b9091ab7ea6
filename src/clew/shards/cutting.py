"""Items cut into groups of bounded number and size, in order."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")


def cut(
    items: Iterable[T],
    size: Callable[[T], int],
    *,
    most: int,
    most_bytes: int,
    alone: Callable[[T], bool] = lambda _: False,
) -> Iterator[tuple[T, ...]]:
    """Groups of items, in order; what a group holds depends on nothing but the items.

    A group has one item at least, and at most ``most`` items of ``most_bytes`` together; an item
    that goes ``alone`` is a group by itself.
    """
    group: list[T] = []
    group_bytes = 0
    for item in items:
        is_full = len(group) >= most or group_bytes + size(item) > most_bytes
        if group and (is_full or alone(item)):
            yield tuple(group)
            group, group_bytes = [], 0
        if alone(item):
            yield (item,)
            continue
        group.append(item)
        group_bytes += size(item)
    if group:
        yield tuple(group)
