"""Shared by every test."""

from __future__ import annotations

import os
import shutil
import tempfile
import tomllib
from collections import Counter
from itertools import count
from pathlib import Path

import pytest

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as in workers: threads that spin cost minutes

from clew.casefile import Case, create_case

WHOLE = "CLEW_WHOLE" in os.environ
"""Whether laws are tried at their full volumes."""
CASES = frozenset({"concluded", "demo", "fixtures"})
"""Fixtures that give whole cases or the corpus: whatever starts from one is costly."""
MEMORY, ROOM = Path("/dev/shm"), 4 << 30


def _without_disks() -> None:
    """Wait for no disk, which takes minutes: no test cuts the power.

    Folders for what tests make lie in memory where there is room, because SQLite forces what it
    writes to the disk by itself. A folder that the environment names stands.
    """
    os.fsync = lambda _: None
    if "TMPDIR" not in os.environ and MEMORY.is_dir() and os.access(MEMORY, os.W_OK):
        told = dict(line.split(":") for line in Path("/proc/meminfo").read_text().splitlines())
        unused = int(told.get("MemAvailable", "0 kB").split()[0]) << 10
        if min(shutil.disk_usage(MEMORY).free, unused) > ROOM:
            os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


if not WHOLE:
    _without_disks()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-golden", action="store_true", help="write what the code now yields")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no processor is idle at the end; sort out the rest.

    ``make quick`` leaves out modules that are costly, and the gate leaves to ``make check-long``
    what is marked ``whole``: each says what of the same the gate runs.
    """
    taken = seconds()
    items.sort(key=lambda item: -taken.get(module(item), 0))
    for item in items:
        is_costly = module(item) in taken or not CASES.isdisjoint(getattr(item, "fixturenames", ()))
        if is_costly and not item.get_closest_marker("quick"):
            item.add_marker(pytest.mark.costly)
        if not WHOLE and (whole := item.get_closest_marker("whole")):
            item.add_marker(pytest.mark.skip(reason=f"make check-long; here {whole.args[0]}"))


def seconds() -> dict[str, float]:
    """Processor time of each test module that takes five seconds or more, by its path."""
    return tomllib.loads((Path(__file__).parent / "seconds.toml").read_text("utf-8"))


def module(item: pytest.Item) -> str:
    """Path of a test's module below this folder; of one that lies elsewhere, its whole path."""
    return item.path.as_posix().removeprefix(f"{Path(__file__).parent.as_posix()}/")


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


_SETTINGS = tempfile.mkdtemp(prefix="clew-settings-")
_TESTS = count()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Let each test be run by somebody who has no key yet, and never by whoever works here."""
    os.environ["XDG_CONFIG_HOME"] = f"{_SETTINGS}/{next(_TESTS)}"


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


def pytest_unconfigure() -> None:
    """Leave no settings behind."""
    shutil.rmtree(_SETTINGS, ignore_errors=True)
