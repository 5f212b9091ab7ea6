"""Who is tied to what: persons to groups, or the nodes of any plain list of edges.

Distances go to many nodes at once: a bit for each start, and each step lets every node take the
bits of its neighbours (Then et al. 2014, "The More the Merrier: Efficient Multi-Source Graph
Traversal", doi 10.14778/2735496.2735507).
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable, Iterator
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt

from clew.findings.union_find import lowest_labels

Numbers = npt.NDArray[np.int64]
Bits = npt.NDArray[np.uint64]
Flags = npt.NDArray[np.bool_]
WORD = 64
_MOST_BITS = 1 << 30
SEED = 2006
"""What chance begins from wherever a method draws lots, so that the same facts give the same."""


class Ties:
    """An undirected graph; the counted nodes are those that a measure is about.

    With persons and groups the persons are counted, and two in one group are one ``step`` of two
    edges apart. With a plain list of edges all nodes are counted, and a step is an edge.
    """

    def __init__(self, names: list[str], ends: Numbers, counted: int, step: int) -> None:
        self.names, self.counted, self.step = names, counted, step
        self.ends = ends
        both = np.concatenate([ends, ends[:, ::-1]])
        order = np.lexsort((both[:, 1], both[:, 0]))
        self.neighbours = both[order, 1]
        self.degrees = np.bincount(both[:, 0], minlength=len(names))
        self.starts = np.concatenate([[0], np.cumsum(self.degrees)])

    @classmethod
    def of_groups(cls, pairs: Iterable[tuple[str, str]]) -> Ties:
        """Persons tied to the groups that they are in."""
        distinct = sorted(set(pairs))
        persons = sorted({person for person, _ in distinct})
        groups = sorted({group for _, group in distinct})
        of_person = {name: at for at, name in enumerate(persons)}
        of_group = {name: at + len(persons) for at, name in enumerate(groups)}
        ends = [(of_person[person], of_group[group]) for person, group in distinct]
        return cls(persons + groups, _ends(ends), len(persons), 2)

    @classmethod
    def of_edges(cls, pairs: Iterable[tuple[str, str]]) -> Ties:
        """A plain list of edges; direction, repetition and edges to oneself do not count."""
        distinct = sorted({(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]})
        names = sorted({name for pair in distinct for name in pair})
        at = {name: number for number, name in enumerate(names)}
        return cls(names, _ends([(at[a], at[b]) for a, b in distinct]), len(names), 1)

    def levels(self, sources: Numbers, gone: Flags | None = None) -> Iterator[tuple[int, Bits]]:
        """At each distance the counted nodes newly reached, a bit for each source.

        Distance is in steps, from 1; nodes that are ``gone`` neither reach nor are reached.
        """
        words = (len(sources) + WORD - 1) // WORD
        here = np.zeros((len(self.names), words), dtype=np.uint64)
        at = np.arange(len(sources))
        bits = np.left_shift(np.uint64(1), (at % WORD).astype(np.uint64))
        np.bitwise_or.at(here, (sources, at // WORD), bits)
        stay = None if gone is None else np.where(gone, np.uint64(0), ~np.uint64(0))[:, None]
        if stay is not None:
            here &= stay
        tied = np.flatnonzero(self.degrees)
        seen, edges = here.copy(), 0
        while here.any():
            edges += 1
            fresh = np.zeros_like(here)
            fresh[tied] = np.bitwise_or.reduceat(here[self.neighbours], self.starts[tied], axis=0)
            fresh &= ~seen
            if stay is not None:
                fresh &= stay
            seen |= fresh
            here = fresh
            if edges % self.step == 0:
                yield edges // self.step, fresh[: self.counted]

    def portions(self, sources: Numbers) -> Iterator[Numbers]:
        """Sources in portions whose bits take no more than some 128 MB."""
        words = max(1, _MOST_BITS // (WORD * max(1, len(self.neighbours))))
        for start in range(0, len(sources), words * WORD):
            yield sources[start : start + words * WORD]

    def parts(self, gone: Flags | None = None) -> Numbers:
        """For every node the least number in the part that hangs together with it."""
        kept = self.ends
        if gone is not None:
            kept = kept[~(gone[kept[:, 0]] | gone[kept[:, 1]])]
        return lowest_labels(np.arange(len(self.names)), [(kept[:, 0], kept[:, 1])])


def _ends(pairs: list[tuple[int, int]]) -> Numbers:
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


NEEDED = "networkit"
"""Package of the extra ``network`` that large graphs are measured with."""


def networkit() -> ModuleType | None:
    """The library for large graphs, set to draw the same lots always; None where it is lacking.

    One thread: sums of fractions come out otherwise with another number of threads.
    """
    if importlib.util.find_spec(NEEDED) is None:
        return None
    import networkit as library

    library.setNumberOfThreads(1)
    library.setSeed(SEED, True)  # noqa: FBT003 - a C++ call: "also by thread"
    return library  # type: ignore[no-any-return]


def as_networkit(ties: Ties, library: ModuleType) -> Any:
    """The same graph in networkit's form."""
    return library.GraphFromCoo((ties.ends[:, 0], ties.ends[:, 1]), n=len(ties.names))
