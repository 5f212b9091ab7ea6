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
from clew.facts.fingerprints.looked import GONE, Looked, Wanted, rows
from clew.records.facts import Fingerprint, Unread
from clew.records.media import MediaDetail, MediaFile, MediaPlace
from clew.sandbox import Guard, WorkerLost
from clew.schema import Row, to_arrow

STEP = "fingerprint"
TABLES: tuple[type[Row], ...] = (Fingerprint, MediaFile, MediaDetail, MediaPlace, Unread)
_TASK = "clew.facts.fingerprints.look:look"


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


class Given(msgspec.Struct, frozen=True):
    """A file to look at, and where its bytes are."""

    wanted: Wanted
    file: Path | bytes | None
    sure: bool = True
    """Its bytes are known to be those that were hashed."""
    problem: str | None = None
    """Why its bytes can't be had."""


class Shelf:
    """The waiting rows of one exhibit; pictures, and videos by the frames that were asked for."""

    def __init__(self, case: Case, exhibit_id: str) -> None:
        self._folder = case.folder / "work" / STEP / exhibit_id

    def look(self, batch: Batch, files: Iterable[Given], guard: Guard) -> None:
        """Have the files of a batch looked at, unless they were."""
        if not batch.files or (folder := self._place(batch)).is_dir():
            return
        found: dict[type[Row], list[Row]] = {}
        for wanted, looked in _looked(batch, list(files), guard):
            for row in rows(wanted, looked):
                found.setdefault(type(row), []).append(row)
        with replacing_folder(folder) as hidden:
            for table, held in found.items():
                batches = to_arrow(table, held).to_batches()
                write_part(table, hidden / f"{table.table_name}.parquet", batches)

    def files(self, row: type[Row], frames: str) -> list[Path]:
        """Waiting files of a table that count where these frames are asked for."""
        name = f"{row.table_name}.parquet"
        return [
            file
            for kind in ("pictures", f"videos-{frames}")
            for file in sorted((self._folder / kinds.hasher() / kind).glob(f"[!.]*/{name}"))
        ]

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


def _looked(batch: Batch, files: list[Given], guard: Guard) -> Iterator[tuple[Wanted, Looked]]:
    """What was seen in each file; one that ends its worker is tried once more, alone."""
    waiting = [g for g in files if g.file is not None]
    for g in files:
        if g.file is None:
            yield g.wanted, Looked(number=0, problem=(GONE, g.problem or ""), end=True)
    alone = False
    while waiting:
        call = waiting[:1] if alone else list(waiting)
        lost: WorkerLost | None = None
        for looked in _seen(call, batch.frames, guard):
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


def _seen(call: list[Given], frames: str, guard: Guard) -> Iterator[Looked | WorkerLost]:
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
        for frame in guard.run(_TASK, {"handed": handed, "frames": frames}, files):
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
