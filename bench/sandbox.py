"""What the strong sandbox costs: the same archive and database at both levels, turn about.

usage: python bench/sandbox.py [ROUNDS]

The archive holds 4,000 small files, the database 10,000 messages; a worker takes many tasks, as in
a run. The median wall time of each level is printed, with the ratio, and every time taken.
"""

from __future__ import annotations

import io
import sys
import tarfile
import tempfile
import time
from pathlib import Path
from statistics import median

from conversations import FORMATS

from clew.casefile import Context, Options, create_case
from clew.evidence.describe import described
from clew.evidence.intake import take_in
from clew.facts.read import read
from clew.sandbox import Limits

ABOUT = dict.fromkeys(
    ("search_id", "label", "holder_ref", "time_zone", "acquired_with", "acquired_at", "authority")
) | {"exhibit_id": "B-1", "kind": "phone", "country": "ES", "hash_only": False}


WHAT = ("taking in", "reading")


def archive(file: Path) -> None:
    with tarfile.open(file, "w:gz", compresslevel=1) as packed:
        for number in range(4_000):
            entry = tarfile.TarInfo(f"f{number:05}.bin")
            data = b"%d benign\n" % number * 20
            entry.size = len(data)
            packed.addfile(entry, io.BytesIO(data))


def seconds(source: Path, *, strong: bool) -> tuple[float, float]:
    """Wall seconds of taking in and of reading."""
    with tempfile.TemporaryDirectory() as name, create_case(Path(name) / "c", "b", "bench") as case:
        limits = Limits(strong=strong)
        with case.writing():
            began = time.monotonic()
            about = {"case": case, "scope": "B-1", "workers": 1, "limits": limits}
            options = Options(intake=described(case.config, (source,), ABOUT))
            take_in(Context(step="intake", options=options, **about))
            taken = time.monotonic()
            read(Context(step="read", **about))
        return taken - began, time.monotonic() - taken


def main(rounds: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        source = Path(name) / "in"
        source.mkdir()
        archive(source / "many.tar.gz")
        write, called = FORMATS["whatsapp-ios"]
        write(source / called, 10_000)
        taken: dict[tuple[str, bool], list[float]] = {}
        for _ in range(rounds):
            for strong in (False, True):
                for what, took in zip(WHAT, seconds(source, strong=strong), strict=True):
                    taken.setdefault((what, strong), []).append(took)
        for what in WHAT:
            basic, strong = (taken[what, level] for level in (False, True))
            print(
                f"{what}: basic {median(basic):.2f} s, strong {median(strong):.2f} s, "
                f"{median(strong) / median(basic):.3f} times as long; all "
                f"{[round(t, 2) for t in basic]} {[round(t, 2) for t in strong]}"
            )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
