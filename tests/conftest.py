"""Shared by every test."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as in workers: threads that spin cost minutes

from clew.casefile import Case, create_case

WHOLE = "CLEW_WHOLE" in os.environ
"""Whether laws are tried at their full volumes."""
if not WHOLE:
    os.fsync = lambda _: None  # no test cuts the power, and waiting for disks takes minutes


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-golden", action="store_true", help="write what the code now yields")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave to ``make check-long`` what repeats a check of the validation that the gate runs."""
    if not WHOLE:
        again = pytest.mark.skip(
            reason="test_checks.py runs this check in a validation; make check-long: by itself"
        )
        for item in items:
            if item.get_closest_marker("whole"):
                item.add_marker(again)


def pytest_terminal_summary(terminalreporter) -> None:
    """Say in one line what was skipped, and why."""
    reasons = Counter(
        report.longrepr[2].removeprefix("Skipped: ")
        for report in terminalreporter.stats.get("skipped", ())
        if isinstance(report.longrepr, tuple)
    )
    if reasons:
        because = "; ".join(f"{count}: {reason}" for reason, count in reasons.most_common())
        terminalreporter.write_line(f"skipped {sum(reasons.values())} ({because})")


@pytest.fixture
def case(tmp_path: Path) -> Case:
    """An empty case with an authority."""
    with create_case(tmp_path / "case", "Test", "Court order 1/2026") as made:
        yield made


@pytest.fixture(scope="session")
def fixtures() -> Path:
    """The corpus that CLEW_FIXTURES names: other people's data, no part of this project."""
    folder = os.environ.get("CLEW_FIXTURES")
    if not folder or not Path(folder).is_dir():
        pytest.skip("CLEW_FIXTURES names no folder: the corpus of others' data is not tested")
    return Path(folder).resolve()
