"""Packages between agencies, and what each that was received brought, by the case it came from."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from clew.records.accounts import Account
from clew.records.evidence import Exhibit, Sha256
from clew.schema import FreeText, Hash, Home, Id, Row, Staff, Term


class Direction(StrEnum):
    """Which way a package went."""

    RECEIVED = "received"
    SENT = "sent"


class PackageState(StrEnum):
    """What became of a package."""

    DRAFT = "draft"
    APPROVED = "approved"
    SEALED = "sealed"
    RECEIPTED = "receipted"
    """It was taken in, and its receipt was written."""
    SUPERSEDED = "superseded"
    RECALLED = "recalled"
    ERASED = "erased"


class Package(Row, table="packages", home=Home.RECEIVED, key=("package_id",)):
    """A sealed package of findings for named receivers, as its header states."""

    package_id: Term
    """Name that the sender gave it, unique to it."""
    direction: Direction
    """Whether it was received or sent."""
    origin: Term
    """Case that it came from, as its rows name it; it stands before the ``~`` of their ids."""
    partner_id: Term
    """Agency that sent it, as it is registered here."""
    sealed_at: datetime
    """When it was sealed, as the sender states; when it came the custody log has."""
    tagmanifest_sha256: Sha256
    """SHA-256 of the tag manifest of its bag: the digest that stands for all that is in it."""
    signer: Hash
    """Fingerprint of the key whose signature was checked."""
    supersedes: Term | None = None
    """Earlier package of the sender that it replaces."""
    recalls: Term | None = None
    """Earlier package of the sender that it takes back."""
    handling: tuple[Term, ...] = ()
    """Handling codes of Europol, ``H0`` to ``H3``; derived rows inherit the strictest."""
    handling_text: FreeText | None = None
    """What H3 asks for, in words."""
    tlp: Term | None = None
    """Traffic Light Protocol 2.0, such as ``TLP:AMBER``."""
    legal_basis: FreeText | None = None
    """Legal basis on which it was sent."""
    purpose: FreeText | None = None
    """What it may be used for."""
    named: int = 0
    """Persons named in it."""
    counted: int = 0
    """Persons of whom it has a number only."""
    tokens: int = 0
    """Third persons who stand in it as tokens."""
    texts: int = 0
    """Free texts in it."""
    rows: int
    """Rows of its tables."""
    state: PackageState
    """What became of it."""
    keep_until: datetime | None = None
    """When it must be erased."""


class ReceivedTable(Row, table="received_tables", home=Home.RECEIVED,
                    key=("package_id", "table_name")):  # fmt: skip
    """A table of a package as it came in, before its ids were put under its origin."""

    origin: Term
    """Case that it came from."""
    package_id: Term
    """The package."""
    table_name: Term
    """Table of Clew whose rows it has."""
    rows: int
    """How many."""
    sha256: Sha256
    """SHA-256 of the file in the package."""


class CoverageKind(StrEnum):
    """What a count of a sender's coverage is of."""

    SENT = "sent"
    """Rows that the package has."""
    WITHHELD = "withheld"
    """Rows of the sender's case that it has not; the register ``package_why`` explains why."""
    PERSONS = "persons"
    """Persons of the sender's case: named, or why they are not."""
    NOT_READ = "not_read"
    """What the sender could not read on an exhibit; the register ``unread`` explains why."""


class ReceivedCoverage(
    Row, table="received_coverage", home=Home.RECEIVED,
    key=("package_id", "kind", "table_name", "exhibit_id", "reason"),
):  # fmt: skip
    """What a sender says that a package has, has not, and what could not be read."""

    origin: Term
    """Case that it came from."""
    package_id: Term
    """The package."""
    kind: CoverageKind
    """What is counted."""
    table_name: Term | None = None
    """Table that the rows are of."""
    exhibit_id: Id[Exhibit] | None = None
    """Exhibit of the sender, under its origin, on which something was not read."""
    reason: Term | None = None
    """Why, as a code of the sender's Clew."""
    rows: int
    """How many rows, persons or failures."""


class ReceivedJudgement(Row, table="received_judgements", home=Home.RECEIVED,
                        key=("package_id", "number")):  # fmt: skip
    """What somebody of another agency decided: theirs, and in no finding until it is adopted."""

    origin: Term
    """Case that it came from."""
    package_id: Term
    """The package."""
    number: int
    """Number in the sender's ledger: a later package may bring the same judgement again."""
    decided_in: Term
    """Table of the ledger that it is of, such as ``person_judgements``."""
    sha256: Sha256 | None = None
    """File that it is about."""
    accounts: tuple[Id[Account], ...] = ()
    """Accounts that it is about."""
    says: FreeText
    """What was decided, such as ``accept``, or a category in full."""
    judged_by: Staff
    """Who decided."""
    reason: FreeText | None = None
    """Why, where the sender says so."""
    judged_at: datetime
    """When, in UTC."""
