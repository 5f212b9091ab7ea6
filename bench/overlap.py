"""Overlap of groups by the exact sparse product, beside MinHash with an LSH index.

Each way runs in a process of its own; CPU seconds, and the most memory it held. Groups come in
families that share members, as re-created groups do, beside members by chance.

    python bench/overlap.py --groups 100000
    python bench/overlap.py --groups 20000 --peer /path/to/python/with/datasketch
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from importlib import util
from pathlib import Path

import numpy as np

SEED, FAMILY, MEAN = 11, 4, 175
JACCARD = 0.2
"""From here on a pair counts as found, for the recall of MinHash."""


def generate(groups: int) -> tuple[np.ndarray, np.ndarray]:
    """Groups and members, each pair once; families of four draw most of theirs from one circle."""
    chance = np.random.default_rng(SEED)
    people = groups * 60
    sizes = np.clip(chance.lognormal(np.log(MEAN) - 0.15, 0.55, groups), 12, 1000).astype(np.int64)
    group = np.repeat(np.arange(groups), sizes)
    member = chance.integers(0, people // 10, len(group))  # people who are in many groups
    pool = (group // FAMILY) * 60 * FAMILY
    kept = chance.random(len(group)) < 0.75
    member[kept] = (pool[kept] + chance.integers(0, MEAN * 6 // 5, int(kept.sum()))) % people
    pairs = np.unique(group * people + member)
    return pairs // people, pairs % people


def exact(groups: int, fewest: int) -> dict[str, object]:
    """The product of Clew, block by block; pairs are counted and let go, as a table's would be."""
    from clew.findings.overlap import Sets, blocks

    group, member = generate(groups)
    before, held, base = time.process_time(), 0, most_mb()
    close: set[int] = set()
    made = Sets(group, member, groups)
    for first, last in blocks(made.most):
        one, other, shared = made.overlaps(first, last)
        held += int((shared >= fewest).sum())
        jaccard = shared / (made.sizes[one] + made.sizes[other] - shared)
        near = jaccard >= JACCARD
        close.update((one[near] * groups + other[near]).tolist())
    return {
        "way": "exact sparse product", "groups": groups, "memberships": len(group),
        "pairs": held, "close": len(close), "cpu_s": round(time.process_time() - before, 1),
        "before_mb": base,
    }  # fmt: skip


def minhash(groups: int, _: int) -> dict[str, object]:
    """datasketch: 128 permutations, and an LSH index for the same closeness."""
    from datasketch import MinHash, MinHashLSH

    group, member = generate(groups)
    before, base = time.process_time(), most_mb()
    ends = np.searchsorted(group, np.arange(groups + 1))
    index, sketches = MinHashLSH(threshold=JACCARD, num_perm=128), []
    for number in range(groups):
        members = member[ends[number] : ends[number + 1]]
        sketch = MinHash(num_perm=128, seed=SEED)
        sketch.update_batch([m.tobytes() for m in members])
        sketches.append(sketch)
        index.insert(number, sketch)
    found = {
        min(number, other) * groups + max(number, other)
        for number, sketch in enumerate(sketches)
        for other in index.query(sketch)
        if other != number and sketch.jaccard(sketches[other]) >= JACCARD
    }
    spent, true = time.process_time() - before, close_pairs(group, member, groups)
    return {
        "way": "datasketch MinHash + LSH", "groups": groups, "memberships": len(group),
        "close": len(found), "recall": round(len(found & true) / max(len(true), 1), 4),
        "precision": round(len(found & true) / max(len(found), 1), 4), "cpu_s": round(spent, 1),
        "before_mb": base,
    }  # fmt: skip


def close_pairs(group: np.ndarray, member: np.ndarray, groups: int) -> set[int]:
    """Pairs of a family that are that close, counted one by one."""
    ends = np.searchsorted(group, np.arange(groups + 1))
    held = [set(member[ends[n] : ends[n + 1]].tolist()) for n in range(groups)]
    found = set()
    for first in range(0, groups, FAMILY):
        family = range(first, min(first + FAMILY, groups))
        for one in family:
            for other in range(one + 1, family.stop):
                both = len(held[one] & held[other])
                if both / (len(held[one]) + len(held[other]) - both) >= JACCARD:
                    found.add(one * groups + other)
    return found


def most_mb() -> int:
    """The most memory that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


WAYS = {"exact": exact, "minhash": minhash}


def main() -> None:
    """Run each way in a process of its own, or the way that is named in this one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--groups", type=int, default=100_000)
    parser.add_argument("--fewest", type=int, default=1, help="members that a pair shares at least")
    parser.add_argument("--peer", default=sys.executable, help="a Python that has datasketch")
    parser.add_argument("--way", choices=tuple(WAYS), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.way == "minhash" and util.find_spec("datasketch") is None:
        print("datasketch is missing: pip install datasketch, and name its Python with --peer")
    elif given.way:
        told = WAYS[given.way](given.groups, given.fewest)
        print(json.dumps(told | {"peak_mb": most_mb()}))
    else:
        for way, python in (("exact", sys.executable), ("minhash", given.peer)):
            subprocess.run(
                [python, str(Path(__file__)), "--way", way, "--groups", str(given.groups),
                 "--fewest", str(given.fewest)], check=True,
            )  # fmt: skip


if __name__ == "__main__":
    main()
