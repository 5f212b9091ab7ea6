"""Distances to many at once are the distances to each."""

from __future__ import annotations

import numpy as np
import pytest
from unit.findings.graph.oracle import Plain, random_groups, random_pairs

from clew.findings.graph.ties import Ties


def distances(ties: Ties, gone=None) -> dict[tuple[str, str], int]:
    sources = np.arange(ties.counted)
    found = {}
    for part in ties.portions(sources):
        for distance, fresh in ties.levels(part, gone):
            for at, source in enumerate(part):
                bit = (fresh[:, at // 64] >> np.uint64(at % 64)) & np.uint64(1)
                for node in np.flatnonzero(bit):
                    found[ties.names[source], ties.names[node]] = distance
    return found


@pytest.mark.parametrize(("nodes", "edges"), [(30, 25), (90, 120), (150, 900)])
def test_levels_are_breadth_first(nodes, edges) -> None:
    pairs = random_pairs(nodes, nodes, edges)
    plain = Plain(pairs)
    wanted = {(s, t): d for s in plain.nodes for t, d in plain.distances(s).items() if d}
    assert distances(Ties.of_edges(pairs)) == wanted


def test_two_in_one_group_are_one_step_apart() -> None:
    pairs = random_groups(3, 80, 12, 9)
    plain, ties = Plain(pairs), Ties.of_groups(pairs)
    wanted = {
        (s, t): d // 2
        for s in plain.nodes if s.startswith("p")
        for t, d in plain.distances(s).items() if d and t.startswith("p")
    }  # fmt: skip
    assert distances(ties) == wanted


def test_nobody_goes_through_who_is_gone() -> None:
    pairs = random_groups(4, 60, 14, 6)
    plain, ties = Plain(pairs), Ties.of_groups(pairs)
    out = frozenset(ties.names[:8])
    gone = np.isin(ties.names, list(out))
    wanted = {
        (s, t): d // 2
        for s in plain.nodes if s.startswith("p") and s not in out
        for t, d in plain.distances(s, out).items() if d and t.startswith("p")
    }  # fmt: skip
    assert distances(ties, gone) == wanted


def test_parts_are_those_that_hang_together() -> None:
    pairs = random_pairs(8, 120, 70)
    plain, ties = Plain(pairs), Ties.of_edges(pairs)
    labels = dict(zip(ties.names, ties.parts().tolist(), strict=True))
    for name in plain.nodes:
        assert {n for n in plain.nodes if labels[n] == labels[name]} == set(plain.distances(name))


def test_order_repetition_and_edges_to_oneself_do_not_count() -> None:
    one = Ties.of_edges([("a", "b"), ("b", "c")])
    other = Ties.of_edges([("c", "b"), ("b", "a"), ("a", "b"), ("c", "c")])
    assert one.names == other.names
    assert np.array_equal(one.ends, other.ends)


def test_nothing_is_a_graph_too() -> None:
    empty = Ties.of_groups([])
    assert empty.counted == 0
    assert list(empty.levels(np.arange(0))) == []
    assert len(empty.parts()) == 0
