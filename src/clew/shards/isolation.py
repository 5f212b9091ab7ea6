"""One item that loses its worker costs only itself: the one loop in which that is seen to.

Many items go to a worker in one call. Where the worker is lost over one of them, the others are
worked on without it, and it is tried once more, alone; where that fails too it is reported.
"""

from collections.abc import Callable, Sequence
from typing import Self, TypeVar

import msgspec

from clew.sandbox import WorkerLost

T = TypeVar("T")


class Lost(msgspec.Struct, frozen=True, kw_only=True):
    """How a call over several items ended before it was through."""

    at: int = 0
    """Index of the item over which the worker was lost."""
    kept: int = 0
    """Number of items, from the first, whose results are kept already."""
    reason: str
    may_pass_alone: bool = False
    """A fresh worker could fare better with the item."""

    @classmethod
    def over(cls, lost: WorkerLost, at: int = 0, kept: int = 0) -> Self:
        """The loss of a worker over the item at an index."""
        return cls(at=at, kept=kept, reason=lost.reason, may_pass_alone=lost.may_pass_alone)


def isolate(
    items: Sequence[T],
    attempt: Callable[[Sequence[T]], Lost | None],
    report: Callable[[T, str], None],
) -> None:
    """Work on items together, and on what is lost alone; every item is done or reported, in order.

    ``attempt`` works on some items in one call, and says over which one it was lost, if it was; it
    leaves no results of that one and of those behind it. An item is tried at most twice, and the
    second time alone: after a loss in company, which may have had another cause, and after a crash
    or want of memory, which a fresh worker may be spared.
    """
    todo: list[tuple[Sequence[T], bool, str]] = [(items, False, "")]
    while todo:
        part, is_retry, failed = todo.pop()
        if failed:
            report(part[0], failed)
            continue
        lost = attempt(part) if part else None
        if lost is None:
            continue
        is_tried_again = not is_retry and (len(part) > 1 or lost.may_pass_alone)
        todo += [
            (part[lost.at + 1 :], False, ""),
            (part[lost.at : lost.at + 1], True, "" if is_tried_again else lost.reason),
            (part[lost.kept : lost.at], False, ""),
        ]
