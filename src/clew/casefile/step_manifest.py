"""What is complete: for each step and exhibit the key of its inputs and the files it wrote.

A table's file counts only if a record here names it, so nobody ever sees half of a step; a step
whose record has the same key is not done again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from clew.casefile.files import write_text, writing
from clew.errors import EvidenceError

WHOLE_CASE = "case"
"""Scope of a step that works on all exhibits at once."""


class Output(msgspec.Struct, frozen=True):
    """A file that a step wrote."""

    table: str
    file: str
    """Path within the case."""
    rows: int
    sha256: str


class StepManifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A step that is complete for an exhibit, or for the whole case."""

    step: str
    scope: str
    key: str
    """Digest over the inputs, versions and options it was done with."""
    outputs: tuple[Output, ...]
    detail: dict[str, str] = {}
    """What else the step wants to find again."""

    @property
    def text(self) -> str:
        """The record as it is written."""
        return msgspec.json.format(msgspec.json.encode(self), indent=1).decode()

    @property
    def sha256(self) -> str:
        """Digest of the record, by which the custody log knows it."""
        return hashlib.sha256(self.text.encode()).hexdigest()


class StepManifests:
    """Records under ``done/``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, step: str, scope: str) -> StepManifest | None:
        """The record, or None where the step is not complete."""
        file = self._file(step, scope)
        if not file.is_file():
            return None
        try:
            done = msgspec.json.decode(file.read_bytes(), type=StepManifest)
        except (msgspec.MsgspecError, OSError, UnicodeError) as error:
            raise _damaged(step, scope, error) from error
        if (done.step, done.scope) != (step, scope):
            raise _damaged(step, scope, f"it is of {done.step!r} for {done.scope}")
        return done

    def put(self, done: StepManifest) -> None:
        """Write a record: from here on the step counts."""
        write_text(self._file(done.step, done.scope), done.text)

    def forget(self, step: str, scope: str) -> None:
        """Take a record back: its tables no longer count."""
        with writing("taking a step back"):
            self._file(step, scope).unlink(missing_ok=True)

    def every(self) -> Iterator[StepManifest]:
        """All records, in order of step and scope."""
        for file in sorted(self._folder.glob("*/*.json")):
            if done := self.get(file.parent.name, file.stem):
                yield done

    def _file(self, step: str, scope: str) -> Path:
        return self._folder / step / f"{scope}.json"


def _damaged(step: str, scope: str, why: object) -> EvidenceError:
    return EvidenceError(
        f"the record of step {step!r} for {scope} is damaged: {why}",
        do=f"Remove {scope}.json from done/{step} and run again: the step is done anew.",
    )
