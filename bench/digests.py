"""MD5, SHA-1 and SHA-256 from one read: this project's loop beside hashdeep, in one run.

usage: python bench/digests.py [MEGABYTES]

Small files of 100 KB and one large file, in memory-backed page cache. Rates are of processor time,
so another load on the machine tells less. The physical limit is what the three digests cost
without any read, which is measured beside.
"""

from __future__ import annotations

import hashlib
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from clew.evidence.digests import CHUNK, Digests, chunks


def ours(files: list[Path]) -> float:
    """Processor seconds of the product's loop."""
    began = time.process_time()
    for file in files:
        handle = os.open(file, os.O_RDONLY)
        digests = Digests()
        for chunk in chunks(handle):
            digests.update(chunk)
        os.close(handle)
        assert digests.sha256
    return time.process_time() - began


def floor(size: int) -> float:
    """Processor seconds of the three digests over bytes in memory."""
    chunk = memoryview(bytearray(os.urandom(CHUNK)))
    began = time.process_time()
    for name in ("md5", "sha1", "sha256"):
        digest = hashlib.new(name)
        for _ in range(size // CHUNK):
            digest.update(chunk)
    return time.process_time() - began


def hashdeep(folder: Path) -> float | None:
    """Processor seconds of hashdeep, single threaded; None where it is not installed."""
    program = shutil.which("hashdeep")
    if not program:
        return None
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [program, "-j0", "-c", "md5,sha1,sha256", "-r", folder],
        stdout=subprocess.DEVNULL,
        check=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Measure, and print a line for each kind of file."""
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 400
    print("MB/s of processor time, median of 3")
    for label, size in (("files of 100 KB", 100_000), ("one large file", megabytes * 1_000_000)):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            files = []
            for number in range(megabytes * 1_000_000 // size):
                file = folder / f"{number}"
                file.write_bytes(os.urandom(min(size, 1 << 20)) * max(1, size >> 20))
                files.append(file)
            total = sum(f.stat().st_size for f in files) / 1e6
            mine = sorted(ours(files) for _ in range(3))[1]
            limit = sorted(floor(int(total * 1e6)) for _ in range(3))[1]
            alone = f"digests alone {total / limit:6.0f}"
            print(f"{label:16} clew {total / mine:6.0f}   {alone}", end="")
            peers = [p for _ in range(3) if (p := hashdeep(folder)) is not None]
            if peers:
                peer = sorted(peers)[1]
                print(f"   hashdeep {total / peer:6.0f}   ratio {peer / mine:.2f}")
            else:
                print("   hashdeep is not installed")
    print(f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB")


if __name__ == "__main__":
    main()
