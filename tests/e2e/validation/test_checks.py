"""A laboratory validates the tool, asks what the machine can do, and derives a figure again."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from builders.authority import authority_in

from clew.casefile import create_case
from clew.casefile.custody import timestamps
from clew.errors import EvidenceError, UsageError
from clew.validation import crashes
from clew.validation.assertions import Assertion, Plan, catalogue, timed
from clew.validation.machine import inspect


def clew(*arguments) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from clew.cli import main; main()", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_the_promises_hold_here_and_the_report_says_what_was_run(tmp_path) -> None:
    report = tmp_path / "validation.md"
    done = clew("validate", report, "--kills", 1, "--full-disks", 1, "--tampers", 1,
                "--json")  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert {a["name"].partition("-")[0] for a in told["assertions"]} >= {
        "KA", "P1", "P2", "P3", "P4", "P5", "P6", "P7", "P8", "P10", "P11",
    }  # fmt: skip
    assert not [a for a in told["assertions"] if a["passed"] is False]
    assert all(a["figures"] for a in told["assertions"])
    text = report.read_text()
    assert told["versions"]["duckdb"] in text
    assert "| DFW-1170 | Failure to recover data stored in Write Ahead Log" in text
    assert "| SFT-CA-01 |" in text
    said = catalogue()
    assert said.solve_it in text
    assert all(said.promises[promise] in text for promise in ("P1", "P7"))
    assert "UNFINISHED" not in text
    assert told["versions"]["build"] in text
    names = {a["name"] for a in told["assertions"]}
    for name in said.assertions:
        assert any(n == name or n.startswith(f"{name}-") for n in names), name
    assert all(a["criterion"] and a["uncertainty"] for a in told["assertions"])
    assert {r["reader"]: r["files"] > 0 for r in told["readers"]}["whatsapp-android"]


def test_a_wrong_place_is_told_before_anything_is_run(tmp_path) -> None:
    for wrong in (("--keep", tmp_path), (tmp_path / "not" / "there.md",)):
        done = clew("validate", *wrong)
        assert done.returncode == 2
        assert not done.stdout


def test_what_was_not_asked_for_is_not_passed(tmp_path) -> None:
    (found,) = crashes.full_disks(Plan(folder=tmp_path, full_disks=0))
    assert found.passed is None


def test_a_check_that_breaks_down_has_failed() -> None:
    def broken(_):
        yield Assertion("X-1", passed=True, figures="f")
        raise RuntimeError("no more")

    found = list(timed(broken, Plan(folder=crashes.Path("unused"))))
    assert [a.passed for a in found] == [True, False]
    assert "no more" in found[1].figures


def test_doctor_names_what_is_there(tmp_path) -> None:
    done = clew("doctor", tmp_path, "--json")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, done.stderr
    assert {"sandbox", "archives", "free disk", "package duckdb"} <= {r["what"] for r in rows}
    assert list(tmp_path.iterdir()) == []


def test_doctor_names_every_package_and_extra_that_is_declared(tmp_path) -> None:
    declared = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text())["project"]
    found = {told.what: told for told in inspect(tmp_path)}
    for line in declared["dependencies"]:
        assert "package " + re.match(r"[\w.-]+", line)[0] in found
    for extra in declared["optional-dependencies"]:
        assert found[f"extra {extra}"].state in ("ok", "note")


def test_doctor_tells_what_is_missing_and_what_to_do(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(subprocess, "Popen", _no_process)
    monkeypatch.setattr(Path, "hardlink_to", _no_link)
    found = {told.what: told for told in inspect(tmp_path / "not" / "there")}
    for what in ("sandbox", "file system"):
        assert found[what].state == "missing"
        assert found[what].do
    assert list(tmp_path.iterdir()) == []


def _no_process(*_, **__):
    raise PermissionError(13, "Permission denied")


def _no_link(*_):
    raise OSError(95, "Operation not supported")


@pytest.mark.parametrize("answer", ["refused", "garbled"])
def test_an_answer_without_a_time_stamp_is_told(tmp_path, answer) -> None:
    pytest.importorskip("rfc3161_client")
    authority = authority_in(tmp_path)
    (tmp_path / "data").write_text("x")
    authority("ts", "-query", "-data", "data", "-md5", "-out", "r.tsq")
    command = ["openssl", "ts", "-reply", "-config", "tsa.cnf", "-queryfile", "r.tsq", "-out",
               "r.tsr"]  # fmt: skip
    subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    given = (tmp_path / "r.tsr").read_bytes() if answer == "refused" else b"no answer"
    with pytest.raises(EvidenceError if answer == "refused" else UsageError):
        timestamps.check(given, (tmp_path / "ca.pem").read_bytes(), [])


def test_a_time_stamp_of_an_authority_is_checked_by_file(tmp_path) -> None:
    pytest.importorskip("rfc3161_client")
    authority = authority_in(tmp_path)
    with create_case(tmp_path / "case", "t", "a") as case:
        point = case.custody.checkpoint().text
        case.custody.keep(point)
    request, answer = tmp_path / "r.tsq", tmp_path / "r.tsr"
    request.write_bytes(timestamps.request(point.encode()))
    authority("ts", "-reply", "-config", "tsa.cnf", "-queryfile", request, "-out", answer)
    root = (tmp_path / "ca.pem").read_bytes()
    stamped = timestamps.check(
        answer.read_bytes(), root, ["other/log\n0\n" + "A" * 43 + "=\n", point]
    )
    assert stamped.size == 1
    with pytest.raises(EvidenceError, match="not about a checkpoint"):
        timestamps.check(answer.read_bytes(), root, ["other/log\n0\n" + "A" * 43 + "=\n"])


KILLED = """
import os, signal
from clew.validation import checks, signatures
def killed(plan):
    os.kill(os.getpid(), signal.SIGKILL)
    yield
checks.CHECKS = (signatures.checkpoints_are_signed, killed, *checks.CHECKS)
from clew.cli import main
main()
"""


def test_a_validation_that_is_killed_leaves_what_it_checked_so_far(tmp_path) -> None:
    report = tmp_path / "validation.md"
    command = [sys.executable, "-c", KILLED, "validate", str(report)]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL
    text = report.read_text()
    assert "UNFINISHED" in text
    assert "| P7-03 |" in text
    assert "| KA-01 |" not in text
