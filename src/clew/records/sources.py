"""The files that were read, the account of their rows, and what could not be read."""

from datetime import datetime
from enum import StrEnum

from clew.records.accounts import Account
from clew.records.evidence import Item, Sha256
from clew.records.facts import DateOrder, Fact, TimeBasis
from clew.schema import Figures, Id, Path, ReasonCode, Term


class Severity(StrEnum):
    """How much an unread thing matters."""

    INFO = "info"
    """Known and left out on purpose."""
    WARNING = "warning"
    """Part of a source could not be read."""
    ERROR = "error"
    """A whole source could not be read."""


class Source(Fact, table="sources", key=("exhibit_id", "item_id")):
    """One file that a reader read, and what came of its rows."""

    item_id: Id[Item]
    """The file; of several with the same content on one exhibit, the first by path."""
    kind: Term
    """What the file is, such as ``whatsapp.android.msgstore``."""
    generation: Term | None = None
    """Generation or flavour of the format, such as ``modern`` or ``ios``."""
    schema_fingerprint: Sha256 | None = None
    """SHA-256 over the sorted table and column names of a database."""
    reader: Term
    """Reader that read it."""
    reader_version: Term
    """Version of that reader."""
    companions: tuple[Path, ...] = ()
    """Paths of files read with it, such as its write-ahead log or wa.db."""
    owner_account_id: Id[Account] | None = None
    """Account of the device's holder, where the source says."""
    tz_basis: TimeBasis
    """Clock that its times are in."""
    date_order: DateOrder | None = None
    """How dates are written, for text."""
    rows_seen: int
    """Rows or lines of the source's main table."""
    rows_emitted: int
    """Of these, rows that became messages."""
    rows_skipped: int
    """Of these, rows left out, each with its reason in ``source_rows``."""
    rows_only_in_wal: int = 0
    """Rows that stand in the write-ahead log only, and are lost if it is left behind."""
    with_wal: bool = False
    """A write-ahead log was read with the database."""
    first_at: datetime | None = None
    """Earliest time of a message in it."""
    last_at: datetime | None = None
    """Latest time of a message in it."""
    truncated_suspect: bool = False
    """It looks cut short, such as a text export near WhatsApp's limit."""


class SourceRows(Fact, table="source_rows"):
    """The account of a source's rows: seen = emitted + skipped, table by table."""

    source_table: Term
    """Table or kind of line in the source."""
    became: Term
    """Table of Clew that the rows went into; ``skipped`` or ``not_read`` otherwise."""
    reason: ReasonCode | None = None
    """Why rows were skipped or not read; docs/codes.md explains every code."""
    rows: int
    """How many."""


class Unread(Fact, table="unread"):
    """Something that a reader met and could not read, or left out."""

    item_id: Id[Item]
    """File it lies in."""
    path: Path
    """Path of that file on the exhibit."""
    reader: Term
    """Reader that met it; empty text where none took the file."""
    severity: Severity
    """How much it matters."""
    code: ReasonCode
    """What it is, such as ``encrypted``; docs/codes.md explains every code."""
    figures: tuple[Figures, ...] = ()
    """What belongs to the code, each as ``name=value``, quoted as it was met."""
