"""Asking a worker about many files in one call; one that ends its worker costs only itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from clew.facts.fingerprints.results import GONE, Looked, Wanted
from clew.sandbox import Guard, WorkerLost


class Given(msgspec.Struct, frozen=True):
    """A file to look at, and where its bytes are."""

    wanted: Wanted
    file: Path | bytes | None
    sure: bool = True
    """Its bytes are known to be those that were hashed."""
    problem: str | None = None
    """Why its bytes can't be had."""


class Asked(msgspec.Struct, frozen=True):
    """A task of a worker's that takes many files, and what it is told besides."""

    task: str
    argument: dict[str, Any] = {}
    files: dict[str, Path] = {}
    """Files that go with each call, by the name under which the task finds them."""


def answers(asked: Asked, files: list[Given], guard: Guard) -> Iterator[tuple[Wanted, Looked]]:
    """What was seen in each file; one that ends its worker is tried once more, alone."""
    waiting = [g for g in files if g.file is not None]
    for g in files:
        if g.file is None:
            yield g.wanted, Looked(number=0, problem=(GONE, g.problem or ""), end=True)
    alone = False
    while waiting:
        call = waiting[:1] if alone else list(waiting)
        lost: WorkerLost | None = None
        for looked in _seen(asked, call, guard):
            if isinstance(looked, WorkerLost):
                lost = looked
            else:
                yield waiting.pop(0).wanted, looked
        if lost is None:
            alone = False
        elif alone or len(call) == 1 or not lost.may_pass_alone:
            problem = (_code(lost.reason), f"its decoder was lost: {lost.reason}")
            yield waiting.pop(0).wanted, Looked(number=0, problem=problem, end=True)
            alone = False
        else:
            alone = True


def _seen(asked: Asked, call: list[Given], guard: Guard) -> Iterator[Looked | WorkerLost]:
    """Each file's sight in order; last the loss of the worker, if it was lost on the next."""
    names = [f"file{number}" for number in range(len(call))]
    handed = [
        {"name": name, "media_type": g.wanted.media_type,
         "sha256": "" if g.sure else g.wanted.sha256}
        for name, g in zip(names, call, strict=True)
    ]  # fmt: skip
    files = {name: g.file for name, g in zip(names, call, strict=True) if g.file is not None}
    number, whole = 0, Looked(number=0)
    try:
        argument = {**asked.argument, "handed": handed}
        for frame in guard.run(asked.task, argument, {**asked.files, **files}):
            part = msgspec.convert(frame, Looked)
            if part.number != number or number >= len(call):
                yield WorkerLost("error:it spoke of another file")
                return
            whole.add(part)
            if part.end:
                yield whole
                number, whole = number + 1, Looked(number=number + 1)
    except msgspec.ValidationError as error:
        yield WorkerLost(f"error:{error}")
    except WorkerLost as lost:
        yield lost
    else:
        if number < len(call):
            yield WorkerLost("error:it ended before its last file")


def _code(reason: str) -> str:
    return reason.partition(":")[0] if reason.startswith("error:") else reason[:80]
