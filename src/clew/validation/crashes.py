"""Checks of runs that are killed, and of disks that are full."""

import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from msgspec.structs import replace

from clew.casefile import create_case
from clew.casefile.engine import Progress
from clew.demo.intake import take_exhibits
from clew.errors import MachineError
from clew.records import ExhibitKind
from clew.validation import faults
from clew.validation.assertions import Assertion, Plan
from clew.validation.faults import AUTHORITY, digests

_CLEW = (sys.executable, "-c", "from clew.cli import main; main()")
_SMALLEST = 300 << 10
"""The smallest disk; the largest is what a whole case takes."""
_EXHIBITS = 3
"""Of the generated operation, a laptop and two phones: a smaller case is killed more often."""
_STOPPED = "stopped, then "
_MOMENTS = {"P3-04": "killed", "P3-05": "disk full"}


def kills(plan: Plan) -> Iterator[Assertion]:
    """Runs killed at random moments end, run again, with the tables of one that was left alone."""
    operation = replace(plan.operation, exhibits=plan.operation.exhibits[:_EXHIBITS])
    start = plan.folder / "case-taken"
    with create_case(start, "Validation", AUTHORITY) as case:
        take_exhibits(case, operation, Progress(), 2)
    whole, killed = plan.folder / "case-whole", plan.folder / "case-killed"
    shutil.copytree(start, whole)
    began = time.monotonic()
    _running(whole).wait()
    lasts = time.monotonic() - began
    expected = digests(whole)
    chance = random.Random(plan.seed)
    shutil.copytree(start, killed)
    same, finished = 0, 0
    for _ in range(plan.kills):
        if _killed_after(killed, chance.uniform(0.05, lasts)):
            continue
        finished += 1
        same += digests(killed) == expected
        shutil.rmtree(killed)
        shutil.copytree(start, killed)
    _running(killed).wait()
    finished += 1
    same += digests(killed) == expected
    left = [p.name for p in killed.rglob(".tmp-*")]
    yield Assertion(
        "P3-02",
        same == finished and not left and bool(expected) if plan.kills else None,
        f"{plan.kills} runs killed at random moments (seed {plan.seed}); {same} of "
        f"{finished} completed runs with identical tables; left behind: {len(left)}",
        trials=plan.kills,
    )


def moments(plan: Plan) -> Iterator[Assertion]:
    """Intake, reading and concluding, stopped at moments that the seed names."""
    evidence = plan.operation.of_kind(ExhibitKind.LAPTOP)[0].paths[0]
    for name, kind in _MOMENTS.items():
        folder = plan.folder / f"moments {kind}"
        tries = faults.series(kind, folder, evidence, plan.kills, plan.seed)
        yield Assertion(
            name=name,
            passed=tries.good if plan.kills else None,
            figures=f"{tries.faults} stopped at one of {tries.effects} effects on the case (seed "
            f"{plan.seed}); {tries.same} of {tries.completed} completed with identical tables; "
            f"wrong: {'; '.join(tries.wrong[:3]) or 'none'}",
            trials=tries.faults,
        )


def full_disks(plan: Plan) -> Iterator[Assertion]:
    """A disk that is full stops the run, blames no item, and the next run goes on where it was."""
    why = "" if plan.full_disks else "no full disk was asked for"
    if plan.full_disks and not _can_mount(plan.folder):
        why = "this machine lets nobody mount a small disk in a namespace"
    if why:
        yield Assertion("P3-03", None, why)
        return
    evidence = plan.operation.of_kind(ExhibitKind.LAPTOP)[0].paths[0]
    whole = plan.folder / faults.WHOLE
    faults.whole_way(whole, evidence)  # nothing is done anew where a series has made it
    takes = sum(file.stat().st_blocks * 512 for file in whole.rglob("*"))
    spread = (takes - _SMALLEST) // plan.full_disks
    expected = _listed(faults.digests(whole))
    ends = [
        _on_a_disk_of(_SMALLEST + spread * n, plan.folder, evidence) for n in range(plan.full_disks)
    ]
    stopped = sum(end.startswith(_STOPPED) for end in ends)
    wrong = [end for end in ends if end.removeprefix(_STOPPED) != expected]
    yield Assertion(
        "P3-03",
        not wrong and stopped > 0,
        f"{len(ends)} sizes of disk up to {takes >> 10} KiB; stopped and went on at "
        f"{stopped}; with identical tables: {len(ends) - len(wrong)}; wrong: "
        f"{'; '.join(wrong[:3]) or 'none'}",
        trials=len(ends),
    )


def _running(case: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own program
        [*_CLEW, "run", str(case)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip


def _killed_after(case: Path, seconds: float) -> bool:
    """Start a run and kill it after a while; whether it was still running."""
    run = _running(case)
    try:
        run.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.kill(run.pid, signal.SIGKILL)
        run.wait()
        return True
    return False


def _can_mount(folder: Path) -> bool:
    script = f'mount -t tmpfs -o size=1m tmpfs "{folder}"'
    try:
        return _in_namespace(["sh", "-c", script]).returncode == 0
    except OSError:
        return False


def _in_namespace(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own script
        ["unshare", "--user", "--map-root-user", "--mount", *command],  # noqa: S607 - util-linux
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def _on_a_disk_of(size: int, folder: Path, evidence: Path) -> str:
    """What came of taking evidence in on a disk of this size, and again after it was enlarged."""
    disk = folder / "disk"
    disk.mkdir(exist_ok=True)
    code = (
        "from clew.validation.crashes import fill; import sys; "
        f"sys.exit(fill({str(disk)!r}, {str(evidence)!r}))"
    )
    script = f'mount -t tmpfs -o size={size} tmpfs "{disk}" && exec "$@"'
    done = _in_namespace(["sh", "-c", script, "sh", sys.executable, "-c", code])
    return done.stdout.strip() or f"exit {done.returncode}: {done.stderr.strip()[-200:]}"


def fill(disk: str, evidence: str) -> int:
    """Run within the namespace: go the whole way, and go on when the disk was enlarged."""
    folder, ended = Path(disk) / "case", ""
    try:
        faults.whole_way(folder, Path(evidence))
    except (MachineError, OSError):
        ended = _STOPPED
        subprocess.run(["mount", "-o", "remount,size=256m", disk], check=True)  # noqa: S603, S607
        faults.whole_way(folder, Path(evidence))
    wrong = faults.unsound(folder)
    sys.stdout.write(f"{ended}{'; '.join(wrong) or _listed(faults.digests(folder))}\n")
    return 0


def _listed(digests: dict[str, str]) -> str:
    """One digest over those of all tables."""
    return hashlib.sha256(repr(sorted(digests.items())).encode()).hexdigest()
