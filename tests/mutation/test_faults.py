"""Every deliberate fault is noticed by tests, and by the validation where it breaks a promise."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mutation.overlay import ROOT, Fault, faults, faulty, laid_over
from once import copied

from clew.validation.assertions import catalogue
from clew.validation.checks import CHECKS

HERE = Path(__file__).parent
FAULTS = faults()
LEAN = [name for name, fault in FAULTS.items() if fault.lean]
IN_GATE = [n for n in LEAN if FAULTS[n].check == "signatures.checkpoints_are_signed"]
"""Faults that the gate tries with the validation; other checks take seconds each."""
OF_A_CASE = ("disclosure.readings", "evidence.same_output", "spared.erased_for_good")
"""Checks that start from the case that ``evidence.known_answers`` leaves."""
FEWEST = 24
BREAKING = [name for name, fault in FAULTS.items() if fault.promise]


class Server:
    """Runs tests and checks in forks of one prepared process."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._jobs = folder, 0
        self._process = subprocess.Popen(
            [sys.executable, str(HERE / "server.py")], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def ask(self, fault: Fault | None, **job: Any) -> dict[str, Any]:
        """What came of tests or of a check on a copy of the source, with a fault or without."""
        assert self._process.stdin
        assert self._process.stdout
        self._jobs += 1
        folder = self._folder / str(self._jobs)
        folder.mkdir()
        python = laid_over(folder / "copy", fault)
        job = {"scratch": str(folder / "scratch"), **job, "log": str(folder / "log"),
               "root": str(ROOT), "copy": str(folder / "copy"), "python": str(python)}  # fmt: skip
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        result: dict[str, Any] = json.loads(self._process.stdout.readline())
        assert "broke" not in result, result["broke"]
        result["said"] = (folder / "log").read_text("utf-8", "replace")[-2000:]
        shutil.rmtree(folder)
        return result

    def close(self) -> None:
        """End the process."""
        self._process.communicate()


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Server]:
    one = Server(tmp_path_factory.mktemp("faults"))
    yield one
    one.close()


@pytest.fixture(scope="module")
def validated(server, tmp_path_factory) -> Path:
    """What the first check of a validation leaves, made without a fault."""
    folder = tmp_path_factory.mktemp("validated") / "work"
    found = server.ask(None, check="evidence.known_answers", scratch=str(folder))
    assert all(found["passed"].values()), found
    return folder


def test_every_fault_is_written_where_it_says() -> None:
    for name, fault in FAULTS.items():
        text = faulty(fault)
        if fault.file.endswith(".py"):
            compile(text, name, "exec")
        assert fault.tests, name


def test_there_is_a_fault_for_every_promise_that_a_validation_checks() -> None:
    promises = set(catalogue().promises) - {"KA"}
    assert {FAULTS[name].promise for name in BREAKING} == promises
    assert len(FAULTS) >= FEWEST
    checks = {f"{check.__module__.rpartition('.')[2]}.{check.__name__}" for check in CHECKS}
    for name in BREAKING:
        assert FAULTS[name].check in checks, name
        assert FAULTS[name].fails, name


def noticed_by_tests(server: Server, fault: Fault | None, tests: tuple[str, ...]) -> dict[str, str]:
    """Of each named test what came of it: of one with parameters, the worst."""
    found = server.ask(fault, tests=list(tests))
    assert found["of"].startswith(str(server._folder)), "it is the copy that is tested"
    assert found["code"] in (0, 1), found["said"]
    came = {}
    for test in tests:
        ends = {
            o
            for name, o in found["outcomes"].items()
            if name.partition("[")[0] == test or name == test
        }
        assert ends, f"{test} was not run: {found['said']}"
        came[test] = "failed" if "failed" in ends else ends.pop()
    return came


@pytest.mark.slow
def test_without_a_fault_every_named_test_passes(server) -> None:
    tests = tuple(sorted({test for name in LEAN for test in FAULTS[name].tests}))
    assert set(noticed_by_tests(server, None, tests).values()) == {"passed"}


@pytest.mark.slow
@pytest.mark.parametrize("name", LEAN)
def test_a_fault_is_noticed_by_its_tests(server, name) -> None:
    came = noticed_by_tests(server, FAULTS[name], FAULTS[name].tests)
    assert set(came.values()) == {"failed"}, came


@pytest.mark.slow
@pytest.mark.volume
@pytest.mark.skipif("CLEW_WHOLE" not in os.environ, reason="make check-long: seconds each")
@pytest.mark.parametrize("name", [name for name in FAULTS if name not in LEAN])
def test_a_fault_is_noticed_by_its_other_tests(server, name) -> None:
    came = noticed_by_tests(server, FAULTS[name], FAULTS[name].tests)
    assert set(came.values()) == {"failed"}, came


def noticed_by_validation(server: Server, fault: Fault, start: Path | None) -> list[str]:
    """Assertions of the named check that did not pass."""
    more = {}
    if start:
        more["scratch"] = str(copied(start, start.with_name("start")))
    try:
        found = server.ask(fault, check=fault.check, **more)
    finally:
        if start:
            shutil.rmtree(start.with_name("start"))
    return [name for name, passed in found["passed"].items() if passed is False]


@pytest.mark.slow
@pytest.mark.parametrize("name", IN_GATE)
def test_a_fault_is_noticed_by_a_short_check(server, name) -> None:
    failed = noticed_by_validation(server, FAULTS[name], None)
    assert set(FAULTS[name].fails) <= set(failed)


@pytest.mark.slow
@pytest.mark.volume
@pytest.mark.skipif("CLEW_WHOLE" not in os.environ, reason="make check-long: seconds each")
@pytest.mark.parametrize("name", [name for name in BREAKING if name not in IN_GATE])
def test_a_fault_is_noticed_by_the_validation(server, request, name) -> None:
    fault = FAULTS[name]
    start = request.getfixturevalue("validated") if fault.check in OF_A_CASE else None
    failed = noticed_by_validation(server, fault, start)
    assert set(fault.fails) <= set(failed)
