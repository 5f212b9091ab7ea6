"""Files out of an ext4 image of 20,000 small files: our walk beside tsk_recover, in one run.

usage: python bench/images.py [FILES]

Ours goes through every name, and digests every content three ways; tsk_recover writes each file to
a folder in memory. Processor and wall seconds, best of 3.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from clew.evidence import unpack
from clew.evidence.digests import Digests
from clew.evidence.signatures import DISK
from clew.sandbox import GuardPool


def made(folder: Path, files: int) -> tuple[Path, int]:
    """An image, and the bytes of the files in it."""
    tree, chance, total = folder / "tree", random.Random(1), 0
    for number in range(files):
        below = tree / f"{number // 500:03}"
        below.mkdir(parents=True, exist_ok=True)
        content = chance.randbytes(chance.randrange(500, 20_000))
        (below / f"{number}.bin").write_bytes(content)
        total += len(content)
    image = folder / "i.dd"
    with image.open("wb") as out:
        out.truncate(total * 2 + (64 << 20))
    subprocess.run(["mke2fs", "-q", "-t", "ext4", "-d", tree, image], check=True)
    return image, total


def ours(image: Path, files: int) -> float:
    """Wall seconds of a walk in a worker, with digests."""
    began = time.perf_counter()
    argument = {"bounds": {}, "media_type": DISK, "inner_name": ""}
    ended, digests = 0, Digests()
    with GuardPool() as guards:
        for frame in guards.mine(patient=True).run(unpack.TASK, argument, {"file": image}):
            if isinstance(frame, bytes):
                digests.update(frame)
            elif "member" in frame:
                digests = Digests()
            elif "end" in frame:
                ended += bool(digests.sha256 and digests.md5 and digests.sha1)
    assert ended >= files
    return time.perf_counter() - began


def theirs(image: Path, folder: Path) -> float | None:
    """Wall seconds of tsk_recover; None where it is not installed."""
    program = shutil.which("tsk_recover")
    if not program:
        return None
    out = folder / "out"
    began = time.perf_counter()
    subprocess.run([program, "-a", image, out], check=True, stdout=subprocess.DEVNULL)
    took = time.perf_counter() - began
    shutil.rmtree(out)
    return took


def main() -> None:
    """Measure, and print a line for each."""
    files = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    memory = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: PTH112 - one look
    with tempfile.TemporaryDirectory(dir=memory) as name:
        image, total = made(Path(name), files)
        rates = {"clew": min(ours(image, files) for _ in range(3))}
        peer = [t for _ in range(3) if (t := theirs(image, Path(name))) is not None]
        if peer:
            rates["tsk_recover"] = min(peer)
        for label, took in rates.items():
            print(f"{label:12} {files / took:8.0f} files/s {total / took / 1e6:8.1f} MB/s")


if __name__ == "__main__":
    main()
