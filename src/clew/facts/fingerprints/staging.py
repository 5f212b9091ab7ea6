"""Where the rows of an exhibit's pictures and videos wait until all have been looked at.

What lies here is named by its content, so that nothing is looked at twice: what was looked at while
the exhibit was taken in, or before a run was killed, is found again.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from clew.casefile import Case
from clew.casefile.files import replacing_folder, writing
from clew.casefile.parquet import write_part
from clew.facts.content import ContentGone, Contents
from clew.facts.fingerprints import kinds
from clew.facts.fingerprints.results import Wanted, rows
from clew.facts.fingerprints.worker_calls import Asked, Given, answers
from clew.records.facts import Fingerprint, Unread
from clew.records.media import MediaDetail, MediaFile, MediaPlace
from clew.sandbox import Guard
from clew.schema import Row, to_arrow

STEP = "fingerprint"
TABLES: tuple[type[Row], ...] = (Fingerprint, MediaFile, MediaDetail, MediaPlace, Unread)
_TASK = "clew.facts.fingerprints.fingerprint_worker:fingerprint_files"


class Batch(msgspec.Struct, frozen=True):
    """Some files that one call of a worker looks at."""

    files: tuple[Wanted, ...]
    frames: str

    @property
    def name(self) -> str:
        """Digest over what is looked at, and how."""
        return hashlib.sha256(repr([f.sha256 for f in self.files]).encode()).hexdigest()[:32]

    @property
    def bytes(self) -> int:
        """Bytes to read."""
        return sum(file.size for file in self.files)


class Staging:
    """The waiting rows of one exhibit; pictures, and videos by the frames that were asked for."""

    def __init__(self, case: Case, exhibit_id: str) -> None:
        self._all = case.folder / "work" / STEP
        self._folder = self._all / exhibit_id

    def look(self, batch: Batch, files: Iterable[Given], guard: Guard) -> None:
        """Have the files of a batch looked at, unless they were."""
        if not batch.files or (folder := self._place(batch)).is_dir():
            return
        found: dict[type[Row], list[Row]] = {}
        asked = Asked(_TASK, {"frames": batch.frames})
        for wanted, looked in answers(asked, list(files), guard):
            for row in rows(wanted, looked):
                found.setdefault(type(row), []).append(row)
        with replacing_folder(folder) as hidden:
            for table, held in found.items():
                batches = to_arrow(table, held).to_batches()
                write_part(table, hidden / f"{table.table_name}.parquet", batches)

    def files(self, row: type[Row], frames: str) -> tuple[list[Path], list[Path]]:
        """Waiting files of a table that count where these frames are asked for: own, and others'.

        Two exhibits may be taken in one after the other before anything is put together.
        """
        own: list[Path] = []
        others: list[Path] = []
        for kind in ("pictures", f"videos-{frames}"):
            place = f"*/{kinds.hasher()}/{kind}/[!.]*/{row.table_name}.parquet"
            for file in sorted(self._all.glob(place)):
                (own if file.is_relative_to(self._folder) else others).append(file)
        return own, others

    def remove(self) -> None:
        """Remove what was only needed on the way."""
        with writing("clearing up"):
            shutil.rmtree(self._folder, ignore_errors=True)

    def final(self, row: type[Row]) -> Path:
        """Where a whole table is put together."""
        self._folder.mkdir(parents=True, exist_ok=True)
        return self._folder / f".tmp-{row.table_name}.parquet"

    def _place(self, batch: Batch) -> Path:
        video = kinds.is_video(batch.files[0].media_type)
        kind = f"videos-{batch.frames}" if video else "pictures"
        return self._folder / kinds.hasher() / kind / batch.name


def given(case: Case, contents: Contents, batch: Batch, guard: Guard) -> Iterator[Given]:
    """The files of a batch, from the store or from the evidence."""
    guard.clear()
    kept = {w.sha256: path for w in batch.files if (path := case.store.path(w.sha256)).is_file()}
    others = [w.item_id for w in batch.files if w.sha256 not in kept]
    query = "SELECT * FROM items WHERE item_id IN (SELECT unnest($ids))"
    items = {i["item_id"]: i for i in case.rows(query, ids=others)} if others else {}
    for number, wanted in enumerate(batch.files):
        if file := kept.get(wanted.sha256):
            yield Given(wanted, file)
            continue
        file = guard.folder / f"evidence-{number}"
        try:
            contents.copy(items[wanted.item_id], file, guard)
        except ContentGone as gone:
            yield Given(wanted, None, problem=gone.reason)
        else:
            yield Given(wanted, file)
