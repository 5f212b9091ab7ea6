"""Sets of key players: the measures are Borgatti's, and the search finds the best small sets."""

from __future__ import annotations

import itertools
import time

import numpy as np
import pytest
from unit.findings.graph.oracle import Plain, random_groups, random_pairs

from clew.findings.graph.keyplayers import (
    Fragmentation,
    Reach,
    candidates_of,
    holds_together,
    reaches,
)
from clew.findings.graph.ties import Ties


def test_the_measures_equal_plain_counting() -> None:
    pairs = random_pairs(1, 40, 70)
    plain, ties = Plain(pairs), Ties.of_edges(pairs)
    every = np.arange(ties.counted)
    for chosen in ((0,), (3, 7), (1, 2, 30), ()):
        names = [ties.names[c] for c in chosen]
        assert Fragmentation(ties, every)(chosen) == pytest.approx(plain.fragmentation(names))
        assert Reach(ties, every)(chosen) == pytest.approx(plain.reach(names))


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_the_search_finds_the_best_pair_that_there_is(seed) -> None:
    pairs = random_pairs(seed, 26, 36)
    plain, ties = Plain(pairs), Ties.of_edges(pairs)
    pairs_of_two = list(itertools.combinations(plain.nodes, 2))
    best = max(plain.fragmentation(pair) for pair in pairs_of_two)
    assert holds_together(ties, 2)[-1].after == pytest.approx(best)
    widest = max(plain.reach(pair) for pair in pairs_of_two)
    assert reaches(ties, 2)[0][-1].after == pytest.approx(widest)


def test_the_best_set_is_not_the_set_of_the_best() -> None:
    """Two hubs of the same crowd are the most central; a hub and a hub elsewhere reach more."""
    crowd = [(hub, f"a{n:02}") for hub in ("x1", "x2") for n in range(20)]
    elsewhere = [("y1", f"b{n:02}") for n in range(12)]
    ties = Ties.of_edges([*crowd, *elsewhere])
    places, _ = reaches(ties, 2)
    assert sorted(ties.names[p.node] for p in places) in (["x1", "y1"], ["x2", "y1"])


def test_who_alone_ties_two_crowds_together_holds_them() -> None:
    left = [(f"a{n}", f"a{m}") for n in range(6) for m in range(n)]
    right = [(f"b{n}", f"b{m}") for n in range(6) for m in range(n)]
    across = [(f"{side}{n}", "cut") for side in "ab" for n in range(6)]
    ties = Ties.of_edges([*left, *right, *across])
    (first,) = holds_together(ties, 1)
    assert ties.names[first.node] == "cut"


def test_each_place_begins_where_the_one_before_ended() -> None:
    ties = Ties.of_groups(random_groups(9, 300, 30, 20))
    for places in (holds_together(ties, 5), reaches(ties, 5)[0]):
        assert len({p.node for p in places}) == 5
        assert all(p.node < ties.counted for p in places)
        assert all(a.after == b.before for a, b in itertools.pairwise(places))


def test_reach_of_groups_counts_those_in_one_group_with_the_set() -> None:
    pairs = random_groups(2, 200, 15, 12)
    ties = Ties.of_groups(pairs)
    places, near = reaches(ties, 3)
    chosen = {ties.names[p.node] for p in places}
    groups = {g for p, g in pairs if p in chosen}
    beside = {p for p, g in pairs if g in groups} - chosen
    assert near.reached(tuple(p.node for p in places)) == len(beside)


def test_candidates_are_bounded_and_named_ones_come_first() -> None:
    ties = Ties.of_groups(random_groups(3, 400, 10, 60))
    least = min(ties.names[: ties.counted], key=lambda n: (ties.degrees[ties.names.index(n)], n))
    chosen = candidates_of(ties, 20, [least, "nobody"])
    assert len(chosen) == 20
    assert ties.names.index(least) in chosen


def test_a_large_graph_is_searched_on_few_candidates_and_says_so() -> None:
    ties = Ties.of_groups(random_groups(7, 999, 150, 400))
    began = time.process_time()
    places = holds_together(ties, 3, effort=1)
    assert time.process_time() - began < 20
    assert places[0].candidates < 120 < places[0].starts


def test_nobody_gives_no_set() -> None:
    assert holds_together(Ties.of_groups([]), 3) == []
    assert reaches(Ties.of_groups([]), 3)[0] == []
