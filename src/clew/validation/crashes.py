"""Checks of runs that are killed, and of disks that are full."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from clew.casefile import Case, create_case, open_case
from clew.casefile.engine import Progress
from clew.demo import generate
from clew.demo.taking import take_exhibits
from clew.errors import MachineError
from clew.validation.assertions import Assertion, Plan
from clew.validation.evidence import AUTHORITY, digests

_CLEW = (sys.executable, "-c", "from clew.cli import main; main()")
_FILES, _FILE_BYTES = 60, 64 << 10
_SMALLEST, _LARGEST = 300 << 10, 5 << 20
"""Sizes of disk between which the run stops at one place or another."""


def kills(plan: Plan) -> Iterator[Assertion]:
    """Runs killed at random moments end, run again, with the tables of one that was left alone."""
    operation = generate(plan.folder / "killed", plan.seed)
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
        name="P3-02",
        text="The tool shall end with identical tables after any number of crashes on the way.",
        passed=same == finished and not left and bool(expected),
        figures=f"{plan.kills} runs killed at random moments (seed {plan.seed}); {same} of "
        f"{finished} completed runs with identical tables; left behind: {len(left)}",
    )


def full_disks(plan: Plan) -> Iterator[Assertion]:
    """A disk that is full stops the run, blames no item, and the next run goes on where it was."""
    text = (
        "The tool shall stop where the disk is full, blame no item for it, and go on where it was "
        "once there is room."
    )
    if not _can_mount(plan.folder):
        why = "this machine lets nobody mount a small disk in a namespace"
        yield Assertion(name="P3-03", text=text, passed=None, figures=why)
        return
    evidence = plan.folder / "to-fill"
    evidence.mkdir()
    chance = random.Random(plan.seed)
    for number in range(_FILES):
        (evidence / f"{number:02}").write_bytes(chance.randbytes(_FILE_BYTES))
    spread = (_LARGEST - _SMALLEST) // max(plan.full_disks, 1)
    ends = [
        _on_a_disk_of(_SMALLEST + spread * n, plan.folder, evidence) for n in range(plan.full_disks)
    ]
    stopped = sum(end.startswith("stopped") for end in ends)
    wrong = [end for end in ends if end not in ("stopped, then the same", "the same")]
    yield Assertion(
        name="P3-03",
        text=text,
        passed=not wrong and stopped > 0,
        figures=f"{len(ends)} sizes of disk; stopped and went on at {stopped}; wrong: "
        f"{'; '.join(wrong[:3]) or 'none'}",
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
    """Run within the namespace: take evidence in, enlarge the disk, and take it in again."""
    from clew.evidence.describe import described
    from clew.evidence.intake import take_in

    about = dict.fromkeys(
        ("search_id", "label", "holder_ref", "time_zone", "acquired_with", "acquired_at",
         "authority")
    ) | {"exhibit_id": "V-02", "kind": "usb", "country": "LU", "hash_only": False}  # fmt: skip
    place, ended = Path(disk) / "case", ""
    for _ in range(2):
        try:
            case = _opened(place)
            with case.writing():
                take_in(case, described(case.config, (Path(evidence),), about), Progress(), 2)
        except MachineError:
            ended = "stopped, then "
            subprocess.run(["mount", "-o", "remount,size=64m", disk], check=True)  # noqa: S603, S607
            continue
        found = case.rows("SELECT outcome, count(*) AS n FROM items GROUP BY outcome")
        right = found == [{"outcome": "processed", "n": _FILES}]
        sound = not list(case.custody.problems()) and not list(case.verify_outputs())
        case.close()
        sys.stdout.write(f"{ended}{'the same' if right and sound else f'otherwise: {found}'}\n")
        return 0
    sys.stdout.write("stopped twice\n")
    return 0


def _opened(place: Path) -> Case:
    if (place / "case.toml").is_file():
        return open_case(place)
    shutil.rmtree(place, ignore_errors=True)
    return create_case(place, "Validation", AUTHORITY)
