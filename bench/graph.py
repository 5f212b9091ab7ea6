"""A generated network of any size, measured: seconds of processor and peak memory of each method.

usage: python bench/graph.py [NODES [EDGES]]      1,000,000 nodes and 20,000,000 edges by default

Ends are drawn from a seed, low numbers more often, so that degrees differ by orders. Each method
runs in a process of its own, so that its peak is its own. Where networkx or igraph is installed
(neither is among Clew's dependencies; igraph is GPL and only ever a program beside it), the same
runs on a graph that networkx can hold, 12,000 nodes and 360,000 edges.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

PEER_SIZE = (12_000, 360_000)
OURS = ("pagerank", "cores", "communities", "harmonic, estimated", "key players, bounded")
PEERS = ("networkx", "igraph")


def ends(nodes: int, edges: int) -> np.ndarray:
    """Different pairs of different nodes, low numbers in more of them."""
    chance = np.random.default_rng(6)
    found = np.empty(0, dtype=np.int64)
    while len(found) < edges:
        drawn = chance.random((edges - len(found) + edges // 20, 2), dtype=np.float32)
        drawn = (drawn * drawn * nodes).astype(np.int64)  # low numbers are drawn more often
        low = np.minimum(drawn[:, 0], drawn[:, 1])
        high = np.maximum(drawn[:, 0], drawn[:, 1])
        keys = (low * nodes + high)[low != high]
        keys = np.concatenate([found, keys])
        keys.sort()
        found = keys[np.append(True, keys[1:] != keys[:-1])]
    surplus = chance.choice(len(found), len(found) - edges, replace=False)
    kept = np.delete(found, surplus)
    return np.stack([kept // nodes, kept % nodes], axis=1)


def ours(method: str, nodes: int, drawn: np.ndarray) -> tuple[Callable[[], object], float]:
    """One method of Clew on the graph, and the seconds that building it took."""
    from clew.findings.graph.keyplayers import holds_together
    from clew.findings.graph.measures import _harmonic
    from clew.findings.graph.ties import Ties, as_networkit, networkit

    library = networkit()
    assert library
    began = time.process_time()
    if method in ("harmonic, estimated", "key players, bounded"):
        ties = Ties([""] * nodes, drawn, nodes, 1)
        run = {
            "harmonic, estimated": lambda: _harmonic(ties, exact=nodes <= PEER_SIZE[0]),
            "key players, bounded": lambda: holds_together(ties, 3),
        }[method]
        return run, time.process_time() - began
    bare = Ties.__new__(Ties)
    bare.ends, bare.names = drawn, range(nodes)  # type: ignore[assignment]
    graph = as_networkit(bare, library)
    algorithm = {
        "pagerank": lambda: library.centrality.PageRank(graph, damp=0.85, tol=1e-9),
        "cores": lambda: library.centrality.CoreDecomposition(graph),
        "communities": lambda: library.community.PLM(graph, refine=True, par="none"),
    }[method]()
    return algorithm.run, time.process_time() - began


def peer(
    name: str, method: str, nodes: int, drawn: np.ndarray
) -> tuple[Callable[[], object], float]:
    """The same of another library."""
    began = time.process_time()
    if name == "networkx":
        import networkx as nx

        graph = nx.Graph()
        graph.add_edges_from(drawn.tolist())
        run = {
            "pagerank": lambda: nx.pagerank(graph),
            "cores": lambda: nx.core_number(graph),
            "communities": lambda: nx.community.louvain_communities(graph, seed=6),
        }[method]
    else:
        import igraph

        other = igraph.Graph(n=nodes, edges=drawn)
        run = {
            "pagerank": other.pagerank,
            "cores": other.coreness,
            "communities": lambda: other.community_leiden("modularity"),
        }[method]
    return run, time.process_time() - began


def one(library: str, method: str, nodes: int, file: str) -> None:
    """Run one on a graph that was written to a file, and say what it took."""
    drawn = np.load(file)
    if library == "clew":
        run, built = ours(method, nodes, drawn)
    else:
        run, built = peer(library, method, nodes, drawn)
    began = time.process_time()
    run()
    took = time.process_time() - began
    status = Path("/proc/self/status").read_text()  # getrusage counts the parent's peak in
    peak = int(status.partition("VmHWM:")[2].split()[0]) / 1024
    print(f"{library:10} {nodes:>9,} nodes {len(drawn):>10,} edges  {method:22} "
          f"built {built:6.1f} s  ran {took:7.1f} s  peak {peak:7,.0f} MB", flush=True)  # fmt: skip


def main(nodes: int, edges: int) -> None:
    peers = [name for name in PEERS if importlib.util.find_spec(name)]
    for size in ((nodes, edges), PEER_SIZE):
        with tempfile.TemporaryDirectory() as folder:
            file = str(Path(folder) / "edges.npy")
            np.save(file, ends(*size))
            for method in OURS:
                _apart("clew", method, size[0], file)
            for name in peers if size == PEER_SIZE else ():
                for method in OURS[:3]:
                    _apart(name, method, size[0], file)
    for name in set(PEERS) - set(peers):
        print(f"{name:10} is not installed: not measured")


def _apart(library: str, method: str, nodes: int, file: str) -> None:
    subprocess.run(
        [sys.executable, __file__, "--one", library, method, str(nodes), file], check=True
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(sys.argv[2], sys.argv[3], int(sys.argv[4]), sys.argv[5])
    else:
        main(*(int(a) for a in sys.argv[1:3]), *(1_000_000, 20_000_000)[len(sys.argv[1:3]) :])
