"""Clustering of near duplicates: an operation's pictures, and the worst case, all different.

usage: python bench/clusters.py [FILES]

*operation*: two files in three are one of FILES / 3 originals again, a few originals very often,
each in a coding that flips some of eight weak bits; the truth is which original a file was made of.
*all different*: random fingerprints in eight orientations, none near another. Seconds are of
processor time on one thread.
"""

from __future__ import annotations

import resource
import sys
import time

import numpy as np

from clew.findings.perceptual.clusters import Pictures, clusters


def different(files: int) -> np.ndarray:
    return np.random.default_rng(1).integers(0, 256, (files, 8, 32), dtype=np.uint8)


def operation(files: int) -> tuple[np.ndarray, np.ndarray]:
    """Fingerprints and, for each, the original that it was made of."""
    chance = np.random.default_rng(2)
    originals = chance.integers(0, 256, (files // 3, 8, 32), dtype=np.uint8)
    made_of = np.concatenate(
        [
            np.arange(files // 3),
            np.minimum(chance.zipf(1.3, files - files // 3) - 1, files // 3 - 1),
        ]
    )
    weak = chance.integers(0, 256, (files // 3, 8))[made_of]
    flipped = chance.random((files, 8)) < chance.random((files, 1)) / 2
    flipped[: files // 3] = False
    flips = np.zeros((files, 256), np.uint8)
    for n in range(8):
        flips[np.arange(files), weak[:, n]] |= flipped[:, n]
    return originals[made_of] ^ np.packbits(flips, axis=1)[:, None], made_of


def told(name: str, turned: np.ndarray, made_of: np.ndarray) -> None:
    _, first = np.unique(turned[:, 0], axis=0, return_index=True)
    turned, made_of = turned[np.sort(first)], made_of[np.sort(first)]
    began = time.process_time()
    found = list(clusters(Pictures(turned, np.arange(len(turned)))))
    spent = time.process_time() - began
    whole = all(len(set(made_of[members])) == 1 for _, members, _ in found)
    right = whole and len(found) == len(set(made_of))
    print(f"{name}: {len(turned)} different fingerprints, {len(found)} clusters, "
          f"right: {right}, {spent:.1f} s", flush=True)  # fmt: skip


def main() -> None:
    files = int(sys.argv[1]) if len(sys.argv) > 1 else 360_000
    told("operation", *operation(files))
    told("all different", different(files), np.arange(files))
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


if __name__ == "__main__":
    main()
