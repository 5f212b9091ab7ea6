"""Calling a worker about many files at once; one that ends its worker costs only itself."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from clew.facts.fingerprints.results import Part, Result, Wanted
from clew.sandbox import Guard, WorkerLost
from clew.shards import Lost, isolate


class Given(msgspec.Struct, frozen=True):
    """A file to work on, and where its bytes are."""

    wanted: Wanted
    file: Path | bytes | None
    sure: bool = True
    """Its bytes are known to be those that were hashed."""
    problem: str = ""
    """Reason why its bytes can't be had."""


class Call(msgspec.Struct, frozen=True):
    """A task of a worker's that takes many files, and what it is given besides."""

    task: str
    argument: dict[str, Any] = {}
    files: dict[str, Path] = {}
    """Files that go with each call, by the name under which the task finds them."""


def call_for_each(
    call: Call, files: Sequence[Given], guard: Guard, keep: Callable[[Wanted, Result], None]
) -> None:
    """Have a worker work on files, and keep one result for each, also where it could not."""
    for g in files:
        if g.file is None:
            keep(g.wanted, Result.failed(g.problem))

    def attempt(part: Sequence[Given]) -> Lost | None:
        done = 0
        try:
            for result in _results(call, part, guard):
                keep(part[done].wanted, result)
                done += 1
        except WorkerLost as lost:
            return Lost.over(lost, at=done, kept=done) if done < len(part) else None
        return None

    def report(g: Given, reason: str) -> None:
        keep(g.wanted, Result.failed(reason))

    isolate([g for g in files if g.file is not None], attempt, report)


def _results(call: Call, files: Sequence[Given], guard: Guard) -> Iterator[Result]:
    """Each file's result, in order; raises WorkerLost where it was lost on the next."""
    names = [f"file{number}" for number in range(len(files))]
    handed = [
        {"name": name, "media_type": g.wanted.media_type,
         "sha256": "" if g.sure else g.wanted.sha256}
        for name, g in zip(names, files, strict=True)
    ]  # fmt: skip
    opened = {name: g.file for name, g in zip(names, files, strict=True) if g.file is not None}
    number, whole = 0, Result()
    for frame in guard.run(call.task, {**call.argument, "handed": handed}, call.files | opened):
        try:
            part = msgspec.convert(frame, Part)
            if part.number != number or number >= len(files):
                raise WorkerLost("worker_protocol", "answer about another file")
            whole.add(part, files[number].wanted)
        except (msgspec.ValidationError, ValueError) as error:
            raise WorkerLost("worker_protocol", error) from error
        if part.end:
            yield whole
            number, whole = number + 1, Result()
    if number < len(files):
        raise WorkerLost("worker_protocol", "no answer about the last file")
