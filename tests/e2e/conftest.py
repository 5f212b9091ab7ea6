"""What several end-to-end tests start from; whoever changes it copies it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from once import made_once


@pytest.fixture(scope="session")
def demo(tmp_path_factory) -> Path:
    """What ``clew demo`` makes, right by its own truth."""
    return made_once(tmp_path_factory.getbasetemp(), "demo", _make_demo)


def _make_demo(folder: Path) -> None:
    command = [sys.executable, "-c", "from clew.cli import main; main()", "demo", folder, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=900)
    assert done.returncode == 0, done.stderr + done.stdout
    scores = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(scores) >= 20
    assert [s for s in scores if s["certain"] and not s["right"]] == []
    assert [s for s in scores if s["found"] < 0.9 * s["expected"]] == []
    (beside,) = (s for s in scores if s["name"].startswith("messages of exports set beside"))
    assert beside["detail"].startswith("0 "), beside  # set beside a wrong one
