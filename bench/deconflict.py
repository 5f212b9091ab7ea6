"""Deconfliction: 1,000 asked against many offered, beside OpenMined's PSI where it is installed.

    python bench/deconflict.py [OFFERED] [--peer]

Prints seconds of wall clock and of processor time for offer, ask, answer and read (files, ledger
and custody entries included), sizes, and whether every planted hit and no other was found. With
``--peer`` the same identifiers go through `openmined-psi` in this run; its server works on one
core. Numbers are made up.
"""

from __future__ import annotations

import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

ASKED, PLANTED = 1000, 100


def numbers(offered: int) -> tuple[list[str], list[str]]:
    chance = random.Random(1)
    made = chance.sample(range(10**8), offered + ASKED - PLANTED)
    texts = [f"+346{n:08}|2017-H1" for n in made]
    return texts[:offered], texts[:PLANTED] + texts[offered:]


def processor() -> float:
    own, below = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return sum(used.ru_utime + used.ru_stime for used in (own, below))


class Clock:
    """Says what each part took."""

    def __init__(self) -> None:
        self.walls: dict[str, float] = {}
        self.spent: dict[str, float] = {}

    def time(self, name: str, work: Callable[[], Any]) -> Any:
        """What the work gives; its seconds are printed."""
        wall, spent = time.perf_counter(), processor()
        result = work()
        self.walls[name], self.spent[name] = time.perf_counter() - wall, processor() - spent
        print(f"  {name:8} {self.walls[name]:8.2f} s   {self.spent[name]:8.2f} s processor")
        return result


def clew(offered: list[str], asked: list[str]) -> Clock:
    from builders.deconflicting import Pair, forms

    from clew.casefile.engine import Progress
    from clew.exchange.deconfliction import answering, asking, offering, reading
    from clew.exchange.deconfliction.forms import Form, Kind

    folder = Path(tempfile.mkdtemp(prefix="bench-deconflict-"))
    pair, clock = Pair(folder), Clock()
    own = [Form(Kind.PHONE, text) for text in offered]
    wanted = offering.Wanted(
        partner="PT", kind=Kind.PHONE, period="2026-H2", legal_basis="bench", forms=own
    )
    offer, ask, answer, notice = (folder / n for n in ("offer", "ask", "answer", "notice"))
    cores = len(os.sched_getaffinity(0))
    print(f"clew, {len(offered):,} offered, {len(asked):,} asked, {cores} cores")
    dealing, agency = pair.es.dealing(), pair.es.agency
    clock.time("offer", lambda: offering.offer(dealing, agency, wanted, offer, Progress()))
    asks = asking.Wanted(forms=forms(asked), legal_basis="bench")
    clock.time("ask", lambda: asking.ask(pair.pt.dealing(), pair.pt.agency, offer, asks, ask))
    answering.answer(pair.es.dealing(0), agency, ask, answer)
    clock.time("answer", lambda: answering.answer(pair.es.dealing(1), agency, ask, answer))
    step, results = clock.time(
        "read", lambda: reading.answer(pair.pt.dealing(), pair.pt.agency, answer, notice)
    )
    hits = {f"{r.identifier}|{r.seen}" for r in results if r.is_hit}
    sizes = ", ".join(f"{f.name} {f.stat().st_size:,} B" for f in (offer, ask, answer, notice))
    print(f"  {sizes}")
    print(f"  hits {step.hits}, planted {PLANTED}, right: {hits == set(asked[:PLANTED])}")
    pair.close()
    return clock


def openmined(offered: list[str], asked: list[str]) -> Clock:
    import private_set_intersection.python as psi

    clock, reveal_intersection = Clock(), True
    print(f"openmined-psi, {len(offered):,} offered, {len(asked):,} asked, one core")
    server = psi.server.CreateWithNewKey(reveal_intersection)
    setup = clock.time(
        "offer",
        lambda: server.CreateSetupMessage(1e-9, len(asked), offered, psi.DataStructure.GCS),
    )
    client = psi.client.CreateWithNewKey(reveal_intersection)
    request = clock.time("ask", lambda: client.CreateRequest(asked))
    response = clock.time("answer", lambda: server.ProcessRequest(request))
    found = clock.time("read", lambda: client.GetIntersection(setup, response))
    print(f"  offer {setup.ByteSize():,} B; hits {len(found)}, planted {PLANTED}")
    return clock


def main() -> None:
    arguments = [a for a in sys.argv[1:] if not a.startswith("-")]
    offered, asked = numbers(int(arguments[0]) if arguments else 1_000_000)
    ours = clew(offered, asked)
    if "--peer" in sys.argv:
        try:
            peer = openmined(offered, asked)
        except ImportError as error:
            print(f"openmined-psi is not installed here ({error}): pip install openmined-psi")
        else:
            cores = len(os.sched_getaffinity(0))
            wall = peer.walls["offer"] / ours.walls["offer"]
            each = peer.spent["offer"] / (ours.spent["offer"] / cores)
            print(f"offer: {wall:.1f} times as fast as openmined-psi; by processor time, where all "
                  f"{cores} cores are free, {each:.1f} times")  # fmt: skip


if __name__ == "__main__":
    main()
