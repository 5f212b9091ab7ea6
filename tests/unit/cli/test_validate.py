"""Validation never writes over what is there."""

from __future__ import annotations

from run_cli import run_cli


def test_a_folder_that_is_there_is_not_used(tmp_path) -> None:
    assert run_cli("validate", "--keep", tmp_path).returncode == 2
    assert list(tmp_path.iterdir()) == []


def test_a_report_needs_a_folder_to_stand_in(tmp_path) -> None:
    done = run_cli("validate", tmp_path / "gone" / "r.md")
    assert done.returncode == 2
    assert "no folder" in done.stderr
