"""An exhibit is taken in once, as described, and a bound that is changed is in the log."""

from __future__ import annotations

import json

import pytest
from run_cli import run_cli

import clew


@pytest.fixture
def case(tmp_path):
    (tmp_path / "e").mkdir()
    (tmp_path / "e" / "a.txt").write_text("benign")
    assert run_cli("new", tmp_path / "c", "--title", "T", "--authority", "A").returncode == 0
    return tmp_path / "c"


def add(case, *more: str):
    about = ("--exhibit", "X-1", "--kind", "disk", "--country", "ES")
    return run_cli("add", case, case.parent / "e", *about, *more)


def test_the_counts_add_up(case) -> None:
    done = add(case, "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["seen"] == found["processed"] + found["skipped"] + found["failed"] == 1
    assert len(found["content_sha256"]) == 64


def test_the_same_again_changes_nothing(case) -> None:
    assert add(case).returncode == 0
    before = sorted(f.name for f in (case / "store").rglob("*"))
    again = add(case)
    assert again.returncode == 2
    assert "in the case already" in again.stderr
    assert before == sorted(f.name for f in (case / "store").rglob("*"))


def test_a_bound_that_is_changed_is_in_the_log(case) -> None:
    assert add(case, "--limit", "depth=3").returncode == 0
    with clew.open(case) as opened:
        assert any("depth" in entry.body for entry in opened.custody.entries())


@pytest.mark.parametrize("more", [("--limit", "depth"), ("--limit", "colour=1")])
def test_a_bound_that_is_none_is_refused(case, more) -> None:
    assert add(case, *more).returncode == 2
