"""The step: every picture and video of an exhibit has its fingerprints, each content decoded once.

A content that another exhibit has too was decoded there; its rows are copied. One that was looked
at while the exhibit was taken in, when its bytes were in memory, is not read again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pyarrow as pa

from clew.casefile import Case, each
from clew.casefile.engine import Progress
from clew.casefile.parquet import write_part
from clew.casefile.step_manifest import StepManifest
from clew.facts.content import Contents
from clew.facts.fingerprints import kinds
from clew.facts.fingerprints.results import Wanted
from clew.facts.fingerprints.staging import STEP, TABLES, Batch, Staging, given
from clew.records.facts import Unread
from clew.records.media import MediaFile
from clew.sandbox import GuardPool, Limits
from clew.schema import Row, arrow_schema, batch

FRAMES = ("keyframes", "seconds", "all")
"""Which frames of a video are looked at, the coarsest first."""
_MOST_FILES = 128
_MOST_BYTES = 64 << 20
_ORDER = {
    "fingerprints": "source_id, algorithm, frame, locator",
    "media_files": "source_id",
    "media_details": "source_id, locator, property, value_raw",
    "media_places": "source_id, locator, value_raw",
    "unread": "source_id, code, reason",
}


def fingerprint(  # noqa: PLR0913, PLR0917 - as every step, and how fine
    case: Case,
    exhibit_id: str,
    progress: Progress,
    workers: int | None = None,
    limits: Limits | None = None,
    frames: str | None = None,
) -> None:
    """Fingerprint every picture and video of an exhibit, and keep what they say of themselves."""
    done = case.manifests.get(STEP, exhibit_id)
    frames = _at_least(frames, case)
    key = _key(case, exhibit_id, frames)
    if done and done.key == key:
        return
    work = _Exhibit(case, exhibit_id, frames)
    work.look(progress, workers, limits)
    work.publish(key)


def cut(found: Iterable[Wanted], frames: str) -> Iterator[Batch]:
    """Contents cut into calls of bounded size; a video is one by itself."""
    held: list[Wanted] = []
    size = 0
    for wanted in found:
        if kinds.is_video(wanted.media_type):
            yield Batch((wanted,), frames)
            continue
        if held and (len(held) >= _MOST_FILES or size + wanted.size > _MOST_BYTES):
            yield Batch(tuple(held), frames)
            held, size = [], 0
        held.append(wanted)
        size += wanted.size
    if held:
        yield Batch(tuple(held), frames)


class _Exhibit:
    """One exhibit while its pictures and videos are looked at."""

    def __init__(self, case: Case, exhibit_id: str, frames: str) -> None:
        self._case = case
        self._id = exhibit_id
        self._frames = frames
        self._staging = Staging(case, exhibit_id)

    def look(self, progress: Progress, workers: int | None, limits: Limits | None) -> None:
        """Look at every content that nobody has looked at yet."""
        batches = list(cut(self._wanted(), self._frames))
        files, size = sum(len(b.files) for b in batches), sum(b.bytes for b in batches)
        if not batches:
            return
        contents = Contents(self._case, self._id)
        progress.start(f"fingerprints {self._id}, {files} files", size)
        with GuardPool(limits, self._case.scratch) as guards:

            def task(waiting: Batch) -> None:
                guard = guards.mine()
                self._staging.look(waiting, given(self._case, contents, waiting, guard), guard)
                guard.clear()

            for ended, _ in each(task, batches, workers):
                progress.advance(ended.bytes)
        progress.finish()

    def publish(self, key: str) -> None:
        """Put the tables together, and make them count."""
        parts: list[tuple[type[Row], Any]] = []
        for row in TABLES:
            file = self._staging.final(row)
            write_part(row, file, self._whole(row))
            parts.append((row, file))
        detail = {"hasher": kinds.hasher(), "frames": self._frames}
        self._case.publish(StepManifest(STEP, self._id, key, (), detail), parts)
        self._staging.remove()

    def _wanted(self) -> Iterator[Wanted]:
        """Contents that are to be decoded, in order of their hash."""
        query = _query("media_wanted").replace(
            "$READY", self._ready(MediaFile, "source_id, media_type")
        )
        found = self._case.db.sql(
            query,
            params={
                "exhibit": self._id,
                "kinds": list(kinds.readable()),
                "most": kinds.MOST_BYTES,
            },
        )
        for part in pa.RecordBatchReader.from_stream(found):
            for item in part.to_pylist():
                yield Wanted(exhibit_id=self._id, **item)

    def _whole(self, row: type[Row]) -> Iterator[pa.RecordBatch]:
        """A whole table of the exhibit, in the one order it has."""
        query = _query("media_untold" if row is Unread else "media_rows")
        columns = ", ".join(f'r."{name}"' for name in row.__struct_fields__ if name != "exhibit_id")
        values = {
            "$READY": self._ready(row, "*"), "$COLUMNS": columns, "$ORDER": _ORDER[row.table_name],
        }  # fmt: skip
        for name, value in values.items():
            query = query.replace(name, value)
        parameters: dict[str, Any] = {"exhibit": self._id, "kinds": list(kinds.NEEDS)}
        if row is Unread:
            parameters["kinds"] += kinds.UNSUPPORTED
            parameters["readable"] = list(kinds.readable())
            parameters["unsupported"] = list(kinds.UNSUPPORTED)
            parameters["most"] = kinds.MOST_BYTES
        for found in pa.RecordBatchReader.from_stream(self._case.db.sql(query, params=parameters)):
            held = {name: found.column(name) for name in arrow_schema(row).names}
            yield batch(row, found.num_rows, **held).data

    def _ready(self, row: type[Row], columns: str) -> str:
        """A query for the rows that need no looking: of this exhibit, and of others before it."""
        own, others = self._staging.files(row, self._frames)
        sources = [f"SELECT {columns} FROM {_read(own)}"] if own else []  # noqa: S608 - quoted
        had = " WHERE code <> 'gone'" if row is Unread else " WHERE true"
        if others:
            sources.append(f"SELECT {columns} FROM {_read(others)}{had}")  # noqa: S608 - quoted
        for done in self._case.manifests.every():
            if done.step != STEP or done.detail.get("hasher") != kinds.hasher():
                continue
            tables = {out.table: self._case.folder / out.file for out in done.outputs}
            if row.table_name not in tables:
                continue
            source = f"SELECT {columns} FROM {_read([tables[row.table_name]])}"  # noqa: S608 - quoted
            source += had
            if done.detail.get("frames") != self._frames:
                looked = _read([tables[MediaFile.table_name]])
                source += f" AND source_id IN (SELECT source_id FROM {looked} {_PICTURES})"  # noqa: S608 - quoted
            sources.append(source)
        empty = f"SELECT {columns} FROM {row.table_name} LIMIT 0"  # noqa: S608 - declared names
        return " UNION ALL ".join(sources) or empty


_PICTURES = "WHERE NOT starts_with(media_type, 'video/')"


def _at_least(frames: str | None, case: Case) -> str:
    """The frames asked for, or what was the finest for any exhibit: no run takes that back."""
    earlier = [
        d.detail.get("frames") or FRAMES[0] for d in case.manifests.every() if d.step == STEP
    ]
    return max((frames or FRAMES[0], *earlier), key=FRAMES.index)


def _key(case: Case, exhibit_id: str, frames: str) -> str:
    """Digest over the exhibit's items and all that decides their fingerprints."""
    taken = case.manifests.get("intake", exhibit_id)
    items = [(o.table, o.sha256) for o in taken.outputs] if taken else []
    return hashlib.sha256(repr((items, kinds.hasher(), frames)).encode()).hexdigest()


def _read(files: list[Path]) -> str:
    """Parquet files as a table of SQL."""
    listed = ", ".join("'" + str(file).replace("'", "''") + "'" for file in files)
    return f"read_parquet([{listed}])"


def _query(name: str) -> str:
    return resources.files("clew.facts").joinpath("sql", f"{name}.sql").read_text("utf-8")
