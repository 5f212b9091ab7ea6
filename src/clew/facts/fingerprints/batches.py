"""Pictures and videos in batches: what one call of a worker fingerprints, and what it keeps.

The rows of a batch are named by its contents, so that nothing is fingerprinted twice: what was done
while the exhibit was taken in, or before a run was killed, is found again.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from clew.casefile import Case
from clew.casefile.engine import Engine
from clew.facts.content import ContentGone, Contents
from clew.facts.fingerprints import kinds
from clew.facts.fingerprints.results import Result, Wanted, rows
from clew.facts.fingerprints.worker_calls import Call, Given, call_for_each
from clew.records import Fingerprint, MediaDetail, MediaFile, MediaPlace, Unread
from clew.relations import step_queries
from clew.sandbox import Guard
from clew.schema import Row, arrow_schema
from clew.shards import cut, short_digest, write_rows

STEP = "fingerprint"
TABLES: tuple[type[Row], ...] = (Fingerprint, MediaFile, MediaDetail, MediaPlace, Unread)
_TASK = "clew.facts.fingerprints.fingerprint_worker:fingerprint_files"
_MOST_FILES = 128
_MOST_BYTES = 64 << 20


class Batch(msgspec.Struct, frozen=True):
    """Some files that one call of a worker works on; ``name`` is where their rows are kept."""

    files: tuple[Wanted, ...]
    name: str

    @property
    def size(self) -> int:
        """Bytes to read."""
        return sum(file.size for file in self.files)


def batches(found: Iterable[Wanted], below: str) -> list[Batch]:
    """Contents in batches of bounded size, whose rows are kept below a folder; a video is alone."""
    videos_first = sorted(found, key=lambda wanted: not _is_video(wanted))
    groups = cut(
        videos_first, lambda w: w.size, most=_MOST_FILES, most_bytes=_MOST_BYTES, alone=_is_video
    )
    return [
        Batch(group, f"{below}/{short_digest([wanted.sha256 for wanted in group])}")
        for group in groups
    ]


def fingerprint_batches(found: Iterable[Wanted], frames: str) -> list[Batch]:
    """Contents in batches to fingerprint: those of pictures count whatever the frames are."""
    found = list(found)
    pictures = batches((w for w in found if not _is_video(w)), f"{kinds.hasher()}/pictures")
    videos = batches((w for w in found if _is_video(w)), f"{kinds.hasher()}/videos-{frames}")
    return videos + pictures


def fingerprint_files(files: Iterable[Given], frames: str, guard: Guard, folder: Path) -> None:
    """Have files fingerprinted in a worker, and keep their rows in a folder."""
    found: list[Row] = []

    def keep(wanted: Wanted, result: Result) -> None:
        found.extend(rows(wanted, result))

    call_for_each(Call(_TASK, {"frames": frames}), list(files), guard, keep)
    write_rows(folder, found)


def staged(case: Case, row: type[Row], frames: str) -> list[Path]:
    """Kept files of a table that count where these frames are asked for, of every exhibit.

    Two exhibits may be taken in one after the other before anything is published.
    """
    below = (f"{kinds.hasher()}/{kind}" for kind in ("pictures", f"videos-{frames}"))
    patterns = (f"*/{part}/[!.]*/{row.table_name}.parquet" for part in below)
    return sorted(f for p in patterns for f in (case.folder / "work" / STEP).glob(p))


def show(engine: Engine, name: str, row: type[Row], files: list[Path]) -> None:
    """Let queries ask for rows in files by a name, as for a table."""
    if files:
        engine.show_files(name, files)
    else:
        engine.show_empty(name, arrow_schema(row))


def given(case: Case, contents: Contents, batch: Batch, guard: Guard) -> Iterator[Given]:
    """The files of a batch, from the store or from the evidence."""
    guard.clear()
    kept = {w.sha256: path for w in batch.files if (path := case.store.path(w.sha256)).is_file()}
    others = [w.item_id for w in batch.files if w.sha256 not in kept]
    rows = case.rows(step_queries()["items_named"], ids=others) if others else ()
    items = {item["item_id"]: item for item in rows}
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


def _is_video(wanted: Wanted) -> bool:
    return kinds.is_video(wanted.media_type)
