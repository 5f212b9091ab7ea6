"""Whoever is killed while a package is opened or sealed leaves no plaintext that has a name."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("pyrage")
KILLS = int(os.environ.get("CLEW_KILLS", "12"))
TESTS = Path(__file__).parents[2]


def killed(what: str, folder) -> list[dict]:
    """How processes ended that were killed at one moment after the other, and what they left."""
    paths = os.pathsep.join((str(TESTS), str(TESTS.parent / "src")))
    done = subprocess.run(
        [sys.executable, "-m", "builders.killed", what, str(folder), str(KILLS)],
        env={**os.environ, "PYTHONPATH": paths}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(found) == KILLS
    assert {one["ended"] for one in found} == {signal.SIGKILL}
    return found


@pytest.mark.volume
def test_a_kill_at_any_moment_of_opening_leaves_nothing(tmp_path) -> None:
    assert [one["left"] for one in killed("opening", tmp_path)] == [[]] * KILLS


@pytest.mark.volume
def test_a_kill_at_any_moment_of_sealing_leaves_no_plaintext_and_no_package(tmp_path) -> None:
    found = killed("sealing", tmp_path)
    assert [one["clear"] for one in found] == [[]] * KILLS
    assert not [one for one in found if "made.clewpkg/envelope.sig" in one["left"]]
    assert any("made.clewpkg/volume-001.age" in one["left"] for one in found)
