"""A case is as it was written, or every way in which it is not is told."""

from __future__ import annotations

import json

import pytest
from run_cli import run_cli


@pytest.fixture
def case(tmp_path):
    (tmp_path / "e").mkdir()
    (tmp_path / "e" / "a.txt").write_text("benign")
    made = tmp_path / "c"
    assert run_cli("new", made, "--title", "T", "--authority", "A").returncode == 0
    about = ("--exhibit", "X-1", "--kind", "disk", "--country", "ES")
    assert run_cli("add", made, tmp_path / "e", *about).returncode == 0
    return made


def test_a_case_as_it_was_written_has_no_problem(case) -> None:
    done = run_cli("verify", case, "--json")
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout.splitlines()[-1])
    assert result["problems"] == 0
    assert result["custody_latest"]


def test_a_content_that_was_changed_or_is_gone_is_named(case) -> None:
    (content,) = (f for f in (case / "store").rglob("*") if f.is_file())
    content.chmod(0o600)
    content.write_bytes(b"other!")
    done = run_cli("verify", case)
    assert done.returncode == 3
    assert content.name in done.stderr
    content.unlink()
    assert "missing" in run_cli("verify", case).stderr
