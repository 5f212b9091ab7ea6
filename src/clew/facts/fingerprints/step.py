"""The step: every picture and video of an exhibit has its fingerprints, each content decoded once.

A content that another exhibit has too was decoded there; its rows are copied. One that was decoded
while the exhibit was taken in, when its bytes were in memory, is not read again.
"""

import hashlib
from pathlib import Path
from typing import Any

from clew.casefile import Case
from clew.casefile.context import Context, Table
from clew.casefile.files import HIDDEN
from clew.casefile.parquet import write_part
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
from clew.records import MediaFile, Unread
from clew.relations import step_queries
from clew.sandbox import GuardPool
from clew.schema import Row
from clew.shards import ShardFolder, ShardRun

FRAMES = ("keyframes", "seconds", "all")
"""Which frames of a video are fingerprinted, the coarsest first."""


def fingerprint(context: Context) -> None:
    """Fingerprint every picture and video of an exhibit, and keep what they say of themselves."""
    case, exhibit_id = context.case, context.scope
    frames = _at_least(context.options.frames, case)
    key = _key(case, exhibit_id, frames)
    if context.is_done(key):
        return
    run = ShardRun(context)
    known = _Known(context, run.folder, frames)
    if wanted := known.wanted():
        contents = Contents(case, exhibit_id)

        def task(batch: Batch, folder: Path, guards: GuardPool) -> None:
            guard = guards.mine()
            fingerprint_files(given(case, contents, batch, guard), frames, guard, folder)
            guard.clear()

        label = f"fingerprints {exhibit_id}, files: {len(wanted)}"
        run.run(label, fingerprint_batches(wanted, frames), task)
    # the tables take rows from the files that they replace: they are whole before those go
    tables = known.tables()
    run.publish(*tables, key=key, detail={"hasher": kinds.hasher(), "frames": frames})


class _Known:
    """Rows that were kept for this exhibit, and those that others have of the same contents."""

    def __init__(self, context: Context, folder: ShardFolder, frames: str) -> None:
        self._case = context.case
        self._folder = folder
        self._frames = frames
        self._exhibit = {"exhibit": context.scope}
        manifests = [m for m in self._case.manifests.every() if m.step == STEP]
        self._published = [m for m in manifests if m.detail.get("hasher") == kinds.hasher()]
        if any(m.detail["frames"] != frames for m in self._published):
            folder.keep(f"{kinds.hasher()}/pictures/reused", self._reuse_pictures)

    def wanted(self) -> list[Wanted]:
        """Contents that are to be decoded, in order of their hash."""
        self._show(MediaFile)
        asked = {"kinds": list(kinds.readable()), "most": kinds.MOST_BYTES}
        rows = self._case.rows(step_queries()["media_wanted"], **self._exhibit, **asked)
        return [Wanted(exhibit_id=self._exhibit["exhibit"], **row) for row in rows]

    def tables(self) -> list[Table]:
        """Every table of the exhibit, written whole, in the one order it has."""
        for row in TABLES:
            self._show(row)
        self._folder.path.mkdir(parents=True, exist_ok=True)
        return [(row, self._write(row)) for row in TABLES]

    def _write(self, row: type[Row]) -> Path:
        asked: dict[str, Any] = {"kinds": list(kinds.NEEDS)}
        if row is Unread:
            asked = {
                "kinds": [*kinds.NEEDS, *kinds.UNSUPPORTED], "readable": list(kinds.readable()),
                "unsupported": list(kinds.UNSUPPORTED), "most": kinds.MOST_BYTES,
            }  # fmt: skip
        name = f"exhibit_{row.table_name}"
        _, rows = self._case.derived(row, step_queries()[name], **self._exhibit, **asked)
        file = self._folder.path / f"{HIDDEN}{row.table_name}.parquet"
        write_part(row, file, rows())
        return file

    def _show(self, row: type[Row]) -> None:
        """Let queries ask for the rows of a table that are known."""
        files = [*staged(self._case, row, self._frames), *self._files(row, same_frames=True)]
        show(self._case.engine, f"known_{row.table_name}", row, files)

    def _reuse_pictures(self, folder: Path) -> None:
        """Keep the rows of pictures that were published with other frames of videos."""
        for row in TABLES:
            show(self._case.engine, "other_frames", row, self._files(row, same_frames=False))
            _, rows = self._case.derived(row, step_queries()["pictures_reused"], **self._exhibit)
            write_part(row, folder / f"{row.table_name}.parquet", rows())

    def _files(self, row: type[Row], *, same_frames: bool) -> list[Path]:
        return [
            self._case.folder / out.file
            for manifest in self._published
            if (manifest.detail["frames"] == self._frames) == same_frames
            for out in manifest.outputs
            if out.table == row.table_name
        ]


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
