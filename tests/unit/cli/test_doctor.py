"""The machine is looked at, and nothing of it is changed."""

from __future__ import annotations

import json

from run_cli import run_cli


def test_what_is_there_and_what_is_missing_is_told(tmp_path) -> None:
    done = run_cli("doctor", tmp_path, "--json")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert {row["state"] for row in rows} <= {"ok", "note", "missing"}
    missing = [row["what"] for row in rows if row["state"] == "missing"]
    assert done.returncode == (4 if missing else 0)
    assert {"Python", "sandbox", "memory"} <= {row["what"] for row in rows}
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_refused(tmp_path) -> None:
    assert run_cli("doctor", tmp_path / "no").returncode == 2
    assert not (tmp_path / "no").exists()
