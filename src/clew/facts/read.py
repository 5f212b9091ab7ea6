"""Reading an exhibit: each file that a reader wants is read in a worker, and its rows are kept.

What a shard of files yields is named by their contents, their companions and the readers that want
them, so a run that was killed, or a reader that changed, redoes exactly what depends on it. Where
the worker is lost over one file of many, the others are read without it, and it is read alone.
"""

import fnmatch
import hashlib
import shutil
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
import pyarrow.parquet as pq

from clew.casefile import Case
from clew.casefile.context import Context, Table
from clew.casefile.files import writing
from clew.casefile.parquet import PartWriter
from clew.facts import lookalikes, reader_worker
from clew.facts.candidates import Candidate, Shard, shards
from clew.facts.content import ContentGone, Contents
from clew.facts.links import Files
from clew.facts.mappings import of_case
from clew.facts.reader_api import SQLITE, TEXTS, Found, may_be_database, readers
from clew.records import DateReading, Severity, Share, Source, Unread
from clew.relations import step_queries
from clew.sandbox import Guard, GuardPool, WorkerLost
from clew.sandbox.frames import Usage, Yielded
from clew.schema import Batch, Id, Row, tables, to_arrow
from clew.shards import Lost, ShardRun, in_order, isolate, part_files, write_rows
from clew.words.reasons import joined, parted, weight


def read(context: Context) -> Usage:
    """Offer each file of an exhibit to the readers, and keep what they find."""
    case, exhibit_id = context.case, context.scope
    found = list(_candidates(case, exhibit_id))
    key = hashlib.sha256("".join(c.name for c in found).encode()).hexdigest()
    if context.is_done(key):
        return Usage()
    wanted_first = sorted(found, key=lambda c: not c.readers)
    first = {c.content: c for c in reversed(wanted_first)}
    run = ShardRun(context)
    unique = shards(c for c in found if first[c.content] is c)
    task = _Reading(Contents(case, exhibit_id)).read
    folders = run.run(f"reading {exhibit_id}", unique, task)
    met = _met(folders)
    repeats = [
        _unread(c, joined("same_content", path=there.item["called"]))
        for c in found
        if (there := first[c.content]) is not c and (c.readers or c.item["sha256"] in met)
    ]
    undated = part_files((call for folder in folders for call in folder.iterdir()), DateReading)
    run.publish(*_tables(case, exhibit_id, folders, repeats), key=key, keep=bool(undated))
    return run.usage


def _met(folders: list[Path]) -> set[str]:
    """Contents that a reader read, or that were reported."""
    calls = [call for folder in folders for call in sorted(folder.iterdir())]
    return {
        source
        for table in (Source, Unread)
        for file in part_files(calls, table)
        for source in pq.read_table(file, columns=["source_id"]).column(0).to_pylist()
    }


def read_again(case: Case, item: dict[str, Any], guard: Guard) -> Iterator[Batch]:
    """Read one file anew and yield its rows; they are compared, and kept nowhere.

    Raises WorkerLost or ContentGone where it can't be read.
    """
    for candidate in _candidates(case, item["exhibit_id"]):
        if candidate.item["item_id"] == item["item_id"]:
            guard.clear()
            found = _laid_out(Contents(case, item["exhibit_id"]), candidate, guard)
            yield from _batches(guard, found)
            guard.clear()


def read_alone(
    guard: Guard, file: Path, sha256: str, mappings: tuple[str, ...], exhibit: str = "test"
) -> Iterator[Batch]:
    """What a mapping makes of a file that is on no exhibit of the case; raises WorkerLost."""
    found = Found(
        exhibit_id=Id(exhibit), item_id=Id(sha256[:20]), source_id=sha256, path=file.name,
        media_type="text/csv", file=file, mappings=mappings,
    )  # fmt: skip
    yield from _batches(guard, found)


def _candidates(case: Case, exhibit_id: str) -> Iterator[Candidate]:
    """Files that a reader wants or that may have a structure, by path."""
    known = of_case(case.folder)
    patterns = {"*-wal", "*-journal", *lookalikes.patterns()}
    patterns |= {f for r in readers() for f in r.files}
    patterns |= {f for _, mapping in known for f in mapping.files}
    rows = case.rows(
        step_queries()["candidates"],
        exhibit=exhibit_id,
        media_types=sorted({SQLITE, *TEXTS, *(t for r in readers() for t in r.media_types)}),
        names=_names(p.casefold() for p in patterns),
    )
    given = case.rows(step_queries()["orders_given"])
    orders = {row["source_id"]: row["date_order"] for row in given}
    beside = {row["called"]: row for row in rows if row["called"].endswith(_BESIDE)}
    databases = {r["called"] for r in rows if may_be_database(r["called"], r["media_type"])}
    for row in rows:
        called, media_type = row["called"], row["media_type"]
        if called.endswith(_BESIDE) and called.rpartition("-")[0] in databases:
            continue
        meant = tuple(text for text, mapping in known if mapping.fits(row["path"]))
        wanting = tuple(
            f"{r.name} {r.version}"
            for r in readers()
            if (r.mapped and meant) or r.wants(called, media_type)
        )
        near = beside if may_be_database(called, media_type) else {}
        wal, journal = (near.get(called + end) for end in ("-wal", "-journal"))
        yield Candidate(row, wal, journal, wanting, meant, orders.get(row["sha256"]))


_MOST_COPIED = 256 << 20
"""Bytes of a file that is copied only to see what it looks like; one in the store is not copied."""
_BESIDE = ("-wal", "-journal", "-shm")
"""Ends of the names of what SQLite keeps beside a database."""
_PORTABLE = {"(?>": "(?:", r"\Z": r"\z", "(?!)": r"[^\s\S]"}
"""What ``fnmatch`` writes and the engine's regular expressions lack, in their words."""


def _names(patterns: Iterable[str]) -> str:
    """One regular expression for the names that fit any of these patterns."""
    either = "|".join(fnmatch.translate(pattern) for pattern in sorted(patterns))
    for found, written in _PORTABLE.items():
        either = either.replace(found, written)
    return either


class _Reading:
    """Reads the files of one exhibit, a shard at a time."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents

    def read(self, shard: Shard, folder: Path, guards: GuardPool) -> None:
        """Task: read the files of a shard; each call of a worker has a folder for its rows.

        By the numbers of these folders the rows stand in the order of the files.
        """
        guard = guards.mine()
        calls = (folder / f"{number:04}" for number in count())

        def attempt(files: Sequence[Candidate]) -> Lost | None:
            kept = next(calls)
            kept.mkdir()
            lost = self._together(files, kept, guard)
            if lost:
                shutil.rmtree(kept)
            return lost

        def report(candidate: Candidate, reason: str) -> None:
            kept = next(calls)
            kept.mkdir()
            write_rows(kept, [_unread(candidate, reason)])

        isolate(shard.files, attempt, report)
        guard.clear()

    def _together(self, files: Sequence[Candidate], folder: Path, guard: Guard) -> Lost | None:
        """Have files read in one call; over which one that ended, if it did not pass."""
        at = 0
        try:
            guard.clear()
            laid_out = []
            for at, candidate in enumerate(files):
                laid_out.append(_laid_out(self._contents, candidate, guard, f"evidence{at}"))
            at = 0
            for frame in _receive(_frames(guard, laid_out), folder):
                if not (isinstance(number := frame.get("file"), int) and at <= number < len(files)):
                    return Lost(
                        at=at, reason=joined("worker_protocol", cause="answer about another file")
                    )
                at = number
        except ContentGone as gone:
            return Lost(at=at, reason=gone.reason)
        except WorkerLost as lost:
            return Lost.over(lost, at)
        return None


def _laid_out(
    contents: Contents, candidate: Candidate, guard: Guard, name: str = "evidence"
) -> Found:
    """Lay the file out for a reader. A database is copied with its log and journal.

    Its -shm is left behind: it is an index of the log that SQLite makes anew.
    """
    item = candidate.item
    file = contents.kept(item) if item["media_type"] != SQLITE else None
    if file is None and not candidate.readers and candidate.size > _MOST_COPIED:
        mib = {"mib": candidate.size >> 20, "most": _MOST_COPIED >> 20}
        raise ContentGone("limit:copied", **mib)
    if file is None:
        file = guard.folder / name
        contents.copy(item, file, guard)
    beside = []
    for ending, other in (("-wal", candidate.wal), ("-journal", candidate.journal)):
        if other:
            contents.copy(other, guard.folder / f"{name}{ending}", guard)
            beside.append(other["called"])
    return Found(
        exhibit_id=item["exhibit_id"],
        item_id=item["item_id"],
        source_id=item["sha256"],
        path=item["called"],
        media_type=item["media_type"],
        file=file,
        with_wal=candidate.wal is not None,
        companions=tuple(beside),
        mappings=candidate.mappings,
        date_order=candidate.date_order,
    )


def _receive(frames: Iterator[Yielded], folder: Path) -> Iterator[dict[str, Any]]:
    """Take rows from a worker into one file a table, and yield what it says between them."""
    parts: dict[type[Row], PartWriter] = {}
    try:
        for frame in frames:
            if not isinstance(frame, Batch):
                if not isinstance(frame, dict):
                    raise WorkerLost("worker_protocol", "bytes where rows were to come")
                yield frame
                continue
            with writing("keeping a reader's rows"):
                if frame.table not in parts:
                    file = folder / f"{frame.table.table_name}.parquet"
                    parts[frame.table] = PartWriter(frame.table, file)
                parts[frame.table].write(frame.data)
    finally:
        for part in parts.values():
            part.close()


def _frames(guard: Guard, files: list[Found]) -> Iterator[Yielded]:
    """What a worker reads from files, and before each which one it is."""
    described = [msgspec.to_builtins(msgspec.structs.replace(f, file=str(f.file))) for f in files]
    opened = {str(n): f.file for n, f in enumerate(files) if f.media_type != SQLITE}
    yield from guard.run(reader_worker.TASK, {"files": described}, opened)


def _batches(guard: Guard, found: Found) -> Iterator[Batch]:
    """Rows that a worker reads from one file."""
    yield from (frame for frame in _frames(guard, [found]) if isinstance(frame, Batch))


def _tables(
    case: Case, exhibit_id: str, folders: list[Path], repeats: list[Unread]
) -> Iterator[Table]:
    """Every table that any reader filled, with its rows in the order of the files."""
    calls = [call for folder in folders for call in sorted(folder.iterdir())]
    for row in tables().values():
        files = part_files(calls, row)
        if row is Unread:
            yield row, in_order(files, to_arrow(Unread, repeats).to_batches())
        elif row is Share and files:
            yield row, partial(Files(case, exhibit_id).link, in_order(files))
        elif len(files) == 1:
            yield row, files[0]
        elif files:
            yield row, in_order(files)


def _unread(candidate: Candidate, reason: str) -> Unread:
    code, figures = parted(reason)
    item = candidate.item
    return Unread(
        exhibit_id=item["exhibit_id"],
        source_id=item["sha256"],
        locator="file",
        item_id=item["item_id"],
        path=item["called"],
        reader=" or ".join(candidate.readers),
        severity=Severity(weight("unread", code)),
        code=code,
        figures=figures,
    )
