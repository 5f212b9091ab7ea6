"""A case of small JPEGs from nothing to clusters: intake, digests, PDQ, tables, all findings.

usage: python bench/media_end_to_end.py [FILES] [--workers N]

Pictures of 480 x 360 are drawn from a seed; two in five are earlier ones again in another quality
or size, as they come back from a messenger. What runs is what ``clew add`` and ``clew run`` do.
Rates are of processor time of all processes, per core; the drawing is not counted. The clusters are
held against the truth, which picture each file was drawn from.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import multiprocessing
import os
import random
import resource
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from clew import pipeline
from clew.casefile import Case, Context, Options, create_case
from clew.casefile.engine import Progress
from clew.evidence.describe import described
from clew.evidence.intake import take_in
from clew.facts.fingerprints.inline import InlineFingerprints
from clew.facts.fingerprints.step import fingerprint

ABOUT = {
    **dict.fromkeys(
        ("search_id", "label", "holder_ref", "time_zone", "acquired_with", "acquired_at",
         "authority")
    ),
    "exhibit_id": "E-1", "kind": "phone", "country": "ES", "hash_only": False,
}  # fmt: skip
EACH = 1000
"""Files of a folder, which are drawn by one process."""


def sources(count: int) -> list[int]:
    """Of each file the picture that it was drawn from: two in five are earlier ones."""
    chance = random.Random(7)
    made_of: list[int] = []
    for number in range(count):
        again = number % 5 >= 3
        made_of.append(made_of[chance.randrange(number)] if again else number)
    return made_of


def drawn(seed: int, size: tuple[int, int]) -> Image.Image:
    """A picture of some hundred soft patches."""
    rough = np.random.default_rng(seed).integers(0, 256, (15, 20, 3)).astype(np.uint8)
    return Image.fromarray(rough).resize(size, Image.Resampling.BICUBIC)


def written(task: tuple[Path, int, list[int]]) -> int:
    """Write the pictures of one folder, and say how many bytes they have."""
    folder, first, made_of = task
    chance, size = random.Random(first), 0
    folder.mkdir()
    for number, seed in enumerate(made_of, first):
        again = seed != number
        image = drawn(seed, chance.choice(((480, 360), (400, 300))) if again else (480, 360))
        out = io.BytesIO()
        image.save(out, "JPEG", quality=chance.choice((60, 70, 75)) if again else 85)
        size += (folder / f"{number:07}.jpg").write_bytes(out.getvalue())
    return size


def folders(evidence: Path, made_of: list[int]) -> Iterator[tuple[Path, int, list[int]]]:
    for first in range(0, len(made_of), EACH):
        yield evidence / f"{first // EACH:04}", first, made_of[first : first + EACH]


def processor() -> float:
    """Processor seconds of this process and of those it waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in used)


class Workers(threading.Thread):
    """Watches how much memory the largest worker has had.

    What the system tells of children that ended counts the parent's memory, as copies of which
    they begin.
    """

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak = 0.0
        self.done = threading.Event()

    def run(self) -> None:
        """Look twice a second until it is done."""
        while not self.done.wait(0.5):
            for child in _children(os.getpid()):
                self.peak = max(self.peak, _peak(child))


def _children(process: int) -> Iterator[int]:
    """Processes below one."""
    for told in Path(f"/proc/{process}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for child in map(int, told.read_text().split()):
                yield child
                yield from _children(child)


def _peak(process: int) -> float:
    """The most memory that a process has had, in MiB; 0 once it has ended."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{process}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return 0.0


class Clock:
    """Seconds by the clock and of processors, told stage by stage."""

    def __init__(self) -> None:
        self.began = self._wall = time.monotonic()
        self._used = self.used = processor()

    def tell(self, stage: str) -> None:
        """Print what a stage took since the last one."""
        wall, used = time.monotonic(), processor()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"  {stage:32} {wall - self._wall:8.1f} s {used - self._used:8.1f} core-s, "
              f"this process at most {peak:.0f} MiB so far", flush=True)  # fmt: skip
        self._wall, self._used = wall, used

    def whole(self) -> tuple[float, float]:
        """Seconds by the clock and of processors up to the last stage told."""
        return self._wall - self.began, self._used - self.used


def held_to_truth(case: Case, made_of: list[int]) -> str:
    """How many pairs of files that lie in one cluster were drawn from one picture, and back."""
    cluster_of = {
        row["sha256"]: row["cluster_id"]
        for row in case.rows("SELECT sha256, cluster_id FROM file_clusters")
    }
    files = case.rows("SELECT path, sha256 FROM items WHERE kind = 'file'")
    both: dict[tuple[str, int], int] = {}
    for row in files:
        source = made_of[int(Path(row["path"]).stem)]
        pair = cluster_of[row["sha256"]], source
        both[pair] = both.get(pair, 0) + 1
    found, true = len({cluster for cluster, _ in both}), len({source for _, source in both})
    return (
        f"{found} clusters of {true} pictures; {len(both) - found} mixed, {len(both) - true} split"
    )


def main() -> None:
    """Draw, take in, run, and print what each took."""
    asked = argparse.ArgumentParser()
    asked.add_argument("files", nargs="?", type=int, default=36_000)
    asked.add_argument("--workers", type=int, default=2)
    given = asked.parse_args()
    os.environ["PATH"] = ""  # no bubblewrap: the time of what it starts is not told to us
    with tempfile.TemporaryDirectory() as held:
        evidence, made_of = Path(held) / "evidence", sources(given.files)
        evidence.mkdir()
        with multiprocessing.Pool() as pool:
            size = sum(pool.imap_unordered(written, folders(evidence, made_of)))
        print(f"{given.files} JPEGs of {size / given.files / 1000:.0f} KB, {given.workers} workers")
        case = create_case(Path(held) / "case", "Bench", "none")
        workers = Workers()
        with case, case.writing():
            workers.start()
            clock = Clock()
            options = Options(
                intake=described(case.config, (evidence,), ABOUT),
                inline=InlineFingerprints(case, "E-1"),
            )
            take_in(
                Context(
                    case=case, step="intake", scope="E-1", workers=given.workers, options=options
                )
            )
            clock.tell("intake, digests, fingerprints")
            fingerprint(Context(case=case, step="fingerprint", scope="E-1", workers=given.workers))
            clock.tell("tables of fingerprints")
            pipeline.run(case, Progress(), given.workers)
            clock.tell("clusters and all other findings")
            wall, used = clock.whole()
            workers.done.set()
            print(held_to_truth(case, made_of))
    print(f"{given.files / used:.0f} files a core-second; {wall:.1f} s by the clock")
    print(f"largest worker {workers.peak:.0f} MiB")


if __name__ == "__main__":
    main()
