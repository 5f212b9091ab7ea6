"""A case of small JPEGs from nothing to fingerprints: intake, digests, PDQ, tables.

usage: python bench/media_end_to_end.py [FILES] [--workers N]

Pictures of 480 x 360 are drawn from a seed; two in five are earlier ones again in another quality
or size, as they come back from a messenger. Rates are of processor time of all processes, per core;
the drawing is not counted. Peak memory is that of this process and of its largest worker.
"""

from __future__ import annotations

import argparse
import io
import os
import random
import resource
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image

from clew.casefile import create_case
from clew.casefile.engine import Progress
from clew.evidence.describe import described
from clew.evidence.intake import take_in
from clew.facts.fingerprints.ahead import Ahead
from clew.facts.fingerprints.step import fingerprint

ABOUT = dict.fromkeys(
    ("search_id", "label", "holder_ref", "time_zone", "acquired_with", "acquired_at", "authority")
)


def drawn(seed: int, size: tuple[int, int] = (480, 360)) -> Image.Image:
    rough = np.random.default_rng(seed).integers(0, 256, (15, 20, 3)).astype(np.uint8)
    return Image.fromarray(rough).resize(size, Image.Resampling.BICUBIC)


def written(folder: Path, count: int) -> int:
    """Write the pictures, and say how many bytes they have."""
    chance = random.Random(7)
    size = 0
    for number in range(count):
        again = number % 5 >= 3
        seed = chance.randrange(max(number, 1)) if again else number
        image = drawn(seed, chance.choice(((480, 360), (400, 300))) if again else (480, 360))
        out = io.BytesIO()
        image.save(out, "JPEG", quality=chance.choice((60, 70, 75)) if again else 85)
        file = folder / f"{number // 1000:04}" / f"{number:07}.jpg"
        file.parent.mkdir(exist_ok=True)
        size += file.write_bytes(out.getvalue())
    return size


def processor() -> float:
    """Processor seconds of this process and of those it waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in used)


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("files", nargs="?", type=int, default=36_000)
    asked.add_argument("--workers", type=int, default=2)
    given = asked.parse_args()
    os.environ["PATH"] = ""  # no bubblewrap: the time of what it starts is not told to us
    with tempfile.TemporaryDirectory() as held:
        folder = Path(held) / "evidence"
        folder.mkdir()
        size = written(folder, given.files)
        drawing = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        case = create_case(Path(held) / "case", "Bench", "none")
        about = {**ABOUT, "exhibit_id": "E-1", "kind": "phone", "country": "ES", "hash_only": False}
        began, used = time.monotonic(), processor()
        with case, case.writing():
            taking = described(case.config, (folder,), about)
            take_in(case, taking, Progress(), given.workers, None, Ahead(case, "E-1"))
            taken, used_taken = time.monotonic(), processor()
            fingerprint(case, "E-1", Progress(), given.workers)
            (counts,) = case.rows(
                "SELECT count(*) AS hashes, count(DISTINCT source_id) AS contents FROM fingerprints"
            )
        ended, used_ended = time.monotonic(), processor()
    seconds = used_ended - used
    peak = [resource.getrusage(who).ru_maxrss / 1024
            for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]  # fmt: skip
    print(f"{given.files} JPEGs of {size / given.files / 1000:.0f} KB, {given.workers} workers")
    print(f"{counts['contents']} contents, {counts['hashes']} hashes")
    print(f"taking in with fingerprints {taken - began:.1f} s, {used_taken - used:.1f} core-s; "
          f"tables {ended - taken:.1f} s, {used_ended - used_taken:.1f} core-s")  # fmt: skip
    print(f"{given.files / seconds:.0f} files a core-second; {ended - began:.1f} s by the clock; "
          f"360,000 files: {360_000 / given.files * seconds / 60:.1f} core-minutes")  # fmt: skip
    print(f"peak memory: this process {peak[0]:.0f} MiB (drawing {drawing:.0f}), "
          f"largest worker {peak[1]:.0f} MiB")  # fmt: skip


if __name__ == "__main__":
    main()
