"""Output of ALEAPP and iLEAPP: ``_lava_artifacts.db``, TSV files, and what the run says of itself.

Each row that is read carries in its locator the artifact of the tool that it comes from; the tool
and its version stand in ``_lava_data.lava``, a source of its own. What the rows of an artifact are
is data (``mapping.toml``); an artifact that is not there is counted and reported.

References:
    - docs/formats/leapp.md

"""

import csv
import io
import json
import sqlite3
from collections.abc import Iterator
from itertools import islice

from clew import records
from clew.facts.database import Database, schema
from clew.facts.reader_api import SQLITE, Found, Probe, Reader, schema_fingerprint
from clew.facts.readers.leapp.mapping import Plan, plan
from clew.facts.readers.leapp.rows import Leapp
from clew.facts.sources import report_torn
from clew.schema import Batch, Row

VERSION = "3"
LAVA, TSV, RUN = "leapp.lava", "leapp.tsv", "leapp.run"
_PAGE = 5_000
_HEAD = 1 << 16
_LONGEST_FIELD = 1 << 24
_MOST_DESCRIBED = 1 << 26
_OWN = "_"
"""Tables of the database itself, beside those of artifacts, begin so."""


class _Lava(Database):
    reader = "leapp"
    platform = "leapp"


def probe(found: Found) -> Probe | None:
    """Tell the database by the tool's own tables, a TSV file by its folder."""
    name = found.name.casefold()
    if found.media_type == SQLITE:
        with found.sqlite() as db:
            tables = schema(db)
        own = {"_lava_media_items", "_lava_media_references", "_artifact_search_patterns"}
        return Probe(LAVA, 0.9) if name == "_lava_artifacts.db" or own <= set(tables) else None
    if name in ("_lava_data.lava", "_lava_data.json"):
        return Probe(RUN, 0.9)
    if name.endswith(".tsv") and "_tsv exports" in found.path.casefold():
        return Probe(TSV, 0.9)
    if name.endswith(".tsv"):
        with found.open() as file:
            first = file.readline(_HEAD).decode("utf-8-sig", "replace")
        return Probe(TSV, 0.6) if plan(found.name[:-4], first.split("\t")) else None
    return None


def read(found: Found) -> Iterator[Row | Batch]:
    """Read what a tool has read; whatever can't be read is reported, and the rest goes on."""
    name = found.name.casefold()
    if name.endswith(".tsv"):
        yield from _tsv(found)
    elif name in ("_lava_data.lava", "_lava_data.json"):
        yield from _run(found)
    else:
        yield from _database(found)


def _database(found: Found) -> Iterator[Row | Batch]:
    leapp = Leapp(found)
    try:
        with found.sqlite() as db:
            base = _Lava(found, db)
            report_torn(base)
            yield from _artifacts(base, leapp)
            yield from _account(leapp, LAVA, "lava", schema_fingerprint(base.tables))
            yield from base.unread()
            yield from leapp.unread()
    except sqlite3.Error as error:
        yield found.unread("file", "damaged", cause=error)


def _artifacts(base: _Lava, leapp: Leapp) -> Iterator[Row | Batch]:
    if not any(not table.startswith((_OWN, "sqlite_")) for table in base.tables):
        base.report("file", "no_known_table")
    _media(base, leapp)
    for table, columns in base.tables.items():
        if table.startswith((_OWN, "sqlite_")):
            leapp.tally.not_read(table, "tools_own", base.count(table))
            continue
        found = plan(table, columns)
        if found is None:
            leapp.missing[table] = base.count(table)
            continue
        named = ", ".join(f'"{column}"' for column in columns)
        select = f'SELECT rowid, {named} FROM "{table}"'
        for page in base.pages(table, select, "rowid", size=_PAGE):
            rows = list(zip(*page[1:], strict=True))
            yield from leapp.read(found, table, page[0], rows)
    leapp.report_missing()


def _media(base: _Lava, leapp: Leapp) -> None:
    """Where the files lie that artifacts name by a reference."""
    references, items = "_lava_media_references", "_lava_media_items"
    if base.has(references, "id", "media_item_id") and base.has(items, "id", "source_path"):
        select = (
            f"SELECT r.id, i.source_path, {base.column(items, 'type', 'i')} "
            f"FROM {references} AS r JOIN {items} AS i ON i.id = r.media_item_id"
        )
        for reference, *stated in base.fetch(references, select):
            path, media_type = (str(value) if value else None for value in stated)
            leapp.media[str(reference)] = (path, media_type)


def _tsv(found: Found) -> Iterator[Row | Batch]:
    leapp, name = Leapp(found), found.name[:-4]
    csv.field_size_limit(_LONGEST_FIELD)
    with found.open() as raw:
        text = io.TextIOWrapper(raw, "utf-8-sig", "backslashreplace", newline="")
        lines = csv.reader(text, delimiter="\t")
        try:
            headers = next(lines, [])
            known = plan(name, headers)
            if known is None:
                leapp.missing[name] = sum(1 for _ in lines)
            else:
                yield from _rows(leapp, known, name, headers, lines)
        except csv.Error as error:
            row = f"{name}/{lines.line_num}"
            leapp.report(row, "damaged_from", cause=error, at=row)
    if not headers:
        leapp.report("file", "no_record")
    leapp.report_missing()
    yield from _account(leapp, TSV, name)
    yield from leapp.unread()


def _rows(
    leapp: Leapp, known: Plan, name: str, headers: list[str], lines: Iterator[list[str]]
) -> Iterator[Row | Batch]:
    """Rows in pages; the headers come again where the tool wrote to the file twice."""
    numbered = ((n, row) for n, row in enumerate(lines, 2) if not _again(leapp, name, row, headers))
    while page := list(islice(numbered, _PAGE)):
        yield from leapp.read(known, name, [n for n, _ in page], [row for _, row in page])


def _again(leapp: Leapp, name: str, row: list[str], headers: list[str]) -> bool:
    if row == headers:
        leapp.tally.skipped(name, "headers_again")
    return row == headers


def _run(found: Found) -> Iterator[Row]:
    """What a run says of itself: the tool, its version, and how many rows of each artifact."""
    leapp = Leapp(found)
    try:
        with found.open() as file:
            said = json.loads(file.read(_MOST_DESCRIBED))
        info = said.get("parser_info") or {}
        described = [a for group in said["artifacts"].values() for a in group]
        generation = f"{info.get('leapp_name', 'LEAPP')} {info.get('leapp_version', '')}".strip()
    except (ValueError, KeyError, AttributeError, TypeError, RecursionError) as error:
        yield found.unread("file", "no_description", cause=repr(error))
        return
    for artifact in described:
        name = str(artifact.get("tablename")) if isinstance(artifact, dict) else "unknown"
        leapp.tally.skipped(name, "description")
    yield from _account(leapp, RUN, generation)


def _account(
    leapp: Leapp, kind: str, generation: str, fingerprint: str | None = None
) -> Iterator[Row]:
    """The row of the file, and the account of its rows: those of artifacts that are covered."""
    account = list(leapp.tally.rows(leapp.found))
    seen = sum(row.rows for row in account if row.became != "not_read")
    emitted = sum(row.rows for row in account if row.became == records.Message.table_name)
    yield leapp.found.source(
        kind=kind,
        generation=generation,
        schema_fingerprint=fingerprint,
        tz_basis=records.TimeBasis.UTC,
        rows_seen=seen,
        rows_skipped=seen - emitted,
        first_at=leapp.first_at,
        last_at=leapp.last_at,
    )
    yield from account


READER = Reader(
    name="leapp",
    version=VERSION,
    media_types=(SQLITE,),
    files=("_lava_artifacts.db", "_lava_data.lava", "_lava_data.json", "*.tsv"),
    knows=(
        "_lava_artifacts.db of ALEAPP and iLEAPP, schema versions 1 and 2 (2024 to 2026)",
        "TSV files of a folder _TSV Exports (2020 to 2026)",
        "messages, calls, contacts and accounts of the messengers in mapping.toml",
    ),
    cannot=(
        "artifacts that mapping.toml does not name: counted and reported",
        "HTML, KML and timeline output",
        "hashes of files, ids of messages: the tools do not export them, but for some of WhatsApp",
        "that a row of a TSV file is the same as one of the database of the same run",
    ),
    probe=probe,
    rows_of=read,
    yields=(
        records.Source, records.SourceRows, records.Account, records.AccountName, records.Chat,
        records.Message, records.Share, records.Invite, records.Contact, records.Call,
        records.CallParty, records.Unread,
    ),
)  # fmt: skip
