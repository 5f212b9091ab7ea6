"""Runs tests and checks of the validation on copies of the source that have a fault in them.

It has imported what others wrote, and nothing of Clew: each job is a fork of it, which imports Clew
from the copy. A job is a line of JSON on standard input, its result a line on standard output.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import sys
import traceback
from pathlib import Path
from typing import Any

HEAVY = ("click", "cryptography.hazmat.primitives.asymmetric.ed25519",
         "duckdb", "jinja2", "msgspec", "numpy", "phonenumbers", "pyarrow.parquet",
         "pytest", "sqlalchemy", "sqlite3", "yaml")  # fmt: skip


def serve() -> None:
    """Do one job after another."""
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    for name in [n for n in os.environ if n.startswith("PYTEST_")]:
        del os.environ[name]  # what this run of pytest says of itself is not for another
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    for name in HEAVY:
        importlib.import_module(name)
    for line in sys.stdin:
        job = json.loads(line)
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            os.close(reading)
            _do(job, writing)
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            said = pipe.read()
        os.waitpid(child, 0)
        sys.stdout.write(f"{said.decode() or json.dumps({'broke': 'it died'})}\n")
        sys.stdout.flush()


def _do(job: dict[str, Any], writing: int) -> None:
    """In the fork: run what is asked for, and never return."""
    try:
        log = os.open(job["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(log, 1)
        os.dup2(log, 2)
        sys.executable = job["python"]
        sys.path.insert(0, f"{job['copy']}/src")
        result = _tests(job) if "tests" in job else _check(job)
    except BaseException:  # noqa: BLE001 - whatever it is, it is the result
        result = {"broke": traceback.format_exc()}
    with contextlib.suppress(BaseException):
        os.write(writing, json.dumps(result).encode())
    os._exit(0)


def _tests(job: dict[str, Any]) -> dict[str, Any]:
    """Outcome of each test that was run, by its id."""
    import pytest

    class Outcomes:
        """What came of each test."""

        def __init__(self) -> None:
            self.of: dict[str, str] = {}

        def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
            if report.when == "call" or report.outcome != "passed":
                self.of[report.nodeid] = report.outcome

    outcomes, root = Outcomes(), Path(job["root"])
    os.chdir(root)
    paths = f"pythonpath={job['copy']}/src {root}/tests {root}/docs"
    code = pytest.main(
        [
            "-q",
            "-p",
            "no:cacheprovider",
            "--assert=plain",
            "-o",
            paths,
            "--basetemp",
            job["scratch"],
            *job["tests"],
        ],
        plugins=[outcomes],
    )
    clew = importlib.import_module("clew")
    return {"code": int(code), "outcomes": outcomes.of, "of": clew.__file__}


def _check(job: dict[str, Any]) -> dict[str, Any]:
    """What came of each assertion of a check, by its name."""
    from clew.validation.assertions import Plan, timed

    module, name = job["check"].split(".")
    check = getattr(importlib.import_module(f"clew.validation.{module}"), name)
    plan = Plan(folder=Path(job["scratch"]), kills=1, full_disks=0, tampers=1)
    plan.folder.mkdir(parents=True, exist_ok=True)
    found = list(timed(check, plan))
    return {"passed": {one.name: one.passed for one in found},
            "figures": {one.name: one.figures for one in found}}  # fmt: skip


if __name__ == "__main__":
    serve()
