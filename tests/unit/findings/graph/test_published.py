"""Networks whose answers are published: Caviar, Montagna, Paul Revere's clubs, the Suffragettes."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from unit.findings.graph.oracle import Plain

from clew.findings.graph.keyplayers import Fragmentation, holds_together, reaches
from clew.findings.graph.measures import measured
from clew.findings.graph.ties import Ties, networkit

COORDINATORS = {"1", "12", "3"}
"""Of hashish, of cocaine, and the first one's lieutenant, as the trials had it."""


def file(fixtures: Path, pattern: str) -> Path:
    found = sorted((fixtures / "network").rglob(pattern))
    if not found:
        pytest.skip(f"the corpus has no network/{pattern}")
    return found[0]


def edges(path: Path) -> list[tuple[str, str]]:
    with path.open(newline="") as lines:
        rows = list(csv.reader(lines, delimiter="\t" if "\t" in path.read_text()[:200] else ","))
    start = 1 if rows[0][0] == "source" else 0
    return [(row[0], row[1]) for row in rows[start:]]


@pytest.fixture(scope="module")
def caviar(fixtures) -> Ties:
    """All eleven phases together."""
    ties = Ties.of_edges(edges(file(fixtures, "covert_10_00.csv")))
    assert (len(ties.names), len(ties.ends)) == (110, 205)
    return ties


def first(ties: Ties, values: np.ndarray, most: int) -> list[str]:
    return [ties.names[at] for at in np.argsort(-values, kind="stable")[:most]]


def test_degree_finds_caviars_coordinators(caviar) -> None:
    found = measured(caviar, networkit())
    assert set(first(caviar, found.degree, 3)) == COORDINATORS
    assert set(first(caviar, found.pagerank, 3)) == COORDINATORS


def test_the_search_for_key_players_finds_caviars_coordinators(caviar) -> None:
    """The two coordinators first; the lieutenant is among the first four."""
    names = [caviar.names[p.node] for p in holds_together(caviar, 4)]
    assert set(names) >= COORDINATORS
    assert names[:2] == ["1", "12"]
    assert [caviar.names[p.node] for p in reaches(caviar, 2)[0]] == ["1", "12"]
    three = tuple(caviar.names.index(name) for name in sorted(COORDINATORS))
    best = holds_together(caviar, 3)[-1].after  # with the investor N87 for the lieutenant
    assert best - Fragmentation(caviar, np.arange(110))(three) < 0.002


@pytest.mark.parametrize(
    "name", ["covert_10_00.csv", "covert_41_00.csv", "covert_44_00.csv", "covert_35_01.csv"]
)
def test_centralities_equal_plain_counting(fixtures, name) -> None:
    ties = Ties.of_edges(edges(file(fixtures, name)))
    plain = Plain((ties.names[a], ties.names[b]) for a, b in ties.ends)
    found = measured(ties, networkit())
    wanted = [(found.harmonic, plain.harmonic()), (found.core, plain.cores()),
              (found.pagerank, plain.pagerank())]  # fmt: skip
    if len(ties.names) < 120:  # counting ways one by one takes the cube of the nodes
        wanted.append((found.betweenness, plain.betweenness()))
    for values, right in wanted:
        assert values.tolist() == pytest.approx([right[n] for n in ties.names], abs=1e-9)


def left_of_the_largest_part(pairs: list[tuple[str, str]], step: int, rounds: int) -> list[float]:
    """Largest part over the first one, as the highest by betweenness are taken out."""
    gone: set[str] = set()
    sizes = []
    for _ in range(rounds + 1):
        ties = Ties.of_edges(p for p in pairs if not gone & set(p))
        sizes.append(int(np.bincount(ties.parts()).max()))
        between = measured(ties, networkit()).betweenness
        order = sorted(range(len(ties.names)), key=lambda n: (-between[n], int(ties.names[n])))
        gone |= {ties.names[n] for n in order[:step]}
    return [size / sizes[0] for size in sizes]


def test_montagnas_calls_fall_apart_as_published(fixtures) -> None:
    """Cavallaro and others 2020, doi 10.1371/journal.pone.0236476, one at a time and by fives."""
    pairs = edges(file(fixtures, "*ontagna*phone*edgelist*.csv"))
    one_by_one = [1, 0.7640, 0.5730, 0.4270, 0.3933, 0.2472, 0.1348, 0.1236, 0.0562]
    assert left_of_the_largest_part(pairs, 1, 8) == pytest.approx(one_by_one, abs=1e-4)
    by_fives = [1, 0.3258, 0.0562, 0.0337, 0.0225]
    assert left_of_the_largest_part(pairs, 5, 4) == pytest.approx(by_fives, abs=1e-4)


def test_montagnas_meetings_fall_apart_as_published(fixtures) -> None:
    pairs = edges(file(fixtures, "*ontagna*eeting*edgelist*.csv"))
    by_fives = [1, 0.837, 0.261, 0.12, 0.087, 0.054]
    assert left_of_the_largest_part(pairs, 5, 5) == pytest.approx(by_fives, abs=1e-3)
