"""The run log says when a step began and whether it ended."""

from __future__ import annotations

import json

import pytest

from clew.casefile import create_case
from clew.casefile.runlog import RunLog


@pytest.fixture
def case(tmp_path):
    with create_case(tmp_path / "case", "Case", "order 1") as made:
        yield made


def lines(folder):
    (file,) = folder.iterdir()
    return [json.loads(line) for line in file.read_text().splitlines()]


def test_a_step_that_ends_is_timed(case) -> None:
    with RunLog(case.folder / "runs", case.custody) as log, log.timed("read", "ES-01"):
        pass
    begin, end = lines(case.folder / "runs")
    assert (begin["event"], end["event"]) == ("begin", "end")
    assert (end["step"], end["scope"]) == ("read", "ES-01")
    assert end["seconds"] >= 0


def test_a_step_that_fails_has_no_end(case) -> None:
    with (
        pytest.raises(ZeroDivisionError),
        RunLog(case.folder / "runs", case.custody) as log,
        log.timed("read", "ES-01"),
    ):
        raise ZeroDivisionError
    assert [line["event"] for line in lines(case.folder / "runs")] == ["begin"]
