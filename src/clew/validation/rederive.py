"""Deriving a row of a table again, from the evidence or from the tables it rests on.

A fact is derived again by reading its file anew, in the sandbox, from the content whose SHA-256 is
on record. A finding is derived again by drawing every conclusion anew in a scratch copy of the
case, from the same facts.
"""

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from clew import pipeline, steps
from clew.casefile import Case, verify
from clew.casefile.chronicle import Chronicle
from clew.casefile.engine import Progress
from clew.casefile.files import HIDDEN
from clew.facts.content import ContentGone, Contents
from clew.facts.read import read_again
from clew.sandbox import Guard, WorkerLost
from clew.schema import tables
from clew.views import whole
from clew.words.reasons import of_problem

_COPIED = ("done", "evidence", "facts", "hashsets", "restricted", "judgements")


class Rederived(msgspec.Struct, frozen=True):
    """What came of deriving something again."""

    what: str
    """Such as ``content``, or the name of a table."""
    location: str
    """Path of the file, or key of the row."""
    same: bool
    detail: str


def content(case: Case, item: dict[str, Any], guard: Guard) -> Rederived:
    """Whether the content of an item still has the SHA-256 on record."""
    location = item["path"]
    if not item["sha256"]:
        return Rederived("content", location, same=False, detail="no content was read of it")
    guard.clear()
    target = guard.folder / "again"
    try:
        Contents(case, item["exhibit_id"]).copy(item, target, guard)
    except ContentGone as gone:
        return Rederived("content", location, same=False, detail=of_problem("unread", gone))
    finally:
        target.unlink(missing_ok=True)
    return Rederived("content", location, same=True, detail=f"SHA-256 {item['sha256']} again")


def facts(
    case: Case, item: dict[str, Any], locators: set[str], guard: Guard
) -> Iterator[Rederived]:
    """Rows read from a file, read again, and whether they are the same."""
    try:
        found = list(read_again(case, item, guard))
    except (ContentGone, WorkerLost) as lost:
        yield Rederived("source", item["path"], same=False, detail=of_problem("unread", lost))
        return
    for row in tables().values():
        parts = [b.data for b in found if b.table is row]
        if not parts or "locator" not in parts[0].schema.names:
            continue
        fresh = _at(pa.Table.from_batches(parts), locators)
        recorded = _at(_on_record(case, row.table_name, item), locators)
        if fresh.num_rows or recorded.num_rows:
            yield _compared(row.table_name, item["path"], recorded, fresh)


@contextlib.contextmanager
def concluded_anew(case: Case) -> Iterator[Case]:
    """A scratch copy of the case in which every conclusion was drawn again."""
    scratch = case.folder / f"{HIDDEN}again"  # where no query reaches, for it holds restricted sets
    shutil.rmtree(scratch, ignore_errors=True)
    try:
        with _copy(case, scratch) as again:
            pipeline.conclude(again, Progress())
            yield again
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def contents(case: Case, found: list[dict[str, Any]]) -> Iterator[Rederived]:
    """Contents and rows of every file among what was found, read again."""
    guard = Guard(None, case.scratch)
    try:
        for item in (row for row in found if row["table"] == "items" and row["kind"] == "file"):
            yield content(case, item, guard)
            locators = {
                row["locator"] for row in found
                if row.get("source_id") == item["sha256"] and row.get("locator")
            }  # fmt: skip
            if locators:
                yield from facts(case, item, locators, guard)
    finally:
        guard.close()


def finding(again: Case, found: dict[str, Any]) -> Rederived:
    """A row of a finding beside the one that was concluded again."""
    row = {name: value for name, value in found.items() if name != "table"}
    table = tables()[found["table"]]
    named = {k: row[k] for k in table.key or tuple(row)}
    view = whole(table)
    same = row in again.rows(
        view.query(*(f'"{k}" IS NOT DISTINCT FROM ${k}' for k in named)), **named
    )
    detail = "concluded again, the same" if same else "concluded again, and it differs"
    shown = ", ".join(map(str, named.values()))
    return Rederived(table.table_name, shown, same=same, detail=detail)


def figure(case: Case, again: Case, found: dict[str, Any]) -> Rederived:
    """A figure counted again: over the facts as they were written, and conclusions drawn anew."""
    name = found["figure"]
    changed = list(verify.manifests(case, Chronicle(case.custody)))
    if changed:
        return Rederived("figure", name, same=False, detail="; ".join(map(str, changed[:3])))
    (counted,) = again.rows(found["query"])
    detail = f"counted again: {counted['value']}"
    return Rederived("figure", name, same=counted["value"] == found["value"], detail=detail)


def _copy(case: Case, scratch: Path) -> Case:
    """The facts of a case, linked into a case of their own; no conclusion among them."""
    scratch.mkdir(parents=True)
    for name in _COPIED:
        if (case.folder / name).is_dir():
            shutil.copytree(case.folder / name, scratch / name, copy_function=_link)
    for step in steps.CONCLUSIONS:
        shutil.rmtree(scratch / "done" / step, ignore_errors=True)
    again = Case(scratch, case.config, is_live=True)
    again.custody.append("case opened", case_id=case.config.case_id)
    return again


def _link(source: str, target: str) -> None:
    Path(target).hardlink_to(source)


def _on_record(case: Case, table: str, item: dict[str, Any]) -> pa.Table:
    return case.sql(
        f'SELECT * FROM "{table}" WHERE exhibit_id = $exhibit AND source_id = $source',  # noqa: S608 - declared names
        exhibit=item["exhibit_id"],
        source=item["sha256"],
    )


def _at(data: pa.Table, locators: set[str]) -> pa.Table:
    return data.filter(pc.is_in(data.column("locator"), pa.array(sorted(locators), pa.string())))


def _compared(table: str, path: str, recorded: pa.Table, fresh: pa.Table) -> Rederived:
    """Rows on record beside rows read again; what only the case as a whole can fill is left out."""
    kept = [n for n in fresh.schema.names if n not in _FILLED_LATER.get(table, ())]
    same = sorted(map(repr, recorded.select(kept).to_pylist())) == sorted(
        map(repr, fresh.select(kept).to_pylist())
    )
    verdict = "read again, the same" if same else "read again, and they differ"
    return Rederived(table, path, same=same, detail=f"{recorded.num_rows} rows {verdict}")


_FILLED_LATER = {"shares": ("item_id", "sha256", "hash_basis", "size", "state")}
"""Columns that are filled by looking for the shared file among the items."""
