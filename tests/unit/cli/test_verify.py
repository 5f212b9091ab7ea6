"""A case is as it was written, or every way in which it is not is told."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing

import pytest
from click.testing import CliRunner
from run_cli import run_cli

from clew.casefile import open_case
from clew.cli.verify import verify


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


@pytest.mark.parametrize("command", [("status",), ("verify",), ("custody", "show")])
def test_whoever_looks_at_a_case_as_a_whole_is_logged_too(case, command) -> None:
    assert run_cli(*command, case).returncode == 0
    with open_case(case) as opened:
        last = list(opened.custody.entries())[-1].told
    assert (last["action"], last["what"]) == ("read", " ".join(command))
    assert run_cli("verify", case).returncode == 0


def test_a_log_that_is_damaged_is_left_as_it_is(case) -> None:
    with closing(sqlite3.connect(case / "custody.sqlite")) as db:
        db.execute("DROP TRIGGER entry_delete")
        db.execute("DELETE FROM entry WHERE number = 2")
        db.commit()
    before = (case / "custody.sqlite").read_bytes()
    assert run_cli("verify", case).returncode == 3
    assert (case / "custody.sqlite").read_bytes() == before


def test_a_case_that_nobody_may_write_to_is_verified_and_that_it_was_is_told(case) -> None:
    """Whoever is root may write anywhere, and so reads as somebody else here."""
    if os.getuid() == 0:
        for file in (case.parent, case, *case.rglob("*")):
            file.chmod(0o755 if file.is_dir() else 0o644)
    else:
        for file in (case, *case.rglob("*")):
            file.chmod(0o555 if file.is_dir() else 0o444)
    child = os.fork()
    if child == 0:
        if os.getuid() == 0:
            os.setuid(65534)
        result = CliRunner().invoke(verify, [str(case)], standalone_mode=False)
        os._exit(0 if result.return_value == 0 and "not in the custody log" in result.output else 1)
    assert os.waitpid(child, 0)[1] == 0
