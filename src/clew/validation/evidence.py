"""Checks of taking in, reading and concluding, on a generated operation with known answers."""

import contextlib
import hashlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from clew import pipeline, views
from clew.casefile import Case, create_case
from clew.casefile.engine import Progress
from clew.demo import Operation, score
from clew.demo.intake import take_exhibits
from clew.sandbox import Guard
from clew.schema import Home, tables
from clew.validation import rederive, second_count
from clew.validation.assertions import Assertion, Plan
from clew.validation.faults import AUTHORITY, digests

_WRITES = os.O_WRONLY | os.O_RDWR
Listing = dict[str, tuple[str, int, int]]


def known_answers(plan: Plan) -> Iterator[Assertion]:
    """Take in and run a generated operation, and compare with its truth."""
    operation = plan.operation
    before = _listing(plan.folder / "operation")
    with _opened_for_writing(before) as written:
        case = _case(plan.folder / "case", operation, workers=2)
    scores = score(operation.truth, lambda name: case.sql(f'FROM "{name}"'))
    for number, found in enumerate(scores, 1):
        yield Assertion(
            f"KA-{number:02}",
            found.passed,
            f"{found.found} of {found.expected} {found.detail}".strip(),
            about=found.name,
        )
    yield from _nothing_lost(case, operation)
    folders = ((e.about["exhibit_id"], e.paths[0]) for e in operation.exhibits)
    yield from second_count.counted_again(case, folders)
    yield _nothing_changed(before, _listing(plan.folder / "operation"))
    figures = f"{len(before)} files; opened for writing: {len(written)}"
    yield Assertion("P2-02", not written and bool(before), figures)
    yield from _derived_again(case, plan.samples)
    case.close()


def same_output(plan: Plan) -> Iterator[Assertion]:
    """One worker, another order, another time zone and locale: identical tables."""
    turned = msgspec.structs.replace(plan.operation, exhibits=plan.operation.exhibits[::-1])
    kept = {name: os.environ.get(name) for name in ("TZ", "LC_ALL")}
    os.environ.update({"TZ": "Asia/Kathmandu", "LC_ALL": "C"})
    try:
        case = _case(plan.folder / "case-again", turned, workers=1)
    finally:
        for name, value in kept.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})
    one, other = digests(plan.folder / "case"), digests(plan.folder / "case-again")
    case.close()
    differing = sorted(name for name in one | other if one.get(name) != other.get(name))
    yield Assertion(
        "P3-01",
        bool(one) and not differing,
        f"{len(one)} tables; differing: {', '.join(differing) or 'none'}",
    )


def _case(folder: Path, operation: Operation, workers: int) -> Case:
    case = create_case(folder, operation.title, AUTHORITY)
    take_exhibits(case, operation, Progress(), workers)
    with case.writing():
        pipeline.run(case, Progress(), workers)
    return case


def _listing(folder: Path) -> Listing:
    """SHA-256, size and time of last change of every file."""
    return {
        str(file): (_digest(file), file.stat().st_size, file.stat().st_mtime_ns)
        for file in sorted(folder.rglob("*"))
        if file.is_file() and not file.is_symlink()
    }


@contextlib.contextmanager
def _opened_for_writing(listing: Listing) -> Iterator[set[str]]:
    """Files of the evidence that are opened for writing, as Python tells before it opens one.

    Intake opens a file by its name within its folder.
    """
    names, found, is_on = {Path(file).name for file in listing}, set[str](), True

    def hear(event: str, about: tuple[Any, ...]) -> None:
        if is_on and event == "open" and isinstance(about[0], str | bytes) and about[2] & _WRITES:
            name = os.fsdecode(about[0])
            if name in listing or name in names:
                found.add(name)

    sys.addaudithook(hear)
    try:
        yield found
    finally:
        is_on = False


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _nothing_lost(case: Case, operation: Operation) -> Iterator[Assertion]:
    counted = sum(
        sum(len(folders) + len(files) for _, folders, files in os.walk(path))
        for exhibit in operation.exhibits
        for path in exhibit.paths
    )
    (seen,) = case.rows("SELECT count(*) AS n FROM items WHERE NOT in_archive")
    roots = sum(path.is_file() for exhibit in operation.exhibits for path in exhibit.paths)
    yield Assertion(
        "P1-01", seen["n"] == counted + roots, f"{seen['n']} seen, {counted + roots} counted"
    )
    rows = case.rows(
        "SELECT rows_seen AS seen, rows_emitted + rows_skipped AS accounted FROM sources"
    )
    seen_rows = sum(row["seen"] for row in rows)
    yield Assertion(
        "P1-03",
        bool(rows) and all(row["seen"] == row["accounted"] for row in rows),
        f"{seen_rows} rows of {len(rows)} sources",
    )


def _nothing_changed(before: Listing, after: Listing) -> Assertion:
    return Assertion(
        "P2-01",
        before == after and bool(before),
        f"{len(before)} files compared by SHA-256, size and time",
    )


def _derived_again(case: Case, samples: int) -> Iterator[Assertion]:
    events = case.rows(
        "SELECT event_id, locator, source_id, split_part(event_id, '#', 1) AS item_id "
        "FROM messages ORDER BY md5(event_id) LIMIT $n",
        n=samples,
    )
    guard = Guard(None, case.scratch)
    same = 0
    for item_id in sorted({event["item_id"] for event in events}):
        (item,) = case.rows("FROM items WHERE item_id = $id", id=item_id)
        locators = {e["locator"] for e in events if e["item_id"] == item_id}
        whole = rederive.content(case, item, guard).same
        again = list(rederive.facts(case, item, locators, guard))
        same += len(locators) if whole and again and all(a.same for a in again) else 0
    guard.close()
    yield Assertion(
        "P6-01", same == len(events) > 0, f"{same} of {len(events)} messages", trials=len(events)
    )
    again = []
    with rederive.concluded_anew(case) as anew:
        for name, table in tables().items():
            if table.home is Home.FINDINGS:
                rows = case.rows(views.whole(table).query(limit=samples))
                again += [rederive.finding(anew, {"table": name, **row}) for row in rows]
    yield Assertion(
        "P6-02",
        bool(again) and all(t.same for t in again),
        f"{sum(t.same for t in again)} of {len(again)} findings",
        trials=len(again),
    )
