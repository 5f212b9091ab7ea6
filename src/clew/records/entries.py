"""Entries of address books, and dated entries of notes, diaries and logs."""

from enum import StrEnum
from typing import Annotated

from clew.records.accounts import Account
from clew.records.evidence import Item
from clew.records.facts import DateOrder, Fact
from clew.records.messages import Message
from clew.schema import (
    FreeText,
    Handle,
    Id,
    Kind,
    LocalTime,
    Matches,
    Number,
    PersonName,
    Place,
    Term,
)


class DatePrecision(StrEnum):
    """How finely a date was written."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class YearBasis(StrEnum):
    """What the year of a written date rests on."""

    WRITTEN = "written"
    """All four digits are written."""
    TWO_DIGITS = "two_digits"
    """Two digits are written; 70 to 99 are read as 1970 to 1999."""
    INHERITED = "inherited"
    """A heading above it has the year."""
    NONE = "none"
    """No year is known: no date is made of it."""


class Contact(Fact, table="contacts"):
    """An entry of an address book, or a contact card sent in a message."""

    account_id: Id[Account] | None = None
    """Account it belongs to, where the entry has one."""
    owner_account_id: Id[Account] | None = None
    """Whose address book it is, where known."""
    entry: FreeText | None = None
    """Id of the entry within this source: rows that share it are numbers of one entry."""
    display_name: PersonName | None = None
    """Name as shown."""
    given_name: PersonName | None = None
    """Given name."""
    family_name: PersonName | None = None
    """Family name."""
    nickname: PersonName | None = None
    """Nickname."""
    company: FreeText | None = None
    """Company."""
    phones: tuple[Number, ...] = ()
    """Numbers as written."""
    emails: tuple[Handle, ...] = ()
    """Addresses as written."""
    event_id: Id[Message] | None = None
    """Message that carried the card."""
    vcard_sha256: Annotated[str, Kind.RAW, Matches(r"[0-9a-f]{64}")] | None = None
    """SHA-256 of the card's text; it is withheld like the card, which can be guessed from it."""


class Entry(Fact, table="entries"):
    """A dated entry of notes, a diary or a log: what stands there, as found. It decides nothing."""

    item_id: Id[Item]
    """File it stands in."""
    written: FreeText
    """The words that the date was read from."""
    first_day: LocalTime | None = None
    """First day it speaks of, ISO 8601, local; empty where more than one reading is possible."""
    last_day: LocalTime | None = None
    """Last day of the range, month or year that is written."""
    precision: DatePrecision
    """How finely the date is written."""
    readings: tuple[LocalTime, ...]
    """Every reading of the words, each as ``first/last``; more than one is ambiguous."""
    date_order: DateOrder | None = None
    """Order of day, month and year, for dates in digits; ``ambiguous`` keeps all readings."""
    year_basis: YearBasis
    """What the year rests on."""
    inherited_from: FreeText | None = None
    """Heading that year, or month and year, were taken from: its locator."""
    language: Term | None = None
    """Language of the date's words, or else of the file, where they tell one."""
    language_basis: Term | None = None
    """What the language rests on: ``date words`` or ``words of the file``."""
    places: tuple[Place, ...]
    """Capitalised words after a preposition of place, as found."""
    names: tuple[PersonName, ...]
    """Other capitalised words inside sentences, as found: not every one is a name."""
    text: FreeText
    """The entry as found."""
