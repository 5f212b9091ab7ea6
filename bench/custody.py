"""The custody log: appends, audit and proofs a second of processor time.

python bench/custody.py [ENTRIES]
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

from clew.casefile.custody import CustodyLog


def main() -> None:
    entries = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        log = CustodyLog(Path(folder) / "custody.sqlite")
        began = time.process_time()
        for start in range(0, entries, 10_000):
            log.append_all(
                ("read", {"what": "show persons", "n": n, "purpose": "examination", "masked": True})
                for n in range(start, start + 10_000)
            )
        took = time.process_time() - began
        print(f"{entries} appended in batches of 10,000: {entries / took:,.0f}/s")
        began = time.process_time()
        for n in range(300):
            log.append("read", what="show persons", n=n)
        print(
            f"single appends, each forced to the disk: {300 / (time.process_time() - began):,.0f}/s"
        )
        began = time.process_time()
        assert list(log.problems()) == []
        print(f"audit from the bodies: {time.process_time() - began:.1f} s")
        size = log.checkpoint().size
        began = time.process_time()
        proofs = [log.inclusion(n, size) for n in range(1, size, size // 200)]
        print(
            f"inclusion proofs: {len(proofs) / (time.process_time() - began):,.0f}/s, "
            f"{len(proofs[0])} hashes"
        )
        began = time.process_time()
        log.consistency(size // 3, size)
        print(f"consistency proof: {(time.process_time() - began) * 1000:.1f} ms")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10} MiB")


if __name__ == "__main__":
    main()
