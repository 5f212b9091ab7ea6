"""Borders cut off a picture: bars, frames and the surroundings in a screenshot.

The tone of a bar is taken from the outermost lines; a line belongs to the bar while a given share
of its pixels is within a tolerance of that tone.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from clew.facts.fingerprints.pdq import Plane

VARIANTS = {"strict": (6, 0.98), "loose": (12, 0.75)}
"""Tolerance in levels, and share of a line's pixels within it."""
_MOST = 0.75
_LEAST = 0.02
"""Share of the height or width below which nothing counts as a bar."""
_SMALLEST = 48

Part = tuple[int, int, int, int]
"""First and last line and column that stay, the last ones excluded."""


def trimmed(plane: Plane) -> Iterator[tuple[str, Part]]:
    """Each variant that cuts something off, with what it leaves; the same part is given once."""
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


def _bar(lines: Plane, tolerance: int, share: float) -> int:
    """How many of the first lines belong to a bar; one blended line is cut with it elsewhere."""
    most = int(len(lines) * _MOST)
    outermost = np.sort(lines[:2], axis=None)
    tone = float(outermost[len(outermost) // 2])
    low = lines.dtype.type(max(tone - tolerance, 0))
    high = lines.dtype.type(min(tone + tolerance, 255))
    start, step = 0, 1
    while start < most:
        block = lines[start : min(start + step, most)]
        inside = (
            np.count_nonzero((block >= low) & (block <= high), axis=1) >= share * lines.shape[1]
        )
        if not inside.all():
            return start + int(np.argmin(inside))
        start, step = start + step, step * 2
    return most
