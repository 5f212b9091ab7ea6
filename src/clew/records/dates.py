"""What says in which order the dates of a text export are written, and what followed from it."""

from enum import StrEnum

from clew.records.evidence import Exhibit, Item, Sha256
from clew.records.facts import DateOrder, Fact
from clew.records.messages import Message
from clew.schema import Home, Id, LocalTime, Locator, Row, Term


class DateVoteKind(StrEnum):
    """What speaks for an order of day, month and year."""

    WRITTEN = "written"
    """Dates with the year in front, or with the name of a month."""
    NUMBERS = "numbers"
    """Dates with a number above twelve, which is no month."""
    SEQUENCE = "sequence"
    """Times of the file that run back if read in the other order."""
    ATTACHMENTS = "attachments"
    """Names of attachments with a date, on lines that have that date in one order only."""
    SEPARATOR = "separator"
    """Dots or dashes, before a year at the end: no locale writes the month first so."""
    FORM = "form"
    """Numbers of two digits, years of four and a clock of 24 hours, or ``am`` and ``pm`` in small
    letters: what the United States, who write the month first, do not write."""
    LANGUAGE = "language"
    """Notices in a language whose locales write the date in one order only."""
    FILE_TIMES = "file_times"
    """Times of change of the export and of its attachments, where an archive kept them."""
    MESSAGES = "messages"
    """The same messages in databases of the case, by text, sender and time."""
    EXPORTS = "exports"
    """Other exports of the exhibit, written alike, whose order is known."""


class DateWeight(StrEnum):
    """How much a vote on the order of dates says."""

    PROOF = "proof"
    """No other order can be read."""
    STRONG = "strong"
    """Another order would need a coincidence."""
    HABIT = "habit"
    """What programs of that language and form do; it counts where nothing speaks against it."""
    WEAK = "weak"
    """It counts beside another kind only."""


class DateVote(Fact, table="date_votes"):
    """What one kind of sign in a text export, or beside it, says of the order of its dates."""

    item_id: Id[Item]
    """The export; the locator is the first that says so."""
    generation: Term
    """Platform whose lines it is about, ``ios`` or ``android``."""
    kind: DateVoteKind
    """What says so."""
    weight: DateWeight
    """How much it says."""
    day_first: int
    """Signs for day, month, year."""
    month_first: int
    """Signs for month, day, year."""
    year_first: int = 0
    """Signs for year, month, day."""


class DateReading(Fact, table="date_readings"):
    """Both readings of the date of a message, where no date of its export proves the order."""

    event_id: Id[Message]
    """The message."""
    day_first: LocalTime
    """Its local time, read as day, month, year."""
    month_first: LocalTime
    """Its local time, read as month, day, year."""


class DateVoteBeside(Row, table="date_votes_beside", home=Home.FINDINGS):
    """What lies beside a text export says of the order of its dates."""

    exhibit_id: Id[Exhibit]
    """Exhibit of the export."""
    source_id: Sha256
    """SHA-256 of the export."""
    kind: DateVoteKind
    """What says so."""
    weight: DateWeight
    """How much it says."""
    day_first: int
    """Signs for day, month, year."""
    month_first: int
    """Signs for month, day, year."""
    event_id: Id[Message] | None = None
    """First message of the export that says so."""
    other_source_id: Sha256
    """File that it is compared with, the first of several; the export's own for its time."""
    other_locator: Locator
    """Locator in that file."""


class DateOrderBasis(StrEnum):
    """What an order of dates rests on."""

    FILE = "file"
    """Signs in the file and beside it."""
    JUDGEMENT = "judgement"
    """An analyst's judgement."""
    OPEN = "open"
    """Nothing, or signs that contradict each other."""


class SourceDateOrder(Row, table="source_date_orders", home=Home.FINDINGS, key=("source_id",)):
    """In which order the dates of a text export are read, where its dates alone don't prove it."""

    source_id: Sha256
    """SHA-256 of the export."""
    file_order: DateOrder
    """The order that the signs in the file alone decide, or ``ambiguous``."""
    date_order: DateOrder
    """The order that its dates are read in; ``ambiguous`` where it stays open."""
    basis: DateOrderBasis
    """What it rests on."""
    judgement: int | None = None
    """Number of the judgement that it rests on."""
