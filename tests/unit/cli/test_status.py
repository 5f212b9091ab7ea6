"""What was seen is what was processed, skipped and failed."""

from __future__ import annotations

import json
import os

from run_cli import run_cli


def test_what_became_of_every_entry_is_told(tmp_path) -> None:
    (tmp_path / "e").mkdir()
    (tmp_path / "e" / "a.txt").write_text("benign")
    os.mkfifo(tmp_path / "e" / "pipe")
    case = tmp_path / "c"
    assert run_cli("new", case, "--title", "T", "--authority", "A").returncode == 0
    about = ("--exhibit", "X-1", "--kind", "disk", "--country", "ES")
    assert run_cli("add", case, tmp_path / "e", *about).returncode == 0
    rows = [json.loads(line) for line in run_cli("status", case, "--json").stdout.splitlines()]
    (exhibit,) = (row for row in rows if row["what"] == "exhibit")
    assert (exhibit["seen"], exhibit["processed"], exhibit["skipped"]) == (2, 1, 1)
    assert not exhibit["read"]
    (steps,) = (row for row in rows if row["what"] == "steps")
    assert "resolve" in steps["pending"]
    assert "seen 2 = processed 1 + skipped 1 + failed 0" in run_cli("status", case).stdout
