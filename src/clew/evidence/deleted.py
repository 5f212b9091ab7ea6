"""Whether the content of a deleted file can still be its own.

A deleted file is a name and a list of extents. What stands there now is its content only as long as
nothing else was written there; so its extents are compared with those of every allocated file, and
of every other deleted file. Content that fails the test is not given out as the file's.
"""

from collections.abc import Iterable

RECOVERABLE = "recoverable"
"""Nothing that is known of has used its extents since."""
REALLOCATED = "reallocated"
"""Its metadata entry or an extent of its content belongs to an allocated file now."""
CONTESTED = "contested"
"""Another deleted file claims an extent of its content too."""
LOST = "lost"
"""Its metadata no longer say where its content was."""
_BITS = 31
"""The map of a volume has at most 2**31 blocks, in 256 MiB."""

Run = tuple[int, int]
"""First block, and number of blocks."""


class Claims:
    """Blocks of a volume that allocated files hold; very large volumes are mapped more coarsely."""

    def __init__(self, blocks: int) -> None:
        self._shift = max(0, blocks.bit_length() - _BITS)
        self._last = max(blocks - 1, 0) >> self._shift
        self._map = bytearray((self._last >> 3) + 1)

    def add(self, runs: Iterable[Run]) -> None:
        """Note that an allocated file holds these blocks."""
        for run in runs:
            first, last = self._bounds(run)
            if first > last:
                continue
            low, high = first >> 3, last >> 3
            if low == high:
                self._map[low] |= _mask(first & 7, last & 7)
                continue
            self._map[low] |= _mask(first & 7, 7)
            self._map[low + 1 : high] = b"\xff" * (high - low - 1)
            self._map[high] |= _mask(0, last & 7)

    def holds(self, runs: Iterable[Run]) -> bool:
        """Whether an allocated file holds any of these blocks."""
        return any(self._holds(run) for run in runs)

    def _holds(self, run: Run) -> bool:
        first, last = self._bounds(run)
        if first > last:
            return False
        low, high = first >> 3, last >> 3
        if low == high:
            return bool(self._map[low] & _mask(first & 7, last & 7))
        between = self._map[low + 1 : high]
        return bool(
            self._map[low] & _mask(first & 7, 7)
            or self._map[high] & _mask(0, last & 7)
            or between.count(0) != len(between)
        )

    def _bounds(self, run: Run) -> tuple[int, int]:
        start, count = run
        last = max(start + count - 1, -1) >> self._shift
        return max(start, 0) >> self._shift, min(last, self._last)


def contested(claims: Iterable[tuple[int, int, int]]) -> set[int]:
    """Owners of which two claim a block, from (first block, number of blocks, owner)."""
    found: set[int] = set()
    reached, by = -1, -1
    for start, count, owner in sorted(claims):
        if start < reached and owner != by:  # all that lie here together were met in turn
            found |= {owner, by}
        if start + count > reached:
            reached, by = start + count, owner
    return found


def _mask(first: int, last: int) -> int:
    return (0xFF << first) & (0xFF >> (7 - last))
