"""Borders cut off a picture: bars, frames and the surroundings in a screenshot.

The tone of a bar is taken from the outermost lines; a line belongs to the bar while a given share
of its pixels is within a tolerance of that tone. A bar ends at once, or is of one tone as nothing
that was photographed is: where the lines behind it keep much of its tone, as a sky or a wall does,
there was none.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from clew.facts.fingerprints.pdq import Plane

VARIANTS = {"strict": (6, 0.98), "loose": (12, 0.75)}
"""Tolerance in levels, and share of a line's pixels within it."""
_MOST = 0.75
_LEAST = 0.02
"""Share of the height or width below which nothing counts as a bar."""
_SMALLEST = 48
_EDGE = 0.25
"""Share of pixels, of those a bar's line needs, that the line behind its end must lack at least."""
_PLAIN = (2, 0.98)
"""Tolerance in levels, and share of the pixels within it, of a bar that may end gradually."""

Part = tuple[int, int, int, int]
"""First and last line and column that stay, the last ones excluded."""


def trimmed(plane: Plane) -> Iterator[tuple[str, Part]]:
    """Each variant that cuts something off, with what it leaves; the same part is given once.

    Most pictures have no bar, which their outermost lines tell: what is none to the loose variant
    is none to the strict one.
    """
    if not any(_begins(lines) for lines in (plane, plane[::-1], plane.T, plane.T[::-1])):
        return
    given: set[Part] = set()
    for name, (tolerance, share) in VARIANTS.items():
        part = _part(plane, tolerance, share)
        if part and part not in given:
            given.add(part)
            yield name, part


def _part(plane: Plane, tolerance: int, share: float) -> Part | None:
    height, width = plane.shape
    top, bottom = _bar(plane, tolerance, share), _bar(plane[::-1], tolerance, share)
    if height - top - bottom < _SMALLEST:
        return None
    middle = plane[top : height - bottom].T
    left, right = _bar(middle, tolerance, share), _bar(middle[::-1], tolerance, share)
    if width - left - right < _SMALLEST:
        return None
    if top + bottom < _LEAST * height and left + right < _LEAST * width:
        return None
    return (
        top + (top > 0), height - bottom - (bottom > 0), left + (left > 0),
        width - right - (right > 0),
    )  # fmt: skip


def _begins(lines: Plane) -> bool:
    """Whether the outermost line belongs to a bar, by the loose variant."""
    tolerance, share = VARIANTS["loose"]
    low, high = _tones(lines, tolerance)
    return _within(lines[0], low, high) >= share


def _tones(lines: Plane, tolerance: int) -> tuple[Any, Any]:
    """Bounds of the tone of a bar, which is the middle one of the two outermost lines."""
    outermost = lines[:2].ravel()
    middle = outermost.size // 2
    tone = float(np.partition(outermost, middle)[middle])
    kind = lines.dtype.type
    return kind(max(tone - tolerance, 0)), kind(min(tone + tolerance, 255))


def _bar(lines: Plane, tolerance: int, share: float) -> int:
    """How many of the first lines are a bar; one blended line is cut with it elsewhere."""
    low, high = _tones(lines, tolerance)
    if _within(lines[0], low, high) < share:
        return 0
    if lines.strides[1] != lines.itemsize:
        lines = lines.copy()  # columns, whose pixels lie apart in memory
    count = _alike(lines, low, high, share)
    if not 0 < count < len(lines) - 1:
        return count
    ends = _within(lines[count + 1], low, high) <= share - _EDGE
    return count if ends or _plain(lines, lines[: max(count - 1, 1)]) else 0


def _plain(lines: Plane, bar: Plane) -> bool:
    """Whether a bar is of one tone; its last line may be blended."""
    tolerance, share = _PLAIN
    return _within(bar, *_tones(lines, tolerance)) >= share


def _within(lines: Plane, low: Any, high: Any) -> float:
    """Share of pixels between two tones."""
    return float(np.count_nonzero((lines >= low) & (lines <= high)) / lines.size)


def _alike(lines: Plane, low: Any, high: Any, share: float) -> int:
    """How many of the first lines have their pixels between two tones."""
    most = int(len(lines) * _MOST)
    start, step = 0, 1
    while start < most:
        block = lines[start : min(start + step, most)]
        inside = ((block >= low) & (block <= high)).sum(axis=1) >= share * lines.shape[1]
        if not inside.all():
            return start + int(np.argmin(inside))
        start, step = start + step, step * 2
    return most
