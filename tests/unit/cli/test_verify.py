"""A case is as it was written, or every way in which it is not is told."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest
from click.testing import CliRunner
from run_cli import run_cli

from clew.casefile import open_case
from clew.casefile.custody import CustodyLog
from clew.cli.custody import show
from clew.cli.status import status
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
        last = list(opened.custody.entries())[-1].content
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


@pytest.mark.parametrize("command", [status, verify, show])
def test_a_case_on_a_disk_that_is_read_only_is_read_and_that_nothing_is_logged_is_told(
    case, monkeypatch, command
) -> None:
    def refuse(_: object) -> None:
        raise sqlite3.OperationalError("attempt to write a readonly database")

    monkeypatch.setattr(CustodyLog, "_opened", refuse)
    before = (case / "custody.sqlite").read_bytes()
    done = CliRunner().invoke(command, [str(case)], standalone_mode=False)
    assert done.exception is None
    assert "not in the custody log" in done.output
    assert (case / "custody.sqlite").read_bytes() == before
