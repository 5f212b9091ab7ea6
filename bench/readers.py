"""Reading a conversation into all tables, each format by itself, beside public peers.

usage: python bench/readers.py FORMAT… [--messages N] [--python PYTHON]…
       python bench/readers.py all
       python bench/readers.py --file FILE

A format is generated here (bench/conversations.py, bench/exports.py, bench/ufed_report.py), of one
size. Two figures are printed for each, in messages per second of processor time. *Alone* is the
reader with all that a worker does to its rows, in a process of its own that looks for no cycles of
objects, as a worker does not. *Read step* is the whole step: the worker, as it says itself of what
it used, since nobody outside its namespace could tell, and the process that writes. Peers are run
as whole processes (bench/peers.py); PYTHON is an interpreter that has them, such as that of a
virtual environment.
"""

from __future__ import annotations

import argparse
import gc
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import conversations
import exports
import peers
import ufed_report

from clew.casefile import Context, Options, create_case
from clew.evidence.describe import described
from clew.evidence.intake import take_in
from clew.evidence.signatures import media_type
from clew.facts.invitations import with_invitations
from clew.facts.read import read
from clew.facts.reader_api import Found, readers
from clew.facts.reader_worker import _in_batches

ABOUT = dict.fromkeys(
    ("search_id", "label", "holder_ref", "time_zone", "acquired_with", "acquired_at", "authority")
)


FORMATS = {**conversations.FORMATS, **exports.FORMATS, "ufed": (ufed_report.report, "report.xml")}


def ours(file: Path) -> int:
    """Print the figures of the whole step, and return the number of messages."""
    with tempfile.TemporaryDirectory() as name, create_case(Path(name) / "c", "b", "bench") as case:
        about = {**ABOUT, "exhibit_id": "B-1", "kind": "phone", "country": "ES", "hash_only": False}
        with case.writing():
            options = Options(intake=described(case.config, (file,), about))
            take_in(Context(case=case, step="intake", scope="B-1", workers=1, options=options))
            before, began = time.process_time(), time.monotonic()
            used = read(Context(case=case, step="read", scope="B-1", workers=1))
            writing, wall = time.process_time() - before, time.monotonic() - began
        (row,) = case.rows("SELECT count(*) AS n FROM messages")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    print(
        f"  read step: {row['n'] / (writing + used.cpu_seconds):,.0f} per core second "
        f"(worker {used.cpu_seconds:.1f} s, writing {writing:.1f} s, wall {wall:.1f} s), "
        f"peak {used.peak_bytes >> 20} MiB reading and {peak} MiB writing"
    )
    return int(row["n"])


def alone(file: Path) -> None:
    """Print what the reader alone takes, in this process: nothing is sent and nothing written."""
    gc.disable()
    with file.open("rb") as opened:
        kind = media_type(opened.read(4096))
    found = Found(exhibit_id="B-1", item_id="0" * 20, source_id="0" * 64,
                  path=f"bench/{file.name}", media_type=kind, file=file)  # fmt: skip
    taking = [r for r in readers() if r.wants(found.path, kind) and r.probe(found)]
    reader = max(taking, key=lambda r: getattr(r.probe(found), "confidence", 0))
    before = time.process_time()
    rows = sum(
        part.data.num_rows
        for part in with_invitations(_in_batches(reader.read(found)))
        if part.table.table_name == "messages"
    )
    cpu = time.process_time() - before
    print(f"  {reader.name} alone: {rows} messages, {rows / cpu:,.0f} per core second")


def measured(kind: str, messages: int, pythons: list[str]) -> None:
    """Generate a format, and print every figure of it; each is taken in a process of its own."""
    write, name = FORMATS[kind]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / name
        write(file, messages)
        print(f"{kind}: {messages} messages, {file.stat().st_size >> 20} MiB", flush=True)
        for way in ("--alone", "--step"):
            subprocess.run([sys.executable, __file__, way, str(file)], check=True)
        peers.run(kind, file, messages, [*pythons, sys.executable])


def main() -> None:
    """Measure each format that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("formats", nargs="*", choices=[*FORMATS, "all", []], metavar="FORMAT",
                        help=f"all, or of {', '.join(FORMATS)}")  # fmt: skip
    parser.add_argument("--messages", type=int, default=200_000)
    parser.add_argument("--python", action="append", default=[])
    parser.add_argument("--file", type=Path)
    parser.add_argument("--alone", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--step", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if file := asked.alone or asked.file:
        alone(file.absolute())
    if file := asked.step or asked.file:
        ours(file.absolute())
    for kind in FORMATS if "all" in asked.formats else asked.formats:
        measured(kind, asked.messages, asked.python)


if __name__ == "__main__":
    main()
