"""Killed at any moment and run again, a case ends with identical tables."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import clew
from clew.casefile import create_case
from clew.casefile.engine import Progress
from clew.cli.demo import AUTHORITY
from clew.demo import generate
from clew.demo.taking import take_exhibits

KILLS = int(os.environ.get("CLEW_KILLS", "12"))
"""More kills make a longer and surer test; docs/faults.md says how many are the full volume."""


@pytest.fixture(scope="module")
def taken(tmp_path_factory) -> Path:
    """The demo's operation taken in, and not yet run."""
    folder = tmp_path_factory.mktemp("crash")
    operation = generate(folder / "demo", 2017)
    with create_case(folder / "case", "Crash", AUTHORITY) as case:
        take_exhibits(case, operation, Progress(), 2)
    return folder / "case"


def running(case: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", "from clew.cli import main; main()", "run", str(case)]
    return subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )


def tables(case: Path) -> dict[str, str]:
    """Every table that counts, with its bytes' digest; and that nothing else is left."""
    with clew.open(case) as opened:
        assert list(opened.verify_outputs()) == []
        return {out.file: out.sha256 for done in opened.done.every() for out in done.outputs}


@pytest.mark.slow
def test_any_number_of_kills_changes_nothing(taken, tmp_path) -> None:
    whole = tmp_path / "whole"
    shutil.copytree(taken, whole)
    began = time.monotonic()
    assert running(whole).wait() in (0, 1)
    lasts = time.monotonic() - began
    expected = tables(whole)
    assert len(expected) > 20
    chance = random.Random(7)
    case = tmp_path / "killed"
    shutil.copytree(taken, case)
    finished = 0
    for _ in range(KILLS):
        run = running(case)
        try:
            code = run.wait(timeout=chance.uniform(0.05, lasts))
        except subprocess.TimeoutExpired:
            os.kill(run.pid, signal.SIGKILL)
            run.wait()
        else:
            finished += 1
            assert code in (0, 1)
            assert tables(case) == expected
            shutil.rmtree(case)
            shutil.copytree(taken, case)
    assert running(case).wait() in (0, 1)
    assert tables(case) == expected
    assert not list(case.rglob(".tmp-*"))
    assert list(clew.open(case).custody.problems()) == []


@pytest.mark.slow
def test_a_killed_intake_goes_on_where_it_was(taken, tmp_path) -> None:
    evidence = taken.parent / "demo" / "evidence"
    arguments = ["--exhibit", "X-1", "--kind", "disk", "--country", "ES"]
    found = []
    for kills in (0, 6):
        case = tmp_path / f"case{kills}"
        create_case(case, "t", "a").close()
        command = [
            sys.executable, "-c", "from clew.cli import main; main()", "add", str(case),
            str(evidence), *arguments,
        ]  # fmt: skip
        chance = random.Random(3)
        for _ in range(kills):
            run = subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True)
            time.sleep(chance.uniform(0.3, 1.2))
            if run.poll() is None:
                os.kill(run.pid, signal.SIGKILL)
            run.wait()
        done = subprocess.run(command, stderr=subprocess.PIPE, check=False)
        assert done.returncode in (0, 1, 2), done.stderr
        found.append(tables(case))
    assert found[0] == found[1]
