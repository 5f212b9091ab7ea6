"""The step: every picture and video of an exhibit has its fingerprints, each content decoded once.

A content that another exhibit has too was decoded there; its rows are copied. One that was decoded
while the exhibit was taken in, when its bytes were in memory, is not read again.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from clew.casefile import Case
from clew.casefile.context import Context
from clew.casefile.parquet import write_part
from clew.casefile.step_manifest import StepManifest
from clew.facts.content import Contents
from clew.facts.fingerprints import kinds
from clew.facts.fingerprints.batches import (
    STEP,
    TABLES,
    Batch,
    fingerprint_batches,
    fingerprint_files,
    given,
    show,
    staged,
)
from clew.facts.fingerprints.results import Wanted
from clew.facts.queries import query
from clew.records.facts import Unread
from clew.records.media import MediaFile
from clew.sandbox import GuardPool
from clew.schema import Row
from clew.shards import ShardRun

FRAMES = ("keyframes", "seconds", "all")
"""Which frames of a video are fingerprinted, the coarsest first."""


def fingerprint(context: Context) -> None:
    """Fingerprint every picture and video of an exhibit, and keep what they say of themselves."""
    case, exhibit_id = context.case, context.scope
    frames = _at_least(context.options.frames, case)
    key = _key(case, exhibit_id, frames)
    if context.is_done(key):
        return
    known = _Known(case, exhibit_id, frames)
    run = ShardRun(context)
    if wanted := known.wanted():
        contents = Contents(case, exhibit_id)

        def task(batch: Batch, folder: Path, guards: GuardPool) -> None:
            guard = guards.mine()
            fingerprint_files(given(case, contents, batch, guard), frames, guard, folder)
            guard.clear()

        label = f"fingerprints {exhibit_id}, {len(wanted)} files"
        run.run(label, fingerprint_batches(wanted, frames), task)
    # the tables take rows from the files that they replace: they are whole before those go
    tables = [(row, known.write(row, run.folder.path)) for row in TABLES]
    run.publish(*tables, key=key, detail={"hasher": kinds.hasher(), "frames": frames})


class _Known:
    """The rows that were kept for this exhibit, and those that others have of the same contents."""

    def __init__(self, case: Case, exhibit_id: str, frames: str) -> None:
        self._case = case
        self._exhibit_id = exhibit_id
        self._frames = frames
        manifests = [m for m in case.manifests.every() if m.step == STEP]
        self._published = [m for m in manifests if m.detail.get("hasher") == kinds.hasher()]
        self._other_frames = [m.scope for m in self._published if m.detail["frames"] != frames]

    def wanted(self) -> list[Wanted]:
        """Contents that are to be decoded, in order of their hash."""
        asked = self._asked(MediaFile, kinds=list(kinds.readable()), most=kinds.MOST_BYTES)
        rows = self._case.rows(query("media_wanted"), **asked)
        return [Wanted(exhibit_id=self._exhibit_id, **row) for row in rows]

    def write(self, row: type[Row], folder: Path) -> Path:
        """Write a whole table of the exhibit, in the one order it has."""
        if row is Unread:
            asked = self._asked(
                row, kinds=[*kinds.NEEDS, *kinds.UNSUPPORTED], readable=list(kinds.readable()),
                unsupported=list(kinds.UNSUPPORTED), most=kinds.MOST_BYTES,
            )  # fmt: skip
        else:
            asked = self._asked(row, kinds=list(kinds.NEEDS))
        _, rows = self._case.derived(row, query(f"exhibit_{row.table_name}"), **asked)
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f".tmp-{row.table_name}.parquet"
        write_part(row, file, rows())
        return file

    def _asked(self, row: type[Row], **parameters: Any) -> dict[str, Any]:
        """Show the engine the rows of a table that are known, and say what to ask it with."""
        own: list[Path] = []
        others: list[Path] = []
        for exhibit_id, file in staged(self._case, row, self._frames):
            (own if exhibit_id == self._exhibit_id else others).append(file)
        others += [file for m in self._published for file in _files(self._case, m, row)]
        show(self._case.engine, "staged", row, own)
        show(self._case.engine, "elsewhere", row, others)
        return {"exhibit": self._exhibit_id, "other_frames": self._other_frames, **parameters}


def _files(case: Case, manifest: StepManifest, row: type[Row]) -> list[Path]:
    return [case.folder / out.file for out in manifest.outputs if out.table == row.table_name]


def _at_least(frames: str | None, case: Case) -> str:
    """The frames asked for, or what was the finest for any exhibit: no run takes that back."""
    manifests = case.manifests.every()
    earlier = [m.detail.get("frames") or FRAMES[0] for m in manifests if m.step == STEP]
    return max((frames or FRAMES[0], *earlier), key=FRAMES.index)


def _key(case: Case, exhibit_id: str, frames: str) -> str:
    """Digest over the exhibit's items and all that decides their fingerprints."""
    taken = case.manifests.get("intake", exhibit_id)
    items = [(o.table, o.sha256) for o in taken.outputs] if taken else []
    return hashlib.sha256(repr((items, kinds.hasher(), frames)).encode()).hexdigest()
