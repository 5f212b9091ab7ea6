"""Taking a package in: its tables, once all of them were checked, under its origin, in one step."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import partial

import msgspec
import pyarrow as pa

from clew.casefile import Case, Context
from clew.casefile.chronicle import Chronicle
from clew.casefile.exchanged import PACKAGE_BEGUN
from clew.casefile.received import HOMES as JOINED
from clew.casefile.received import ORIGIN, STEP, Delivery, deliveries
from clew.casefile.received import qualified as under
from clew.casefile.step_manifest import StepManifest
from clew.exchange.receiving import tables as sent
from clew.exchange.receiving.forgetting import Why, forget
from clew.exchange.refused import Refused
from clew.records import (
    Exhibit,
    Package,
    PackageState,
    ReceivedCoverage,
    ReceivedJudgement,
    ReceivedTable,
)
from clew.schema import Row, received, replace, table_part, tables

_DIGITS = 8
_CASE = re.compile("[0-9a-f]{8,64}")
NOT_STATED = "0" * 64
"""Stands for the digest of a table that came in no file of its own."""
Tables = Mapping[type[Row], pa.Table]
"""Tables of a package by what they are, as the sender has them: no identifier is qualified."""


def origin_name(sender: str, case_id: str) -> str:
    """Name of a case that something came from: who sent it, and the beginning of the case's id.

    The id must be one that a case has: else a partner ``PT`` could take the origin of ``PT-unit4``.
    """
    origin = f"{sender}-{case_id[:_DIGITS]}"
    if not _CASE.fullmatch(case_id):
        raise Refused("origin", origin=origin)
    return checked_origin(origin)


def checked_origin(origin: str) -> str:
    """An origin; Refused of one that could be taken for something else."""
    if not re.fullmatch(ORIGIN, origin):
        raise Refused("origin", origin=origin)
    return origin


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """What a package brings."""

    about: Package
    """What is known of it."""
    given: Tables
    digests: Mapping[str, str] = {}
    """SHA-256 of each table's file in the package."""
    judged: Sequence[ReceivedJudgement] = ()
    """What people of the sender decided."""
    coverage: Sequence[ReceivedCoverage] = ()
    """What the sender says that it has and has not."""


def receive(context: Context) -> None:
    """Take a package of another agency in, under its origin, once it was verified and checked."""
    arrived = context.options.package
    take_in(context.case, arrived.about, arrived.given, arrived)


def take_in(case: Case, about: Package, given: Tables, arrived: Arrival | None = None) -> bool:
    """Take the tables of a package in, all or none; False where the case has it already.

    ``about`` says what is known of the package, and ``arrived`` what came with its tables.
    The case is locked for writing. Refused where it can't be merged, and then nothing is written.
    """
    admit(case, about)
    check(Arrival(about=about, given=given))
    earlier = case.manifests.get(STEP, about.package_id)
    if earlier is not None:
        if earlier.key != about.tagmanifest_sha256:
            raise Refused("same-id", package=about.package_id)
        return False
    rows = sum(table.num_rows for table in given.values())
    case.custody.append(
        PACKAGE_BEGUN, package=about.package_id, origin=about.origin, partner=about.partner_id,
        tagmanifest_sha256=about.tagmanifest_sha256, supersedes=about.supersedes, rows=rows,
    )  # fmt: skip
    _publish(case, arrived or Arrival(about=about, given=given), rows)
    if about.supersedes and any(
        d.package == about.supersedes for d in deliveries(case.manifests.every())
    ):
        forget(case, about.supersedes, Why.SUPERSEDED, by_package=about.package_id)
    return True


def check(arrived: Arrival) -> None:
    """Refuse a package of which a table is not as it is declared."""
    for row, table in arrived.given.items():
        sent.check(row, table, arrived.about.sealed_at)


def admit(case: Case, about: Package) -> None:
    """Refuse what was superseded or recalled, and what would touch another sender's package."""
    checked_origin(about.origin)
    log = Chronicle(case.custody).exchanged
    package, partner = about.package_id, about.partner_id
    if by := log.superseded.get((partner, package)):
        raise Refused("superseded", package=package, by=by)
    if (partner, package) in log.recalled:
        raise Refused("recalled", package=package)
    for other in filter(None, (about.supersedes, about.recalls)):
        whose = next((d for d in deliveries(case.manifests.every()) if d.package == other), None)
        if whose and whose.partner != partner:
            raise Refused("other-sender", package=other, sender=whose.partner, other=partner)


def _publish(case: Case, arrived: Arrival, rows: int) -> None:
    """Write the rows under their origin, and let them be in force in one step."""
    about = replace(arrived.about, rows=rows, state=PackageState.RECEIPTED)
    given = sorted(arrived.given.items(), key=lambda item: item[0].table_name)
    listed = [
        ReceivedTable(
            origin=about.origin, package_id=about.package_id, table_name=row.table_name,
            rows=table.num_rows, sha256=arrived.digests.get(row.table_name, NOT_STATED),
        )
        for row, table in given
    ]  # fmt: skip
    parts = [
        (received(row), partial(sent.kept, row, table, about.origin))
        for row, table in given if table.num_rows
    ]  # fmt: skip
    delivery = Delivery(
        package=about.package_id, origin=about.origin, partner=about.partner_id,
        sealed_at=about.sealed_at, handling=about.handling, tlp=about.tlp,
        supersedes=about.supersedes, exhibits=_exhibits(about.origin, arrived.given),
    )  # fmt: skip
    manifest = StepManifest(STEP, about.package_id, about.tagmanifest_sha256, (), delivery.detail())
    described = (table_part(Package, [about]), table_part(ReceivedTable, listed),
                 table_part(ReceivedCoverage, arrived.coverage),
                 table_part(ReceivedJudgement, arrived.judged))  # fmt: skip
    case.publish(manifest, [*parts, *described], rows=rows, partner=about.partner_id)


def _exhibits(origin: str, given: Tables) -> dict[str, str]:
    """Exhibits that rows are of, by their names here, each with its content digest, if stated."""
    found: dict[str, str] = {}
    for row, table in given.items():
        if row.home in JOINED and "exhibit_id" in table.column_names:
            found |= dict.fromkeys(table.column("exhibit_id").unique().to_pylist(), "")
    if Exhibit in given:
        stated = given[Exhibit].select(["exhibit_id", "content_sha256"]).to_pydict()
        found |= dict(zip(stated["exhibit_id"], stated["content_sha256"], strict=True))
    return {under(origin, exhibit): digest for exhibit, digest in sorted(found.items())}


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """What a package would add to a case, counted before anything is written."""

    rows: dict[str, int]
    """Rows by table."""
    exhibits: int
    """Exhibits of others."""
    own_exhibits: int
    """Of these, devices that the case has itself: they add no witness."""
    messages: int
    """Messages, by the messenger's own id or as copies without one."""
    new_messages: int
    """Of these, messages that the case does not know."""
    accounts: int
    new_accounts: int
    contents: int
    """Different files by SHA-256."""
    new_contents: int


_COUNTS = {
    "messages": ("messages", "coalesce(message_key, event_id)"),
    "accounts": ("accounts", "account_id"),
    "contents": ("shares", "sha256"),
}
"""What is counted of a package: the table and what tells one from another."""


def preview(case: Case, given: Tables) -> Preview:
    """What a package would add; nothing is written."""
    rows = {row.table_name: table.num_rows for row, table in sorted(
        given.items(), key=lambda item: item[0].table_name)}  # fmt: skip
    exhibits = given.get(Exhibit)
    digests = exhibits.column("content_sha256").to_pylist() if exhibits is not None else []
    known = case.rows("SELECT count(*) AS n FROM exhibits WHERE list_contains($digests, "
                      "content_sha256)", digests=digests)[0]["n"]  # fmt: skip
    counts: dict[str, int] = {}
    for name, (table, one) in _COUNTS.items():
        offered = given.get(tables()[table])
        counts |= _new(case, name, table, one, offered)
    return Preview(rows=rows, exhibits=len(digests), own_exhibits=known, **counts)


def _new(case: Case, name: str, table: str, one: str, offered: pa.Table | None) -> dict[str, int]:
    """How many there are of something in a package, and how many that the case does not know."""
    if offered is None:
        return {name: 0, f"new_{name}": 0}
    sql = (
        f"WITH offered AS (SELECT DISTINCT {one} AS one FROM offered_rows), "  # noqa: S608
        f"known AS (SELECT DISTINCT {one} AS one FROM {table}) "
        "SELECT count(*) AS n, count(*) FILTER (one NOT IN (SELECT one FROM known "
        "WHERE one IS NOT NULL)) AS new FROM offered WHERE one IS NOT NULL"
    )
    with case.engine.with_tables(offered_rows=offered):
        (found,) = case.rows(sql)
    return {name: found["n"], f"new_{name}": found["new"]}
