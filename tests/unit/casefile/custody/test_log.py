"""Laws of ``clew.casefile.custody.log``."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import pytest

from clew.casefile.custody import CustodyLog
from clew.errors import EvidenceError, MachineError


def test_a_log_of_another_form_is_refused_in_words(tmp_path) -> None:
    with closing(sqlite3.connect(tmp_path / "c.sqlite")) as db:
        db.execute("CREATE TABLE entry (number INTEGER, body TEXT, previous TEXT, hash TEXT)")
    with pytest.raises(EvidenceError, match="form"):
        CustodyLog(tmp_path / "c.sqlite").append("test")


def test_a_log_that_cannot_be_written_stops_what_would_have_been_logged(tmp_path) -> None:
    with pytest.raises(MachineError):
        CustodyLog(tmp_path / "gone" / "custody.sqlite").append("read")


def test_two_processes_append_at_once_and_nothing_is_lost(tmp_path) -> None:
    file = tmp_path / "custody.sqlite"
    code = (
        "import sys, pathlib; from clew.casefile.custody import CustodyLog\n"
        "log = CustodyLog(pathlib.Path(sys.argv[1]))\n"
        "for n in range(100): log.append('test', n=n)"
    )
    both = [subprocess.Popen([sys.executable, "-c", code, file]) for _ in range(2)]
    assert [p.wait() for p in both] == [0, 0]
    log = CustodyLog(file)
    assert len(list(log.entries())) == 200
    assert list(log.problems()) == []


def test_a_log_whose_writer_is_killed_is_whole(tmp_path) -> None:
    file = tmp_path / "custody.sqlite"
    code = (
        "import sys, pathlib; from clew.casefile.custody import CustodyLog\n"
        "log = CustodyLog(pathlib.Path(sys.argv[1]))\n"
        "while True: log.append_all(('test', {'n': n}) for n in range(50))"
    )
    for number in range(5):
        writer = subprocess.Popen([sys.executable, "-c", code, file])
        begun = CustodyLog(file).checkpoint().size
        while CustodyLog(file).checkpoint().size == begun:
            time.sleep(0.05)
        time.sleep(random.Random(number).uniform(0, 0.2))
        os.kill(writer.pid, signal.SIGKILL)
        writer.wait()
        log = CustodyLog(file)
        assert list(log.problems()) == []
    assert log.append("after") % 50 == 1


def test_a_clock_that_goes_back_is_told_and_is_no_problem(tmp_path, monkeypatch) -> None:
    from clew.casefile.custody import log as module

    log = CustodyLog(tmp_path / "custody.sqlite")
    log.append("before")
    real = module.datetime

    class Earlier(real):
        @classmethod
        def now(cls, zone):
            return real.now(zone).replace(year=2016)

    monkeypatch.setattr(module, "datetime", Earlier)
    log.append("after")
    assert list(log.problems()) == []
    assert len(list(log.notices())) == 1


def test_a_log_that_was_removed_is_told_and_not_begun_anew(case, log) -> None:
    file = case.folder / "custody.sqlite"
    file.unlink()
    assert "removed" in "".join(log.problems())
    with pytest.raises(EvidenceError, match="missing"):
        log.append("read")
    CustodyLog(file).append("read")
    assert "begun anew" in "".join(log.problems())
