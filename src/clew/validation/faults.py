"""Faults at a chosen moment: the process dies, or the disk is full, at the n-th effect on a case.

Python tells of every opening, making, renaming, linking and removing before it happens; those
within the case's folder are counted, so that a seed names the same moments on a slow machine and
on a fast one. Each try is a process of its own, forked from one that has imported everything.

References:
    - PEP 578 (audit hooks)

"""

from __future__ import annotations

import contextlib
import errno
import importlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import msgspec

from clew import pipeline, steps
from clew.casefile import Case, Context, Options, create_case, open_case, verify
from clew.casefile.engine import LINKAGE_MODULE, Progress
from clew.errors import MachineError
from clew.evidence.describe import described
from clew.evidence.intake import take_in

AUTHORITY = "Validation: generated, benign data; no authority is needed"
_EFFECTS = frozenset({"open", "os.mkdir", "os.link", "os.remove", "os.rename"})
_TO = ("os.link", "os.rename")
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
ABOUT: dict[str, Any] = {"exhibit_id": "V-01", "kind": "phone", "country": "LU"}
"""What is said of an exhibit that is only there to be checked."""
WHOLE = "whole-way"
"""Name of the case that nothing happened to."""
_WENT_ON, _STOPPED = 0, MachineError.exit_code


class Tries(msgspec.Struct):
    """What came of a series of faults."""

    effects: int = 0
    """Effects of the way when nothing happens to it."""
    faults: int = 0
    """Tries that a fault ended."""
    completed: int = 0
    """Times that the way came to its end."""
    same: int = 0
    """Times that it ended with the tables of one that nothing happened to."""
    wrong: list[str] = []
    """Anything else that was seen."""

    @property
    def good(self) -> bool:
        """Whether every one that ended did so with the same tables, and there were some."""
        return self.completed == self.same > 0 < self.faults and not self.wrong


def whole_way(folder: Path, evidence: Path, workers: int = 2) -> None:
    """Open or make a case, take evidence in, read it, and conclude; go on where it was left."""
    with made_or_opened(folder) as case, case.writing():
        if case.manifests.get("intake", "V-01") is None:
            taken(case, evidence, workers)
        pipeline.run(case, Progress(), workers)


def taken(case: Case, evidence: Path, workers: int = 2) -> None:
    """Take evidence in as the one exhibit of a case."""
    options = Options(intake=described(case.config, (evidence,), ABOUT))
    take_in(Context(case=case, step="intake", scope="V-01", workers=workers, options=options))


def made_or_opened(folder: Path) -> Case:
    """The case, made where there is none; one that was not made to its end is made anew."""
    if (folder / "case.toml").is_file():
        return open_case(folder)
    shutil.rmtree(folder, ignore_errors=True)
    return create_case(folder, "Validation", AUTHORITY)


def digests(folder: Path) -> dict[str, str]:
    """SHA-256 of every table of a case, by its file."""
    with open_case(folder) as case:
        return {out.file: out.sha256 for done in case.manifests.every() for out in done.outputs}


def unsound(folder: Path) -> list[str]:
    """What `clew verify` would say of tables and log, and what was left behind."""
    with open_case(folder) as case:
        found = [one.text for one in verify.verify(case) if one.is_problem]
    return found + [f"{left.name} was left behind" for left in folder.rglob(".tmp-*")]


_HEAVY = ("networkit", "phonenumbers.geodata.locale", "scipy.sparse", LINKAGE_MODULE)
"""What steps import when they run, which would else be imported at each try."""


def series(kind: str, folder: Path, evidence: Path, faults: int, seed: int) -> Tries:
    """Run a series in a process of its own; a process that holds threads can't be forked.

    Series whose folders lie beside each other are of the same evidence: the way that nothing
    happens to is gone once for all of them, into the folder ``WHOLE`` there.
    """
    arguments = [kind, str(folder), str(evidence), str(faults), str(seed)]
    code = "import sys; from clew.validation.faults import watched; watched(*sys.argv[1:])"
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    if done.returncode:
        return Tries(wrong=[done.stderr.strip()[-300:]])
    return msgspec.convert(json.loads(done.stdout.splitlines()[-1]), Tries)


def watched(kind: str, folder: str, evidence: str, faults: str, seed: str) -> None:
    """What ``series`` runs: one line of standard error a fault, and the result at the end."""
    made = Path(folder)
    made.mkdir(parents=True)
    for name in _HEAVY:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    for step in steps.STEPS:
        _ = step.reads  # parses its SQL, which would else be parsed at each try
    tries = Tries()
    for _ in _tried(kind, made, Path(evidence), (int(faults), int(seed)), tries):
        sys.stderr.write(f"{msgspec.json.encode(tries).decode()}\n")
    sys.stdout.write(f"{msgspec.json.encode(tries).decode()}\n")


def _tried(
    kind: str, folder: Path, evidence: Path, plan: tuple[int, int], tries: Tries
) -> Iterator[None]:
    """Faults at moments that the seed names, each followed by going on."""
    faults, seed = plan
    case = folder / "case"
    tries.effects = _undisturbed(folder.parent, evidence)
    expected = digests(folder.parent / WHOLE)
    chance = random.Random(seed)
    while tries.faults < faults and not tries.wrong:
        moment = chance.randint(1, tries.effects)
        ended, _ = _forked(case, evidence, Watch(case, moment, _FAULTS[kind]))
        if ended in (-signal.SIGKILL, _STOPPED):
            tries.faults += 1
        elif ended == _WENT_ON:
            _compare(case, expected, tries)
        else:
            tries.wrong.append(f"a fault at effect {moment} ended with {ended}")
        yield
    ended, _ = _forked(case, evidence, None)
    _compare(case, expected, tries)


def _undisturbed(folder: Path, evidence: Path) -> int:
    """Effects of the way when nothing happens to it; it is gone where no series has yet."""
    counted = folder / f"{WHOLE}.effects"
    if not counted.is_file():
        shutil.rmtree(folder / WHOLE, ignore_errors=True)
        _, effects = _forked(folder / WHOLE, evidence, None)
        counted.write_text(str(effects))
    return int(counted.read_text())


def _compare(case: Path, expected: dict[str, str], tries: Tries) -> None:
    """Hold a way that came to its end against one that nothing happened to; begin anew."""
    tries.completed += 1
    tries.same += digests(case) == expected != {}
    tries.wrong += unsound(case)
    shutil.rmtree(case)


def _forked(folder: Path, evidence: Path, watch: Watch | None) -> tuple[int, int]:
    """Go the whole way in a process of its own; how it ended, and how many effects it had."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        _go(folder, evidence, watch or Watch(folder, 0, None), writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        effects = int(pipe.read() or 0)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), effects


def _go(folder: Path, evidence: Path, watch: Watch, writing: int) -> NoReturn:
    code = 1
    try:
        sys.addaudithook(watch)
        whole_way(folder, evidence)
        code = _WENT_ON
    except (MachineError, OSError) as error:
        code = _STOPPED if isinstance(error, MachineError) or error.errno == errno.ENOSPC else 1
    except BaseException as error:  # noqa: BLE001 - the parent tells it
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
    finally:
        os.write(writing, str(watch.effects).encode())
        os._exit(code)


Fault = Callable[[bool], None]
"""What happens at an effect; it is given whether the effect writes."""


class Watch:
    """Counts the effects on a case, and lets a fault happen from one of them on."""

    def __init__(self, case: Path, moment: int, fault: Fault | None) -> None:
        self.effects = 0
        self._case = str(case)
        self._moment = moment
        self._fault = fault

    def __call__(self, event: str, about: tuple[Any, ...]) -> None:
        """What Python calls before it does something."""
        if event not in _EFFECTS:
            return
        path = about[1] if event in _TO else about[0]
        if isinstance(path, str | bytes | os.PathLike) and os.fsdecode(path).startswith(self._case):
            self.effects += 1
            if self._fault and self.effects >= self._moment:
                self._fault(event != "open" or bool(about[2] & _WRITES))


def _dies(_: bool) -> None:  # noqa: FBT001 - a fault
    os.kill(os.getpid(), signal.SIGKILL)


def _disk_is_full(writes: bool) -> None:  # noqa: FBT001 - a fault
    if writes:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


_FAULTS: dict[str, Fault] = {"killed": _dies, "disk full": _disk_is_full}
