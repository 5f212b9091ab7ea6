"""The small operation in the hands of its countries: law 20 is exact, and nothing else is left."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest


def demo(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from clew.cli import main; main()", "demo"]
    return subprocess.run([*command, *map(str, arguments)], capture_output=True, text=True,
                          check=False, timeout=1800)  # fmt: skip


@pytest.mark.slow
@pytest.mark.skipif("CLEW_WHOLE" not in os.environ, reason="make check-long: a minute")
def test_the_parts_of_the_small_operation_merged_equal_it_count_by_count(tmp_path) -> None:
    folder = tmp_path / "split"
    done = demo(folder, "--split", "--json")
    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    scores = [row for row in rows if "certain" in row]
    assert [s for s in scores if s["certain"] and not s["right"]] == []
    tables = [row for row in rows if "table" in row]
    assert len(tables) > 80
    assert [t for t in tables if t["whole"] != t["merged"]] == []
    assert sum(t["differ"] for t in tables) < 10  # of equals another stands first
    assert sum(t["sent"] for t in tables) < sum(t["whole"] for t in tables) / 2

    countries = [row["country"] for row in rows if "country" in row]
    sent = [row for row in rows if "package" in row]
    assert {row["from"] for row in sent} == {*countries}
    assert [row["void"] for row in sent].count(True) == 2
    assert sum(bool(row["supersedes"]) for row in sent) == 1
    assert {row["to"] for row in sent} - {"COORDINATOR"} <= {*countries}
    for lies in (
        "packages",
        "deconfliction/4-notice.file",
        "coordinator/case/case.toml",
        *(f"countries/{c}/demonstration-keys/READ-ME-FIRST.txt" for c in countries),
    ):
        assert (folder / lies).exists(), lies

    again = demo(folder, "--split")
    assert (again.returncode, "is there already" in again.stderr) == (2, True)
