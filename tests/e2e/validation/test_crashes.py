"""Killed at any moment and run again, a case ends with identical tables."""

from __future__ import annotations

import os
import random
import shutil
import time
from pathlib import Path

import pytest
from forked import command_process, exit_code
from msgspec.structs import replace

import clew
from clew.casefile import create_case
from clew.casefile.engine import Progress
from clew.casefile.verify import verify
from clew.cli.demo import AUTHORITY
from clew.demo import generate, small
from clew.demo.intake import take_exhibits

KILLS = int(os.environ.get("CLEW_KILLS", "5"))
"""More kills make a longer and surer test; docs/faults.md says how many are the full volume."""


@pytest.fixture(scope="module")
def evidence(tmp_path_factory) -> Path:
    """The demo's operation."""
    return tmp_path_factory.mktemp("crash") / "demo"


@pytest.fixture(scope="module")
def taken(evidence) -> Path:
    """A laptop, two phones and the hash sets taken in, and not yet run."""
    operation = generate(evidence, small())
    some = [
        e for e in operation.exhibits if e.about["exhibit_id"] in ("ES-001", "ES-002", "AR-001")
    ]
    case = evidence.parent / "case"
    with create_case(case, "Crash", AUTHORITY) as opened:
        take_exhibits(opened, replace(operation, exhibits=tuple(some)), Progress(), 2)
    return case


def tables(case: Path) -> dict[str, str]:
    """Every table that counts, with its bytes' digest; and that nothing else is left."""
    with clew.open(case) as opened:
        assert [one for one in verify(opened) if one.is_problem] == []
        return {out.file: out.sha256 for done in opened.manifests.every() for out in done.outputs}


@pytest.mark.slow
@pytest.mark.whole("a validation makes this check (test_checks.py)")
def test_any_number_of_kills_changes_nothing(taken, tmp_path) -> None:
    whole = tmp_path / "whole"
    shutil.copytree(taken, whole)
    exit_code(command_process("steps"))  # whatever starts these processes is there now
    began = time.monotonic()
    assert exit_code(command_process("run", whole)) in (0, 1)
    lasts = time.monotonic() - began
    expected = tables(whole)
    assert len(expected) > 20
    chance = random.Random(7)
    case = tmp_path / "killed"
    shutil.copytree(taken, case)
    killed = 0
    for _ in range(KILLS):
        code = exit_code(command_process("run", case), chance.uniform(0.05, lasts))
        if code is None:
            killed += 1
            continue
        assert code in (0, 1)
        assert tables(case) == expected
        shutil.rmtree(case)
        shutil.copytree(taken, case)
    assert killed
    assert exit_code(command_process("run", case)) in (0, 1)
    assert tables(case) == expected
    assert not list(case.rglob(".tmp-*"))
    assert list(clew.open(case).custody.problems()) == []


@pytest.mark.slow
def test_a_killed_intake_goes_on_where_it_was(taken, evidence, tmp_path) -> None:
    about = ("--exhibit", "X-1", "--kind", "disk", "--country", "ES")
    found, lasts, chance = [], 0.0, random.Random(3)
    for kills in (0, 6):
        case = tmp_path / f"case{kills}"
        create_case(case, "t", "a").close()
        add = ("add", case, evidence / "evidence", *about)
        for _ in range(kills):
            exit_code(command_process(*add), chance.uniform(0.05, lasts))
        began = time.monotonic()
        assert exit_code(command_process(*add)) in (0, 1, 2)
        lasts = time.monotonic() - began
        found.append(tables(case))
    assert found[0] == found[1] != {}
