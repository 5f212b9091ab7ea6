"""A database as a whole: opened, read, and accounted for, to what stands in its log alone."""

import sqlite3
from collections.abc import Callable, Generator, Iterator
from datetime import datetime
from typing import TypeVar

import msgspec

from clew.facts.database import Database
from clew.facts.reader_api import Found, schema_fingerprint
from clew.records import Source, TimeBasis
from clew.schema import Batch, Row

Base = TypeVar("Base", bound=Database)
Reading = Generator[Row | Batch, None, "Kept | None"]
"""Rows of a database, and at the end what it was; None where it had nothing to read."""


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What a reader knows of the database that it has read."""

    kind: str
    generation: str
    main: tuple[str, ...]
    """Tables whose rows count."""
    became: type[Row]
    """What those rows are read into."""
    has_owner: bool = True
    """It is the database of one account, which is its holder's."""
    sent: str = ""
    """Column of a main table with the time of a message, if it has one."""


def read_whole(
    found: Found,
    kind: type[Base],
    read: Callable[[Base], Reading],
    inner: Callable[[str], bool] = lambda _: False,
) -> Iterator[Row | Batch]:
    """Open a database, read it and give account of it; what can't be read is reported."""
    try:
        with found.sqlite() as db:
            base = kind(found, db)
            report_torn(base)
            kept = yield from read(base)
            if kept is not None:
                count_the_rest(base, inner)
                yield source(base, kept)
                yield from base.tally.rows(found)
            yield from base.unread()
    except sqlite3.Error as error:
        yield found.unread("file", "damaged", cause=error)


def report_torn(base: Database) -> None:
    """Report a file that is shorter than its own header states: SQLite reads zeros beyond it."""
    if base.found.with_wal:
        return
    ((pages,),) = base.fetch("file", "PRAGMA page_count") or ((0,),)
    ((size,),) = base.fetch("file", "PRAGMA page_size") or ((0,),)
    there = base.found.file.stat().st_size
    if there < pages * size:
        base.report("file", "torn", bytes=there, stated=pages * size)


def count_the_rest(base: Database, inner: Callable[[str], bool] = lambda _: False) -> None:
    """Name every table that holds rows and that nothing was read from.

    ``inner`` tells tables that are the storage engine's own, such as a search index.
    """
    read_from = {row.source_table.partition(" ")[0] for row in base.tally.rows(base.found)}
    for table in base.tables:
        engines = table.startswith("sqlite_") or inner(table)
        if table not in read_from and not engines and (rows := base.count(table)):
            base.tally.not_read(table, "not_used", rows)


def source(base: Database, kept: Kept) -> Source:
    """The row of a database that was read; rows of its main tables that got lost are counted."""
    found = base.found
    seen = sum(base.count(table) for table in kept.main)
    emitted = sum(base.tally.count(t, kept.became.table_name) for t in kept.main)
    skipped = sum(base.tally.count(t, "skipped") for t in kept.main)
    if lost := seen - emitted - skipped:
        base.tally.skipped(kept.main[-1], "damaged", lost)
    first, last = _span(base, kept)
    return found.source(
        kind=kept.kind,
        generation=kept.generation,
        schema_fingerprint=schema_fingerprint(base.tables),
        companions=found.companions,
        owner_account_id=base.owner if kept.has_owner else None,
        tz_basis=TimeBasis.UTC,
        rows_seen=seen,
        rows_skipped=seen - emitted,
        rows_only_in_wal=sum(found.only_in_log(t) for t in kept.main if t in base.tables),
        with_wal=found.with_wal,
        first_at=first,
        last_at=last,
    )


def _span(base: Database, kept: Kept) -> tuple[datetime | None, datetime | None]:
    """Earliest and latest time of a message."""
    times: list[int] = []
    for table in kept.main:
        if base.has(table, kept.sent):
            select = f"SELECT min({kept.sent}), max({kept.sent}) FROM {table} WHERE {kept.sent} > 0"
            found = base.fetch(table, select)
            stored = (t for row in found for t in row if isinstance(t, int | float))
            times += map(base.milliseconds, stored)
    if not times:
        return None, None
    column = f"{kept.main[-1]}.{kept.sent}"
    first, last = (base.time(column, t, "") for t in (min(times), max(times)))
    return first, last
