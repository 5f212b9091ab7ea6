"""Plain and slow answers to compare with: breadth first from every node, ways counted."""

from __future__ import annotations

import random
from collections import defaultdict, deque
from collections.abc import Iterable


class Plain:
    """An undirected graph as sets of neighbours."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self.near: defaultdict[str, set[str]] = defaultdict(set)
        for a, b in pairs:
            if a != b:
                self.near[a].add(b)
                self.near[b].add(a)
        self.nodes = sorted(self.near)

    def distances(self, start: str, gone: frozenset[str] = frozenset()) -> dict[str, int]:
        found, queue = {start: 0}, deque([start])
        while queue:
            here = queue.popleft()
            for there in self.near[here] - gone:
                if there not in found:
                    found[there] = found[here] + 1
                    queue.append(there)
        return found

    def harmonic(self) -> dict[str, float]:
        others = len(self.nodes) - 1
        return {n: sum(1 / d for d in self.distances(n).values() if d) / others for n in self.nodes}

    def betweenness(self) -> dict[str, float]:
        """For each pair, ways through a node over all shortest ways, by counting both halves."""
        far = {n: self.distances(n) for n in self.nodes}
        ways = {n: self._ways(n, far[n]) for n in self.nodes}
        n = len(self.nodes)
        found = {}
        for v in self.nodes:
            total = 0.0
            for s in self.nodes:
                for t in self.nodes:
                    if s >= t or v in (s, t) or t not in far[s] or v not in far[s]:
                        continue
                    if far[s][v] + far[v][t] == far[s][t]:
                        total += ways[s][v] * ways[v][t] / ways[s][t]
            found[v] = total / ((n - 1) * (n - 2) / 2)
        return found

    def _ways(self, start: str, far: dict[str, int]) -> dict[str, int]:
        counted = {start: 1}
        for node in sorted(far, key=lambda n: far[n])[1:]:
            counted[node] = sum(
                counted[p] for p in self.near[node] if far.get(p, -1) == far[node] - 1
            )
        return counted

    def pagerank(self, damping: float = 0.85) -> dict[str, float]:
        n = len(self.nodes)
        rank = dict.fromkeys(self.nodes, 1 / n)
        for _ in range(300):
            rank = {
                v: (1 - damping) / n
                + damping * sum(rank[u] / len(self.near[u]) for u in self.near[v])
                for v in self.nodes
            }
        return rank

    def cores(self) -> dict[str, int]:
        left, found, k = {n: set(self.near[n]) for n in self.nodes}, {}, 0
        while left:
            low = [n for n in left if len(left[n]) <= k]
            if not low:
                k += 1
            for node in low:
                found[node] = k
                for other in left.pop(node):
                    if other in left:
                        left[other].discard(node)
        return found

    def fragmentation(self, gone: Iterable[str]) -> float:
        away = frozenset(gone)
        rest = [n for n in self.nodes if n not in away]
        near = sum(1 / d for n in rest for d in self.distances(n, away).values() if d)
        return 1 - near / (len(rest) * (len(rest) - 1))

    def reach(self, chosen: Iterable[str]) -> float:
        far = [self.distances(c) for c in chosen]
        total = 0.0
        for node in self.nodes:
            steps = [f[node] for f in far if node in f]
            total += 0.0 if not steps else 1.0 if min(steps) == 0 else 1 / min(steps)
        return total / len(self.nodes)


def random_pairs(seed: int, nodes: int, edges: int) -> list[tuple[str, str]]:
    chance = random.Random(seed)
    return [
        (f"n{chance.randrange(nodes):03}", f"n{chance.randrange(nodes):03}") for _ in range(edges)
    ]


def random_groups(seed: int, persons: int, groups: int, members: int) -> list[tuple[str, str]]:
    chance = random.Random(seed)
    return [
        (f"p{chance.randrange(persons):03}", f"g{group:02}")
        for group in range(groups)
        for _ in range(members)
    ]
