"""Annex files beside a report: each list in full, as CSV and as a sheet of one workbook.

They bear the numbers of the report, whole hashes and the same masking. The report names each with
its SHA-256, so that an annex cannot be exchanged unseen.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from clew.casefile.files import sha256_of
from clew.reading.spreadsheet import Sheet, sheet_of, write_csv, write_xlsx
from clew.report.book import Book, Row

WORKBOOK = "annex.xlsx"
_LISTS = {
    "members": "membership-periods", "invitations": "invites", "lineage": "lineage",
    "contradictions": "conflicts", "memberships-contradicted": "membership-conflicts",
    "gaps": "gaps", "not-read": "unread", "skipped": "failed", "matches": "matched-files",
}  # fmt: skip
"""Annexes that are lists of the catalogue, by the names of their files."""
_RECEIVED = ("received", "received-coverage", "received-tables")
"""Annexes of what others sent, where anything came."""
_PERSON = ("label", "person_id", "country", "basis", "is_owner_of", "groups", "admin_of", "created",
           "messages", "shares", "known", "answered")  # fmt: skip
_GROUP = ("label", "chat_id", "subject", "platform", "created_at", "members", "current_members",
          "messages", "shares", "known", "first_at", "last_at", "exhibits")  # fmt: skip
_FILE = ("label", "sha256", "categories", "sets", "times", "persons", "groups", "countries",
         "files", "exhibits")  # fmt: skip
_NEW = ("label", "sha256", "answered", "likely_chance", "at", "chats", "persons", "countries")
_EXHIBIT = ("exhibit_id", "kind", "country", "search_id", "label", "authority", "acquired_at",
            "acquired_with", "seen", "processed", "skipped", "failed", "messages",
            "content_sha256")  # fmt: skip
_SENDING = ("sent_at", "sent_local", "sha256", "in_group", "forwarded", "own_device", "witnesses",
            "event_id")  # fmt: skip


class Annex(msgspec.Struct, frozen=True):
    """A file beside the report."""

    name: str
    rows: int
    sha256: str


def write_annexes(book: Book, folder: Path) -> list[Annex]:
    """Write every annex into a folder, which is made where it is not there."""
    folder.mkdir(exist_ok=True)
    sheets = {name: _kept(sheet) for name, sheet in _sheets(book)}
    written = {f"{name}.csv": write_csv(folder / f"{name}.csv", s) for name, s in sheets.items()}
    written[WORKBOOK] = write_xlsx(folder / WORKBOOK, sheets.values())
    return [Annex(name, rows, sha256_of(folder / name)) for name, rows in written.items()]


def _kept(sheet: Sheet) -> Sheet:
    """A sheet whose rows can be taken twice."""
    return msgspec.structs.replace(sheet, rows=list(sheet.rows))


def _sheets(book: Book) -> Iterator[tuple[str, Sheet]]:
    yield "persons", _sheet("persons", book.persons, _PERSON)
    yield "groups", _sheet(
        "groups", [g | {"created_by": _label(book, "person", g["creator"])} for g in book.groups],
        (*_GROUP, "created_by"),
    )  # fmt: skip
    named = ("person", "file", "group", "categories", "sets")
    yield "known", _sheet("known", [_sending(book, s) for s in book.sendings], (*named, *_SENDING))
    yield "files", _sheet("files", book.files, _FILE)
    yield (
        "new",
        _sheet("new", [_new(book, n) for n in book.news], (*_NEW, "brought_in_by", "group")),
    )
    yield "exhibits", _sheet("exhibits", book.exhibits, _EXHIBIT)
    for name, listed in _LISTS.items():
        if not book.lacks(listed):
            yield name, sheet_of(book.reading, listed)
    if book.reading.case.deliveries:
        for name in _RECEIVED:
            yield name, sheet_of(book.reading, name)
    tables = [
        {"step": m.step, "scope": book.reading.text(m.scope), "table": o.table, "rows": o.rows,
         "sha256": o.sha256} for m in book.reading.case.manifests_read for o in m.outputs
    ]  # fmt: skip
    yield "tables", _sheet("tables", tables, ("step", "scope", "table", "rows", "sha256"))


def _sheet(title: str, rows: list[Row], columns: tuple[str, ...]) -> Sheet:
    heads = tuple("number" if name == "label" and title != "exhibits" else name for name in columns)
    return Sheet(title=title, columns=heads, rows=([r.get(n) for n in columns] for r in rows))


def _label(book: Book, kind: str, key: str | None) -> str | None:
    row = book.of(kind, key)
    return row["label"] if row else None


def _sending(book: Book, sending: Row) -> dict[str, Any]:
    """A sending of a known file, with the numbers of the report beside what they stand for."""
    file = book.of("file", sending["sha256"]) or {}
    named = {"person": _label(book, "person", sending["person_id"]), "file": file.get("label"),
             "group": _label(book, "group", sending["chat_id"])}  # fmt: skip
    return {**sending, **named, **{name: file.get(name) for name in ("categories", "sets")}}


def _new(book: Book, new: Row) -> dict[str, Any]:
    """A new file, with who most likely brought it in where the devices answer that."""
    person = _label(book, "person", new["likely_person_id"])
    return {**new, "brought_in_by": person, "group": _label(book, "group", new["chat_id"])}
