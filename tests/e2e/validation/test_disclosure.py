"""Readings that are not logged, or that show people, are noticed."""

from __future__ import annotations

import shutil

import pytest

import clew
from clew.validation import disclosure
from clew.validation.assertions import Plan

BY_COMMANDS = ("P8-01", "P8-02", "P11-01", "P8-03", "P8-04", "P14-01", "P14-02")


@pytest.fixture
def plan(demo, tmp_path) -> Plan:
    shutil.copytree(demo / "case", tmp_path / "case")
    return Plan(folder=tmp_path)


def results(plan) -> dict[str, bool | None]:
    return {found.name: found.passed for found in disclosure.readings(plan)}


@pytest.mark.slow
@pytest.mark.whole("a validation makes this check (test_checks.py)")
def test_every_way_to_read_is_logged_and_masked(plan) -> None:
    assert results(plan) == dict.fromkeys((*BY_COMMANDS, "P11-02"), True)


@pytest.mark.slow
def test_commands_that_log_nothing_and_show_a_number_are_noticed(plan, monkeypatch) -> None:
    with clew.open(plan.folder / "case") as case:
        (row,) = case.rows("SELECT e164 FROM accounts WHERE e164 IS NOT NULL LIMIT 1")
    shown = disclosure.Called(0, f"a list with {row['e164']} in it\n", "")
    monkeypatch.setattr(disclosure.Commands, "call", lambda *_: shown)
    assert results(plan) == {**dict.fromkeys(BY_COMMANDS, False), "P11-02": True}
