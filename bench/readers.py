"""Reading a million messages into all tables, beside public peers, in one run.

usage: python bench/readers.py FILE [--peer 'COMMAND {file} {out}'] [--peer …]

FILE is a text export or a msgstore.db, generated for the purpose, or one of bench/exports.py. The
product's figure is of the whole read step: worker and writing process together, in messages per
second of processor time, with the peak memory of each. A peer is any command that reads the same
file; its processor time and peak memory are taken as a whole process. Such commands are, for
instance, those of the PyPI packages whatsapp-chat-exporter and whatstk, each in an environment of
its own.
"""

from __future__ import annotations

import argparse
import resource
import shlex
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from clew.casefile import create_case
from clew.casefile.engine import Progress
from clew.evidence.describe import described
from clew.evidence.intake import take_in
from clew.facts.read import read

ABOUT = dict.fromkeys(
    ("search_id", "label", "holder_ref", "time_zone", "acquired_with", "acquired_at", "authority")
)


def ours(file: Path) -> int:
    """Print the product's figures, and return the number of messages."""
    with tempfile.TemporaryDirectory() as name, create_case(Path(name) / "c", "b", "bench") as case:
        about = {**ABOUT, "exhibit_id": "B-1", "kind": "phone", "country": "ES", "hash_only": False}
        with case.writing():
            take_in(case, described(case.config, (file,), about), Progress(), 1)
            before = spent()
            began = time.monotonic()
            read(case, "B-1", Progress(), 1)
            cpu = spent() - before
        (row,) = case.rows("SELECT count(*) AS n FROM messages")
        rows = row["n"]
    peaks = [resource.getrusage(who).ru_maxrss >> 10 for who in WHO]
    print(
        f"clew: {rows} messages, {rows / cpu:,.0f} per core second, "
        f"wall {time.monotonic() - began:.1f} s, "
        f"peak {peaks[0]} MiB writing and {peaks[1]} MiB reading"
    )
    return rows


WHO = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)


def spent() -> float:
    """Processor seconds of this process and of its ended children."""
    return sum(u.ru_utime + u.ru_stime for u in map(resource.getrusage, WHO))


def peer(command: str, file: Path, messages: int) -> None:
    """Run a peer as a whole process, and print its figures."""
    with tempfile.TemporaryDirectory() as out:
        words = shlex.split(command.format(file=shlex.quote(str(file)), out=shlex.quote(out)))
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(words, capture_output=True, check=False, cwd=out)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(
        f"{words[0]}: exit {done.returncode}, {messages / cpu:,.0f} per core second, "
        f"peak of all so far {after.ru_maxrss >> 10} MiB"
    )


def main() -> None:
    """Measure the product, then each peer."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--peer", action="append", default=[])
    asked = parser.parse_args()
    messages = ours(asked.file.absolute())
    for command in asked.peer:
        peer(command, asked.file.absolute(), messages)


if __name__ == "__main__":
    sys.exit(main())
