"""What it costs to look at files that no reader understands, per file and kind.

usage: python bench/structures.py [--files N]

Files are generated here, a few kilobytes each but for the last two kinds. The figure is processor
time in the worker, from the offered file to its rows, without the pipe; run it with PYTHONPATH on
another version's ``src`` to compare. A kind that a version does not look at at all shows what the
look would cost there.
"""

from __future__ import annotations

import argparse
import json
import plistlib
import random
import tempfile
import time
from pathlib import Path

from clew.evidence.signatures import media_type
from clew.facts import reader_worker
from clew.facts.reader_api import Found

HEAD = 36 << 10


def kinds(rng: random.Random) -> dict[str, tuple[str, bytes]]:
    """Name and content of a file of each kind."""
    records = [{"id": n, "name": "bread", "of": ["flour", "water"], "at": n} for n in range(40)]
    rows = "\n".join(f"{n};flour;water;{n * 7}" for n in range(100))
    values = {f"Key{n}": "bread" for n in range(60)}
    long = [{"id": n, "of": {"flour": n}, "text": "x" * 40} for n in range(120_000)]
    return {
        "json": ("x.json", json.dumps({"records": records}).encode()),
        "xml": ("x.xml", ("<a>" + "<b c='1'>x</b>" * 200 + "</a>").encode()),
        "csv": ("x.csv", f"id;who;what;when\n{rows}\n".encode()),
        "html": ("x.html", ("<html><p>" + "words " * 600 + "</p></html>").encode()),
        "text": ("x.txt", b"Flour, water, salt and time.\n" * 120),
        "binary-plist": ("x.plist", plistlib.dumps(values, fmt=plistlib.FMT_BINARY)),
        "no ending": ("a3f9c2", rng.randbytes(3000)),
        "binary, 20 MB": ("x.bin", rng.randbytes(20 << 20)),
        "json, 10 MB": ("y.json", json.dumps({"records": long}).encode()),
    }


def main() -> None:
    """Print milliseconds a file for each kind."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=200)
    files = parser.parse_args().files
    with tempfile.TemporaryDirectory() as name:
        for kind, (called, raw) in kinds(random.Random(1)).items():
            file = Path(name) / "evidence"
            file.write_bytes(raw)
            given = Found(
                exhibit_id="B-1", item_id="0" * 20, source_id="0" * 64, path=f"bench/{called}",
                media_type=media_type(raw[:HEAD]), file=file,
            )  # fmt: skip
            times = files if len(raw) < 1 << 20 else 5
            list(reader_worker._rows(given))  # noqa: SLF001
            began = time.process_time()
            rows = sum(1 for _ in range(times) for _ in reader_worker._rows(given))  # noqa: SLF001
            spent = (time.process_time() - began) / times
            print(
                f"{kind:<14} {len(raw):>10,} bytes  {spent * 1000:>8.2f} ms  {rows // times} rows"
            )


if __name__ == "__main__":
    main()
