"""Reading an exhibit: each file that a reader wants is read in a worker, and its rows are kept.

What a shard of files yields is named by their contents, their companions and the readers that want
them, so a run that was killed, or a reader that changed, redoes exactly what depends on it. Where
the worker is lost over one file of many, the others are read without it, and it is read alone.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa

from clew.casefile import Case, each
from clew.casefile.engine import Progress
from clew.casefile.files import replacing_folder, writing
from clew.casefile.parquet import PartWriter, read_part, write_part
from clew.casefile.step_manifest import StepManifest
from clew.facts import lookalikes, reader_worker
from clew.facts.content import ContentGone, Contents
from clew.facts.links import Files
from clew.facts.mappings import of_case
from clew.facts.reader_api import SQLITE, Found, may_be_database, readers
from clew.facts.shards import Candidate, Shard, cut
from clew.records.facts import Severity, Share, Unread
from clew.sandbox import Guard, GuardPool, Limits, WorkerLost
from clew.sandbox.frames import Usage, Yielded
from clew.schema import Batch, Id, Row, tables, to_arrow

STEP = "read"


def read(
    case: Case,
    exhibit_id: str,
    progress: Progress,
    workers: int | None = None,
    limits: Limits | None = None,
) -> Usage:
    """Offer each file of an exhibit to the readers, keep what they find, say what workers used."""
    found = list(_candidates(case, exhibit_id))
    distinct = {c.content: c for c in reversed(found)}
    chosen = [c for c in found if distinct[c.content] is c]
    key = hashlib.sha256("".join(c.name for c in found).encode()).hexdigest()
    done = case.manifests.get(STEP, exhibit_id)
    if done and done.key == key:
        return Usage()
    work = case.folder / "work" / STEP / exhibit_id
    contents = Contents(case, exhibit_id)
    progress.start(f"reading {exhibit_id}", sum(c.item["size"] for c in chosen))
    shards = list(cut(chosen))
    with GuardPool(limits, case.scratch) as guards:
        ended = each(lambda s: _keep(contents, s, work, guards.mine()), shards, workers)
        for shard, _ in ended:
            progress.advance(shard.size)
    progress.finish()
    repeats = [_repeat(c, distinct[c.content]) for c in found if distinct[c.content] is not c]
    folders = [work / shard.name for shard in shards]
    case.publish(
        StepManifest(STEP, exhibit_id, key, ()), _tables(case, exhibit_id, folders, repeats)
    )
    with writing("clearing up"):
        shutil.rmtree(work, ignore_errors=True)
    return guards.usage


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


def read_alone(guard: Guard, file: Path, sha256: str, mappings: tuple[str, ...]) -> Iterator[Batch]:
    """What a mapping makes of a file that is in no case; raises WorkerLost."""
    found = Found(
        exhibit_id=Id("test"), item_id=Id(sha256[:20]), source_id=sha256, path=file.name,
        media_type="text/csv", file=file, mappings=mappings,
    )  # fmt: skip
    yield from _batches(guard, found)


def _candidates(case: Case, exhibit_id: str) -> Iterator[Candidate]:
    """Files that a reader wants, by path."""
    known = of_case(case.folder)
    query, parameters = _wanted_query(tuple(p for _, m in known for p in m.files))
    rows = case.rows(query, exhibit_id=exhibit_id, **parameters)
    beside = {row["called"]: row for row in rows if row["called"].endswith(("-wal", "-journal"))}
    for row in rows:
        meant = tuple(text for text, mapping in known if mapping.fits(row["path"]))
        wanting = tuple(
            f"{r.name} {r.version}"
            for r in readers()
            if (r.mapped and meant) or r.wants(row["called"], row["media_type"])
        )
        if wanting or _may_be_chat(row["called"], row["media_type"]):
            is_database = may_be_database(row["called"], row["media_type"])
            wal, journal = (
                beside.get(row["called"] + end) if is_database else None
                for end in ("-wal", "-journal")
            )
            yield Candidate(row, wal, journal, wanting, meant)


def _may_be_chat(path: str, media_type: str | None) -> bool:
    """Whether a file that no reader wants is looked at all the same: it may be a chat."""
    return media_type == SQLITE or lookalikes.is_looked_at(path)


def _wanted_query(mapped: tuple[str, ...]) -> tuple[str, dict[str, str]]:
    """Query for the files that a reader wants, and for what may lie beside a database."""
    types = {SQLITE, *(t for r in readers() for t in r.media_types)}
    patterns = {"*-wal", "*-journal", *lookalikes.patterns()}
    patterns |= {*(f.casefold() for r in readers() for f in r.files)}
    patterns |= {*(pattern.casefold() for pattern in mapped)}
    asked = {f"type{n}": kind for n, kind in enumerate(sorted(types))}
    named = {f"name{n}": pattern for n, pattern in enumerate(sorted(patterns))}
    wanted = [f"media_type = ${n}" for n in asked]
    wanted += [f"regexp_replace(lower(called), '^.*/', '') GLOB ${n}" for n in named]
    return _query("candidates").replace("$wanted", " OR ".join(wanted)), asked | named


def _keep(contents: Contents, shard: Shard, work: Path, guard: Guard) -> None:
    """Read the files of a shard, unless that is done, and keep their rows in a folder of its own.

    There each run of a worker has a folder; by their numbers the rows stand in the order of files.
    """
    folder = work / shard.name
    if folder.is_dir():
        return
    with replacing_folder(folder) as hidden:
        todo, number = [shard.files], 0
        while todo:
            files = todo.pop()
            kept = hidden / f"{number:04}"
            kept.mkdir()
            if len(files) == 1:
                _read_one(contents, files[0], kept, guard)
            elif (stopped := _read_many(contents, files, kept, guard)) is not None:
                shutil.rmtree(kept)
                todo += [part for part in reversed(_around(files, stopped)) if part]
                continue
            number += 1
        guard.clear()


def _around(files: tuple[Candidate, ...], place: int) -> list[tuple[Candidate, ...]]:
    """What stands before a file, the file, and what stands behind it."""
    return [files[:place], files[place : place + 1], files[place + 1 :]]


def _read_many(
    contents: Contents, files: tuple[Candidate, ...], folder: Path, guard: Guard
) -> int | None:
    """Have files read together; the place of the one at which that ended, if it did not pass."""
    place = 0
    try:
        guard.clear()
        laid_out = []
        for place, candidate in enumerate(files):
            laid_out.append(_laid_out(contents, candidate, guard, f"evidence{place}"))
        place = 0
        for frame in _receive(_frames(guard, laid_out), folder):
            place = frame["file"]
    except (ContentGone, WorkerLost):  # told of the file when it is read alone
        return place
    return None


def _read_one(contents: Contents, candidate: Candidate, folder: Path, guard: Guard) -> None:
    """Have one file read, and where that does not pass keep a row that says so."""
    problem = _try(contents, candidate, folder, guard)
    if problem:
        row = _failed(candidate, problem)
        write_part(Unread, folder / "unread.parquet", to_arrow(Unread, [row]).to_batches())


def _try(contents: Contents, candidate: Candidate, folder: Path, guard: Guard) -> str | None:
    """Have one file read, twice if it may pass alone; why it could not be."""
    for is_last in (False, True):
        try:
            guard.clear()
            found = _laid_out(contents, candidate, guard)
            for _ in _receive(_frames(guard, [found]), folder):
                pass
        except ContentGone as gone:
            return gone.reason
        except WorkerLost as lost:
            for part in folder.iterdir():
                part.unlink()
            if is_last or not lost.may_pass_alone:
                return lost.reason
        else:
            return None
    return None


def _laid_out(
    contents: Contents, candidate: Candidate, guard: Guard, name: str = "evidence"
) -> Found:
    """Lay the file out for a reader. A database is copied with its log and journal.

    Its -shm is left behind: it is an index of the log that SQLite makes anew.
    """
    item = candidate.item
    file = contents.kept(item) if item["media_type"] != SQLITE else None
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
    )


def _receive(frames: Iterator[Yielded], folder: Path) -> Iterator[dict[str, Any]]:
    """Take rows from a worker into one file a table, and yield what it says between them."""
    parts: dict[type[Row], PartWriter] = {}
    try:
        for frame in frames:
            if not isinstance(frame, Batch):
                assert isinstance(frame, dict)
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
    told = [msgspec.to_builtins(msgspec.structs.replace(f, file=str(f.file))) for f in files]
    opened = {str(n): f.file for n, f in enumerate(files) if f.media_type != SQLITE}
    yield from guard.run(reader_worker.TASK, {"files": told}, opened)


def _batches(guard: Guard, found: Found) -> Iterator[Batch]:
    """Rows that a worker reads from one file."""
    for frame in _frames(guard, [found]):
        if isinstance(frame, Batch):
            yield frame


def _tables(case: Case, exhibit_id: str, folders: list[Path], repeats: list[Unread]) -> list[Any]:
    """Every table that any reader filled, with its rows in the order of the files."""
    parts: list[Any] = []
    runs = [run for folder in folders for run in sorted(folder.iterdir())]
    for row in tables().values():
        files = [f for folder in runs if (f := folder / f"{row.table_name}.parquet").is_file()]
        if row is Unread:
            parts.append((row, _rows_of(files, to_arrow(Unread, repeats).to_batches())))
        elif row is Share and files:
            linked = Files(case, exhibit_id)
            rows = _rows_of(files, [])
            parts.append((row, lambda linked=linked, rows=rows: linked.link(rows())))
        elif len(files) == 1:
            parts.append((row, files[0]))
        elif files:
            parts.append((row, _rows_of(files, [])))
    return parts


def _rows_of(files: list[Path], more: list[pa.RecordBatch]) -> Any:
    def batches() -> Iterator[pa.RecordBatch]:
        for file in files:
            yield from read_part(file)
        yield from more

    return batches


def _repeat(candidate: Candidate, read_there: Candidate) -> Unread:
    return _told(
        candidate,
        Severity.INFO,
        "same_content",
        f"its content is that of {read_there.item['called']}, and was read there",
    )


def _failed(candidate: Candidate, reason: str) -> Unread:
    code = reason if reason.startswith(("crash:", "limit:", "timeout")) else "failed"
    return _told(candidate, Severity.ERROR, code, f"the file could not be read: {reason}")


def _told(candidate: Candidate, severity: Severity, code: str, reason: str) -> Unread:
    item = candidate.item
    return Unread(
        exhibit_id=item["exhibit_id"],
        source_id=item["sha256"],
        locator="file",
        item_id=item["item_id"],
        path=item["called"],
        reader=" or ".join(candidate.readers),
        severity=severity,
        code=code,
        reason=reason,
    )


def _query(name: str) -> str:
    return resources.files("clew.facts").joinpath("sql", f"{name}.sql").read_text("utf-8")
