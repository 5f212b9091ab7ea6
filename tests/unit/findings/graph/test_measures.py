"""Measures equal what plain counting gives, and say how far off an estimate may be."""

from __future__ import annotations

import networkit
import numpy as np
import pytest
from unit.findings.graph.oracle import Plain, random_groups, random_pairs

from clew.findings.graph import ties as ties_module
from clew.findings.graph.measures import measured
from clew.findings.graph.ties import Ties

CASES = {
    "persons and groups": Ties.of_groups(random_groups(1, 40, 8, 9)),
    "in several parts": Ties.of_edges(random_pairs(2, 60, 45)),
    "dense": Ties.of_edges(random_pairs(3, 25, 120)),
}


def pairs_of(ties: Ties) -> list[tuple[str, str]]:
    return [(ties.names[a], ties.names[b]) for a, b in ties.ends]


@pytest.mark.parametrize("name", CASES)
def test_every_measure_equals_plain_counting(name) -> None:
    ties = CASES[name]
    plain, found = Plain(pairs_of(ties)), measured(ties, ties_module.networkit())
    for values, wanted in (
        (found.betweenness, plain.betweenness()),
        (found.harmonic, plain.harmonic()),
        (found.pagerank, plain.pagerank()),
        (found.core, plain.cores()),
    ):
        assert values.tolist() == pytest.approx([wanted[n] for n in ties.names], abs=1e-9)
    assert found.method == "exact"
    assert (found.betweenness_error, found.harmonic_error) == (0.0, 0.0)


def test_an_estimate_keeps_to_the_error_it_states() -> None:
    ties = Ties.of_groups(random_groups(5, 2500, 60, 80))
    library = ties_module.networkit()
    exact, sampled = measured(ties, library), measured(ties, library, 0, 0)
    assert sampled.method == "sampled"
    assert 0 < np.abs(sampled.betweenness - exact.betweenness).max() <= sampled.betweenness_error
    assert 0 < np.abs(sampled.harmonic - exact.harmonic).max() <= sampled.harmonic_error


def test_the_same_graph_gives_the_same_values_whatever_threads_there_were() -> None:
    ties = Ties.of_groups(random_groups(6, 900, 40, 60))
    found = []
    for threads in (2, 1):
        networkit.setNumberOfThreads(threads)
        networkit.setSeed(threads, useThreadId=True)
        found.append([
            (m.betweenness.tobytes(), m.harmonic.tobytes(), m.pagerank.tobytes())
            for m in (measured(ties, ties_module.networkit(), limit, limit)
                      for limit in (0, 10**12))
        ])  # fmt: skip
    assert found[0] == found[1]
