"""What is stated of an operation: signed, append-only; searches, seizures and arrests follow."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from clew.records.evidence import CountryCode, Sha256
from clew.records.judgements import Judgement
from clew.schema import FreeText, Kind, LocalTime, Matches, Place, Term

StatementId = Annotated[str, Kind.HASH, Matches(r"[0-9a-f]{32}")]


class About(StrEnum):
    """What a statement is about."""

    SEARCH = "search"
    EXHIBIT = "exhibit"
    PERSON = "person"
    VICTIM = "victim"
    OPERATION = "operation"


class Statement(Judgement, table="statements", key=("statement_id",)):
    """One thing that one site states; ``judged_by`` states it, ``judged_at`` it was written down.

    Statements that were written in one act share the number of that act. Nothing is changed: a
    later statement of the same site may withdraw an earlier one, and both stay.
    """

    statement_id: StatementId
    """The first 128 bits of the SHA-256 over what it states: the same wherever it is merged."""
    site: Term
    """Which list of statements it stands in: a team, an office, a case."""
    seq: int
    """Its number in that list, from 1 without gaps."""
    previous: StatementId | None = None
    """The statement before it in the list; empty of the first, and where the list names none."""
    about: About
    """What kind of thing it is about."""
    reference: FreeText
    """Which: a search, ``SEARCH/NUMBER`` of an exhibit, a person by a code and never by a name."""
    says: FreeText
    """What is stated, such as ``entered``, ``seized``, ``arrested`` or ``withdrawn``."""
    country: CountryCode | None = None
    """Country of the act (ISO 3166-1)."""
    place: Place | None = None
    """Where it was, in words."""
    happened_at: LocalTime | None = None
    """When it happened: in UTC with a Z at its end, else local, or a day alone."""
    clock_note: FreeText | None = None
    """What the site says of its clock."""
    heard_from: FreeText | None = None
    """From whom it was heard; empty where it was seen or done by the site itself."""
    withdraws: tuple[Term, ...] = ()
    """Numbers, in the same list, of the statements that it withdraws."""
    particulars: tuple[FreeText, ...] = ()
    """What else is stated, each as ``name=value``, such as ``kind=phone``."""
    origin: Term | None = None
    """Case that it came from in a package; empty where it did not."""
    handling: tuple[Term, ...] = ()
    """Handling codes that it came under."""


class SiteSheet(Judgement, table="site_sheets", key=("number",)):
    """A file of statements that was merged, and the key that signs them."""

    site: Term
    """The list that it is of."""
    public_key: Term | None = None
    """Key of the site, Ed25519 in base64; empty where the file was not signed."""
    statements: int
    """Statements in the file."""
    fresh: int
    """Of these, statements that the case did not have."""
    last: StatementId | None = None
    """The last statement of the file, by number."""
    signature: Term | None = None
    """Signature of the site over that statement's id."""
    file_sha256: Sha256
    """SHA-256 of the file as it came."""
    merged_at: datetime
    """When it was merged, in UTC."""
