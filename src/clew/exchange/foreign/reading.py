"""A partner's file in another format as an arrival: its rows, under a name of its own.

Such a file has no signature that is checked here: its package says so by a signer of zeros, and
rests on the word of whoever hands it in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

import msgspec
import pyarrow as pa

from clew.casefile.ledger import now
from clew.errors import EvidenceError, UsageError
from clew.exchange.decoding import whole
from clew.exchange.foreign.worker import FORMATS, TASK, Refused
from clew.exchange.markings import Marking
from clew.exchange.receiving.taking import Arrival, Tables, origin_name
from clew.records import (
    Direction,
    Exhibit,
    ExhibitKind,
    Item,
    ItemKind,
    Outcome,
    Package,
    PackageState,
    Partner,
)
from clew.sandbox import Guard, WorkerLost
from clew.schema import Batch, Id, Row, to_arrow
from clew.words import reasons

NO_SIGNER = "0" * 64
"""Signer of what nobody signed."""
_UNKNOWN = "ZZ"
"""Country of an agency that is of no country, as ISO 3166-1 leaves it to its users."""


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """What whoever hands a file in says of it; UsageError where that is nothing."""

    partner: Partner
    marking: Marking
    legal_basis: str
    purpose: str

    def __post_init__(self) -> None:
        if not self.legal_basis.strip() or not self.purpose.strip():
            raise UsageError(
                "what comes in has a legal basis and a purpose; nothing was taken in",
                do='Say them: --legal-basis "request 12/26" --purpose "investigation op-17"',
            )


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """A file as it lies there."""

    file: Path
    sha256: str
    size: int

    @classmethod
    def of(cls, file: Path) -> Content:
        """Digest and size of a file; UsageError where it can't be read."""
        try:
            with file.open("rb") as opened:
                digest = hashlib.file_digest(opened, "sha256").hexdigest()
                return cls(file=file.absolute(), sha256=digest, size=opened.tell())
        except OSError as error:
            why = error.strerror or error
            raise UsageError(f"{file.name} can't be read: {why}", do="Look to its path.") from error

    @property
    def exhibit_id(self) -> Id[Exhibit]:
        """Name of the file as an exhibit."""
        return Id[Exhibit](f"file-{self.sha256[:12]}")

    @property
    def item_id(self) -> Id[Item]:
        """Name of the file as an item."""
        return Id[Item](self.sha256[:20])


def read(guard: Guard, content: Content, form: str) -> list[Batch]:
    """Rows of a file in one of ``FORMATS``, read in a worker; EvidenceError where it is in none."""
    assert form in FORMATS
    asked = {"form": form, "exhibit_id": content.exhibit_id, "item_id": content.item_id,
             "source_id": content.sha256, "path": content.file.name}  # fmt: skip
    found: list[Batch] = []
    try:
        for part in guard.run(TASK, asked, {"file": content.file}):
            if isinstance(part, Batch):
                found.append(part)
            else:
                why = msgspec.convert(part, Refused).refused
                raise _refused(content, form, why)
    except WorkerLost as lost:
        raise _refused(content, form, reasons.of_problem("unread", lost)) from lost
    return found


def _refused(content: Content, form: str, why: str) -> EvidenceError:
    return EvidenceError(
        f"{content.file.name} can't be read as {form}: {why}",
        do="Nothing was taken in. Ask the sender which program wrote it, and in which format.",
    )


def arrival(content: Content, given: Given, parts: Iterable[Batch]) -> Arrival:
    """What is taken in: the rows that were read, the file as an exhibit, and where it is from."""
    tables = _tables([*_frame(content, given.partner), *parts])
    partner = given.partner.partner_id
    about = Package(
        package_id=f"file-{content.sha256[:32]}",
        direction=Direction.RECEIVED,
        origin=origin_name(partner, content.sha256),
        partner_id=partner,
        sealed_at=now(),
        tagmanifest_sha256=content.sha256,
        signer=NO_SIGNER,
        handling=tuple(code.value for code in given.marking.handling),
        handling_text=given.marking.restrictions,
        tlp=given.marking.tlp.value,
        legal_basis=given.legal_basis,
        purpose=given.purpose,
        rows=sum(table.num_rows for table in tables.values()),
        state=PackageState.SEALED,
    )
    return Arrival(about=about, given=tables)


def _frame(content: Content, partner: Partner) -> list[Batch]:
    """The file itself: an exhibit of one item, of which nothing but its digest is kept."""
    exhibit = Exhibit(
        exhibit_id=content.exhibit_id, kind=ExhibitKind.REPORT,
        country=partner.country or _UNKNOWN, authority=partner.partner_id, hash_only=True,
        content_sha256=content.sha256, label=content.file.name,
    )  # fmt: skip
    item = Item(
        item_id=content.item_id, exhibit_id=content.exhibit_id, path=content.file.name,
        in_archive=False, kind=ItemKind.FILE, size=content.size, sha256=content.sha256,
        outcome=Outcome.PROCESSED,
    )  # fmt: skip
    rows: tuple[Row, ...] = (exhibit, item)
    return [Batch(type(row), to_arrow(type(row), [row]).to_batches()[0]) for row in rows]


def _tables(parts: Iterable[Batch]) -> Tables:
    found: dict[type[Row], list[pa.RecordBatch]] = {}
    for part in parts:
        found.setdefault(part.table, []).append(part.data)
    return {row: whole(row, data) for row, data in found.items()}
