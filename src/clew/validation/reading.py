"""Checks that whoever reads personal data is in the log before anything is shown."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from clew.casefile import open_case
from clew.validation.assertions import Assertion, Plan

_CLEW = (sys.executable, "-c", "from clew.cli import main; main()")
Reading = Callable[[Path], tuple[str, ...]]
"""The command that reads a case."""
_PYTHON = "import sys, clew; print(clew.open(sys.argv[1]).table('accounts'))"


def reading_is_logged(plan: Plan) -> Iterator[Assertion]:
    """Read in every way there is, with a log and without one."""
    case, blind = plan.folder / "case", plan.folder / "case-without-a-log"
    shutil.copytree(case, blind)
    (blind / "custody.sqlite").unlink()
    unlogged, shown = [], []
    for name, command in _readings(plan.folder / "report.html").items():
        before = _entries(case)
        done = subprocess.run([*command(case)], capture_output=True, check=False)  # noqa: S603 - our own program
        if done.returncode or _entries(case) == before:
            unlogged.append(name)
        refused = subprocess.run([*command(blind)], capture_output=True, check=False)  # noqa: S603 - our own program
        if refused.stdout or not refused.returncode:
            shown.append(name)
    yield Assertion(
        name="P8-01",
        text="The tool shall log who reads personal data, why, and on what legal basis.",
        passed=not unlogged,
        figures=f"{len(_readings(case))} ways to read; not logged: {', '.join(unlogged) or 'none'}",
    )
    yield Assertion(
        name="P8-02",
        text="The tool shall show nothing where the reading can't be logged.",
        passed=not shown,
        figures=f"{len(_readings(case))} ways to read a case whose log is gone; shown by: "
        f"{', '.join(shown) or 'none'}",
    )


def _readings(report: Path) -> dict[str, Reading]:
    return {
        "show": lambda case: (*_CLEW, "show", str(case), "persons"),
        "query": lambda case: (*_CLEW, "query", str(case), "select text from messages limit 1"),
        "explain": lambda case: (*_CLEW, "explain", str(case), "figure:messages"),
        "report": lambda case: (*_CLEW, "report", str(case), str(report), "--json"),
        "Python": lambda case: (sys.executable, "-c", _PYTHON, str(case)),
    }


def _entries(folder: Path) -> int:
    with open_case(folder) as case:
        return case.custody.checkpoint().size
