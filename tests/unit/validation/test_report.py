"""A report says what was checked so far, by what, and what changed since the last one."""

from __future__ import annotations

import json

import pytest

from clew.validation.assertions import Assertion, Plan
from clew.validation.report import Report, read_last

FIRST = (Assertion("P1-01", passed=True, figures="5 seen, 5 counted"),
         Assertion("P4-01", passed=True, figures="a | b", trials=9),
         Assertion("P5-02", passed=None, figures="level basic"))  # fmt: skip


@pytest.fixture
def plan(tmp_path):
    return Plan(folder=tmp_path / "work")


def filled(plan, file, results=FIRST, last=None) -> Report:
    report = Report(plan, file, last)
    for result in results:
        report.add(result)
    return report


def test_what_was_stopped_leaves_what_was_checked_so_far_as_unfinished(plan, tmp_path) -> None:
    file = tmp_path / "r.md"
    Report(plan, file)
    assert "UNFINISHED" in file.read_text()
    report = filled(plan, file, FIRST[:1])
    assert "5 seen, 5 counted" in file.read_text()
    assert "UNFINISHED" in file.read_text()
    assert json.loads(report.json)["finished"] is False
    report.finish()
    assert "UNFINISHED" not in file.read_text()


def test_build_criteria_and_uncertainty_stand_in_it(plan, tmp_path) -> None:
    report = filled(plan, tmp_path / "r.md")
    told = json.loads(report.json)
    assert len(told["versions"]["build"]) == 64
    assert told["versions"]["build"] in report.text
    for found in told["assertions"]:
        assert found["criterion"] in report.text
        assert found["uncertainty"] in report.text
    assert "28.3%" in report.text  # nine passes in a row


@pytest.mark.parametrize("form", ["md", "json"])
def test_a_report_says_what_changed_since_the_last(plan, tmp_path, form) -> None:
    before = filled(plan, tmp_path / "a.md")
    before.finish()
    (tmp_path / "a.json").write_bytes(before.json)
    last = read_last(tmp_path / f"a.{form}")
    assert last.results["P4-01"] == ("passed", "a / b")
    same = filled(plan, tmp_path / "b.md", last=last)
    same.finish()
    assert json.loads(same.json)["changes"] == []
    results = (FIRST[0], Assertion("P4-01", passed=False, figures="silent: 2"),
               Assertion("P6-01", passed=True, figures="20 of 20"))  # fmt: skip
    other = filled(plan, tmp_path / "c.md", results, last)
    other._versions["build"] = "another"
    other.finish()
    changes = json.loads(other.json)["changes"]
    assert [c.partition(":")[0] for c in changes] == ["build", "P4-01", "P6-01", "P5-02"]
    assert changes[1] == "P4-01: passed, now FAILED"
    assert changes[-1].endswith("now not asserted")


def test_what_is_no_report_is_refused(tmp_path) -> None:
    (tmp_path / "x").write_text("# Something else")
    with pytest.raises(ValueError, match="no assertion"):
        read_last(tmp_path / "x")
