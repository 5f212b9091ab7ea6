"""Search among known hashes: this project's indexes beside faiss, in one run.

usage: python bench/search.py [MILLIONS] [QUERIES] [EXACT_MILLIONS]

Fingerprints are random with one query planted at each distance from 0 to 31 in turn, and as many
queries that are near nothing. faiss (IndexBinaryFlat, range search) is measured where it can be
imported, such as from another environment by PYTHONPATH. Rates are of processor time, one thread;
recall is the share of the planted that are found.
"""

from __future__ import annotations

import importlib.util
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from clew.findings.search import ExactIndex, HammingIndex, write_exact, write_hamming

RADIUS = 31
BLOCK = 1_000_000


def planted(known: np.ndarray, queries: int) -> np.ndarray:
    chance = np.random.default_rng(2)
    asked = chance.integers(0, 256, (queries, 32), dtype=np.uint8)
    half = queries // 2
    asked[:half] = known[chance.integers(0, len(known), half)]
    for place in range(half):
        bits = np.zeros(256, np.uint8)
        bits[chance.choice(256, place % (RADIUS + 1), replace=False)] = 1
        asked[place] ^= np.packbits(bits)
    return asked


def near(millions: float, queries: int) -> None:
    known = np.random.default_rng(1).integers(0, 256, (int(millions * 1e6), 32), dtype=np.uint8)
    asked = planted(known, queries)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "x.mih"
        began = time.process_time()
        write_hamming(file, known)
        built = time.process_time() - began
        index = HammingIndex.open(file, known)
        index.search(asked[:64], RADIUS)
        began = time.process_time()
        found = index.search(asked, RADIUS)
        spent = time.process_time() - began
        recall = len(np.unique(found.query[found.query < queries // 2])) / (queries // 2)
        extra = file.stat().st_size / len(known)
    print(f"near {millions:g} M: {queries / spent:,.0f} queries/s, recall {recall:.4f}, "
          f"build {built:.1f} s, {extra:.0f} B a hash beside the 32")  # fmt: skip
    if importlib.util.find_spec("faiss"):
        beside(known, asked[: max(queries // 10, 100)], asked)


def beside(known: np.ndarray, some: np.ndarray, asked: np.ndarray) -> None:
    import faiss

    faiss.omp_set_num_threads(1)
    flat = faiss.IndexBinaryFlat(256)
    flat.add(known)
    chosen = np.concatenate([some[: len(some) // 2], asked[-(len(some) // 2) :]])
    began = time.process_time()
    flat.range_search(chosen, RADIUS + 1)
    print(f"faiss {faiss.__version__} flat: {len(chosen) / (time.process_time() - began):,.0f} "
          "queries/s")  # fmt: skip


def exact(millions: float) -> None:
    chance = np.random.default_rng(3)
    blocks = max(int(millions * 1e6) // BLOCK, 1)
    kept = []

    def digests() -> Iterator[np.ndarray]:
        for _ in range(blocks):
            block = chance.integers(0, 256, (BLOCK, 16), dtype=np.uint8)
            kept.append(block[:: blocks * 2][: BLOCK // (2 * blocks)])
            yield block

    with tempfile.TemporaryDirectory(dir=sys.argv[4] if len(sys.argv) > 4 else None) as folder:
        file = Path(folder) / "md5.bin"
        began = time.process_time()
        total = write_exact(file, 16, digests())
        built = time.process_time() - began
        size = sum(f.stat().st_size for f in Path(folder).iterdir())
        hits = np.concatenate(kept)
        misses = chance.integers(0, 256, (1_000_000 - len(hits), 16), dtype=np.uint8)
        asked = np.concatenate([hits, misses])
        index = ExactIndex(file, 16)
        index.has(asked)
        began = time.process_time()
        found = index.has(asked)
        spent = time.process_time() - began
    right = bool(found[: len(hits)].all() and not found[len(hits) :].any())
    print(f"exact {total / 1e6:g} M: {len(asked):,} lookups in {spent:.2f} s, right: {right}, "
          f"{size / total:.2f} B a hash, build {built:.1f} s")  # fmt: skip


def main() -> None:
    millions = float(sys.argv[1]) if len(sys.argv) > 1 else 1
    queries = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
    near(millions, queries)
    exact(float(sys.argv[3]) if len(sys.argv) > 3 else 5)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak:,.0f} MB")


if __name__ == "__main__":
    main()
