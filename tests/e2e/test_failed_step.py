"""A step of the findings that fails costs itself and what rests on it, and is told everywhere."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from run_cli import run_cli

from clew.casefile import open_case
from clew.findings import resolve

GOLDEN = Path(__file__).parents[1] / "golden" / "whatsapp_ios" / "lid" / "LID.sqlite.sql"
PRIVATE = "447700900004"


def _fails(*_: object) -> None:
    raise KeyError(PRIVATE)


def _add(case: Path, folder: Path, exhibit: str, *statements: str) -> None:
    folder.mkdir()
    with closing(sqlite3.connect(folder / "LID.sqlite")) as db:
        db.executescript(GOLDEN.read_text(encoding="utf-8"))
        for statement in statements:
            db.execute(statement)
        db.commit()
    run_cli("add", case, folder, "--exhibit", exhibit, "--kind", "phone", "--country", "ES")


def _told(case: Path, html: Path) -> tuple[str, str, str]:
    """What a list, the status and the report say."""
    run_cli("report", case, html, "--force")
    shown = run_cli("show", case, "accounts", "--json")
    return shown.stdout, shown.stderr + run_cli("status", case).stderr, html.read_text()


def _others_went_on(case: Path) -> None:
    with open_case(case) as opened:
        assert opened.rows("FROM persons") == []  # the earlier ones are of other evidence
        assert opened.manifests.get("clocks", "case").key
        assert opened.manifests.get("roles", "case").detail == {"waits_for": "resolve"}


def test_a_step_that_fails_costs_itself_and_is_told(tmp_path, monkeypatch) -> None:
    case, html = tmp_path / "case", tmp_path / "report.html"
    run_cli("new", case, "--title", "T", "--authority", "A")
    _add(case, tmp_path / "a", "A")
    assert "failed (" not in run_cli("run", case).stderr
    assert run_cli("show", case, "accounts", "--json").stdout
    _add(case, tmp_path / "b", "B", "DELETE FROM ZWAPHONENUMBERLIDPAIR")
    with monkeypatch.context() as patched:
        patched.setattr(resolve, "infer", _fails)
        ran = run_cli("run", case)
    assert ran.returncode == 1
    assert "The step resolve failed (KeyError)" in ran.stderr
    _others_went_on(case)
    rows, said, page = _told(case, html)
    assert rows == ""
    assert said.count("The step resolve failed (KeyError)") == 2
    assert "steps were not done, or failed: resolve, " in page
    assert "failed (" not in run_cli("show", case, "exhibits").stderr
    status = [json.loads(line) for line in run_cli("status", case, "--json").stdout.splitlines()]
    (failed,) = (row for row in status if row["what"] == "failed step")
    assert (failed["step"], failed["error"]) == ("resolve", "KeyError")
    assert "roles" in failed["waiting"]
    logs = "".join(file.read_text() for file in sorted((case / "runs").iterdir()))
    assert '"failed":"KeyError"' in logs
    assert PRIVATE not in logs + ran.stderr + ran.stdout
    assert run_cli("verify", case).returncode == 0
    assert "failed (" not in run_cli("run", case).stderr
    rows, said, page = _told(case, html)
    assert rows
    assert "failed (" not in said
    assert "not done, or failed" not in page
