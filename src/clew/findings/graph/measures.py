"""How a person stands in the graph of persons and groups, each measure with its method.

Exact where that takes no more than half a minute. In larger graphs betweenness and harmonic
closeness are estimated from a sample, and the row says by how much they may be off.
"""

import math
from types import ModuleType
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from clew.casefile import Context
from clew.findings.graph.ties import SEED, Ties, as_networkit, networkit
from clew.records import MeasureMethod, PersonMeasure
from clew.schema import batch

Values = npt.NDArray[np.float64]
EXACT_UP_TO = 300_000_000
"""Nodes times edges up to which betweenness is exact: half a minute."""
HARMONIC_UP_TO = 10_000_000_000
"""The same for harmonic closeness alone."""
_FINE_UP_TO = 100_000_000_000
_FINE, _COARSE, _RISK = 0.002, 0.005, 0.1
"""Betweenness from a sample is within this of the exact value, but for this chance: finely up to
so many nodes times edges."""
_STARTS = 1024
"""Nodes from which distances are taken where closeness is estimated."""
DAMPING, _TOLERANCE = 0.85, 1e-12


class Measured(msgspec.Struct, frozen=True):
    """Values of all nodes of a graph, in the order of its names."""

    degree: npt.NDArray[np.int64]
    betweenness: Values
    betweenness_error: float
    harmonic: Values
    harmonic_error: float
    pagerank: Values
    core: npt.NDArray[np.int64]

    @property
    def method(self) -> MeasureMethod:
        """Whether anything in it is estimated."""
        estimated = self.betweenness_error or self.harmonic_error
        return MeasureMethod.SAMPLED if estimated else MeasureMethod.EXACT


def measures(context: Context) -> None:
    """Measure how each person stands in the graph of persons and groups.

    Needs the extra ``network``; without it the table stays empty.
    """
    library = networkit()
    pairs = context.rows("members_known") if library else []
    ties = Ties.of_groups((row["person_id"], row["chat_id"]) for row in pairs)
    values = _columns(ties, measured(ties, library)) if library and ties.counted else {}
    rows = batch(PersonMeasure, ties.counted if values else 0, **values)
    context.publish((PersonMeasure, lambda: iter([rows.data])))


def measured(
    ties: Ties,
    library: ModuleType,
    exact_up_to: int = EXACT_UP_TO,
    harmonic_up_to: int = HARMONIC_UP_TO,
) -> Measured:
    """Every measure of every node."""
    graph = as_networkit(ties, library)
    effort = len(ties.names) * max(len(ties.ends), 1)
    between, between_error = _betweenness(graph, library, exact=effort <= exact_up_to)
    harmonic, harmonic_error = _harmonic(ties, exact=effort <= harmonic_up_to)
    ranked = library.centrality.PageRank(graph, damp=DAMPING, tol=_TOLERANCE)
    core = library.centrality.CoreDecomposition(graph)
    return Measured(
        degree=ties.degrees,
        betweenness=between,
        betweenness_error=between_error,
        harmonic=harmonic,
        harmonic_error=harmonic_error,
        pagerank=_scores(ranked),
        core=_scores(core).astype(np.int64),
    )


def _betweenness(graph: Any, library: ModuleType, *, exact: bool) -> tuple[Values, float]:
    """Part of the shortest ways between two others that lead through a node, and the error.

    KADABRA's scores are parts of the drawn pairs, ends included, doubled in undirected graphs
    (networkit, KadabraBetweenness.cpp, computeApproxParallel).
    """
    if exact:
        return _scores(library.centrality.Betweenness(graph, normalized=True)), 0.0
    nodes = graph.numberOfNodes()
    error = _FINE if nodes * graph.numberOfEdges() <= _FINE_UP_TO else _COARSE
    sampled = library.centrality.KadabraBetweenness(graph, error, _RISK, deterministic=True)
    return _scores(sampled) / 2 * nodes / (nodes - 2), error


def _harmonic(ties: Ties, *, exact: bool) -> tuple[Values, float]:
    """Mean of one over the distance to every other node, and the error (Hoeffding's bound)."""
    nodes = len(ties.names)
    starts = np.arange(nodes)
    if not exact and nodes > _STARTS:
        chance = np.random.default_rng(SEED)
        starts = np.sort(chance.choice(nodes, _STARTS, replace=False))
    every = Ties(ties.names, ties.ends, nodes, 1)
    total = np.zeros(nodes)
    for part in every.portions(starts):
        for distance, fresh in every.levels(part):
            total += np.bitwise_count(fresh).sum(axis=1) / distance
    others = len(starts) - np.isin(np.arange(nodes), starts)
    off = math.sqrt(math.log(2 / _RISK) / (2 * len(starts))) if len(starts) < nodes else 0.0
    return total / np.maximum(others, 1), round(off, 4)


def _scores(algorithm: Any) -> Values:
    algorithm.run()
    return np.array(algorithm.scores(), dtype=np.float64)


def _columns(ties: Ties, found: Measured) -> dict[str, Any]:
    """Columns of the table; values have nine digits, which are what every machine gives."""
    values: dict[str, Any] = msgspec.structs.asdict(found)
    for name in ("betweenness", "harmonic", "pagerank"):
        values[name] = [float(f"{value:.9g}") for value in values[name][: ties.counted]]
    for name in ("degree", "core"):
        values[name] = values[name][: ties.counted].tolist()
    return {"person_id": ties.names[: ties.counted], "method": found.method, **values}
