"""The order in which alike things stand side by side, so that blocks of a matrix can be seen.

A chain is grown at its ends from the two most alike, then improved by turning stretches of it round
(2-opt) until no turn brings more likeness between neighbours. Ties go to the lower number: the same
table gives the same order, always.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

_ROUNDS = 50
_NONE, _LEAST = -1.0, 1e-9


def chain(likeness: npt.NDArray[np.float64]) -> list[int]:
    """Position of each thing in the chain, from 0; ``likeness`` is symmetric.

    >>> import numpy as np
    >>> chain(np.array([[1, 0, 0.9], [0, 1, 0.2], [0.9, 0.2, 1]]))
    [0, 2, 1]
    """
    if len(likeness) <= 1:
        return [0] * len(likeness)
    order = np.array(_grown(likeness))
    for _ in range(_ROUNDS):
        if not _turned(order, likeness):
            break
    if order[0] > order[-1]:
        order = order[::-1]
    positions = np.empty(len(order), dtype=np.int64)
    positions[order] = np.arange(len(order))
    return [int(one) for one in positions]


def _grown(likeness: npt.NDArray[np.float64]) -> list[int]:
    free = likeness.copy()
    np.fill_diagonal(free, _NONE)
    one, other = divmod(int(free.argmax()), len(free))
    front, back = [one], [other]
    free[:, [one, other]] = _NONE
    for _ in range(len(free) - 2):
        before, after = free[front[-1]], free[back[-1]]
        side, of = (front, before) if before.max() > after.max() else (back, after)
        following = int(of.argmax())
        side.append(following)
        free[:, following] = _NONE
    return [*reversed(front), *back]


def _turned(order: npt.NDArray[np.int64], likeness: npt.NDArray[np.float64]) -> bool:
    """Turn every stretch round that is better the other way; whether any was."""
    better = False
    for start in range(len(order) - 1):
        before, first = order[start], order[start + 1]
        lasts, nexts = order[start + 1 :], order[start + 2 :]
        gain = likeness[before, lasts] - likeness[before, first]
        gain[:-1] += likeness[first, nexts] - likeness[lasts[:-1], nexts]
        most = int(np.argmax(gain))
        if gain[most] > _LEAST:
            order[start + 1 : start + 2 + most] = order[start + 1 : start + 2 + most][::-1].copy()
            better = True
    return better
