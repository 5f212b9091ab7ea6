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
import tempfile
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


def exact(folder: Path, groups: int) -> dict[str, object]:
    """The product alone, block by block; pairs are counted and let go."""
    from clew.findings.overlap import PAIRS, Sets, blocks

    group, member = (np.load(folder / f"{name}.npy") for name in ("group", "member"))
    before, held, close = time.process_time(), 0, 0
    made = Sets(group, member, groups)
    for first, last in blocks(made.most, pairs=PAIRS):
        one, other, shared = made.overlaps(first, last)
        held += len(shared)
        both = made.sizes[one] + made.sizes[other] - shared
        close += int((shared / both >= JACCARD).sum())
    return {"pairs": held, "close": close, "cpu_s": round(time.process_time() - before, 1)}


def links(folder: Path, groups: int) -> dict[str, object]:
    """The whole of Clew's step: from columns of ids to the columns of group_links."""
    import pyarrow as pa

    from clew.findings import overlap

    group, member = (np.load(folder / f"{name}.npy") for name in ("group", "member"))
    chats = pa.array([f"whatsapp:120363{n:012}@g.us" for n in range(groups)])
    people, codes = np.unique(member, return_inverse=True)
    persons = pa.array([f"whatsapp:pn:34{n:09}" for n in people.tolist()])
    members = pa.table({"chat_id": chats.take(pa.array(group)),
                        "person_id": persons.take(pa.array(codes))})  # fmt: skip
    files = pa.table({"chat_id": pa.array([], pa.string()), "sha256": pa.array([], pa.string())})
    del group, member, codes, persons
    before, base = time.process_time(), most_mb()
    pairs = sum(len(columns["chat_a"]) for columns in overlap.links(members, files))
    spent = round(time.process_time() - before, 1)
    return {"pairs": pairs, "cpu_s": spent, "before_mb": base}


def minhash(folder: Path, groups: int) -> dict[str, object]:
    """datasketch: 128 permutations, and an LSH index for the same closeness."""
    from datasketch import MinHash, MinHashLSH

    group, member = (np.load(folder / f"{name}.npy") for name in ("group", "member"))
    before = time.process_time()
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
        "close": len(found), "recall": round(len(found & true) / max(len(true), 1), 4),
        "precision": round(len(found & true) / max(len(found), 1), 4), "cpu_s": round(spent, 1),
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


def write(folder: Path, groups: int) -> dict[str, object]:
    """The groups, in files, so that making them counts for none of the ways."""
    group, member = generate(groups)
    np.save(folder / "group.npy", group)
    np.save(folder / "member.npy", member)
    return {"groups": groups, "memberships": len(group)}


WAYS = {"groups": write, "exact": exact, "links": links, "minhash": minhash}


def main() -> None:
    """Run each way in a process of its own, or the way that is named in this one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--groups", type=int, default=100_000)
    parser.add_argument("--peer", default=sys.executable, help="a Python that has datasketch")
    parser.add_argument("--way", choices=tuple(WAYS), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.way == "minhash" and util.find_spec("datasketch") is None:
        print("datasketch is missing: pip install datasketch, and name its Python with --peer")
    elif given.way:
        told = WAYS[given.way](given.folder, given.groups)
        print(json.dumps({"way": given.way, **told, "peak_mb": most_mb()}), flush=True)
    else:
        with tempfile.TemporaryDirectory() as folder:
            for way in WAYS:
                python = given.peer if way == "minhash" else sys.executable
                subprocess.run(
                    [python, str(Path(__file__)), "--way", way, "--groups", str(given.groups),
                     "--folder", folder], check=True,
                )  # fmt: skip


if __name__ == "__main__":
    main()
