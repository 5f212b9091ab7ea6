"""The run log says when a step began and whether it ended."""

from __future__ import annotations

import json

import pytest

from clew.casefile.runlog import RunLog


def lines(folder):
    (file,) = folder.iterdir()
    return [json.loads(line) for line in file.read_text().splitlines()]


def test_a_step_that_ends_is_timed(tmp_path) -> None:
    with RunLog(tmp_path / "runs").timed("read", "ES-01"):
        pass
    begin, end = lines(tmp_path / "runs")
    assert (begin["event"], end["event"]) == ("begin", "end")
    assert (end["step"], end["scope"]) == ("read", "ES-01")
    assert end["seconds"] >= 0


def test_a_step_that_fails_has_no_end(tmp_path) -> None:
    log = RunLog(tmp_path / "runs")
    with pytest.raises(ZeroDivisionError), log.timed("read", "ES-01"):
        raise ZeroDivisionError
    assert [line["event"] for line in lines(tmp_path / "runs")] == ["begin"]
