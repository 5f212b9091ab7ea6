"""Which country a person belongs to as far as anything says, and what ties two countries."""

from enum import StrEnum

from clew.records.evidence import CountryCode, Exhibit, Sha256
from clew.records.persons import OfPerson
from clew.schema import Figures, Id, Locator, Row, Term


class CountryBasis(StrEnum):
    """What says that a person belongs to a country, the strongest first."""

    DEVICE = "device"
    STATED = "stated"
    NUMBER_PREFIX = "number_prefix"
    CONTACT = "contact"


class CountryReason(StrEnum):
    """What was found that says a country; the register ``country_reason`` explains each."""

    HOLDER = "holder"
    ASSIGNED_NUMBER = "assigned_number"
    UNASSIGNED_NUMBER = "unassigned_number"
    OWN_NAME_FLAG = "own_name_flag"
    OWN_NAME_COUNTRY = "own_name_country"
    OWN_STATUS_FLAG = "own_status_flag"
    OWN_STATUS_COUNTRY = "own_status_country"
    GIVEN_NAME_FLAG = "given_name_flag"
    GIVEN_NAME_COUNTRY = "given_name_country"
    SECOND_NUMBER = "second_number"
    NOTE_FLAG = "note_flag"
    NOTE_COUNTRY = "note_country"


class ConfidenceWord(StrEnum):
    """How far evidence of a country carries: from 0.8, from 0.5, from 0.3, and less."""

    STRONG = "strong"
    FAIR = "fair"
    WEAK = "weak"
    VERY_WEAK = "very_weak"


class CountryEvidence(OfPerson, table="country_evidence"):
    """One thing that says to which country a person belongs; of several alike, the first."""

    country: CountryCode
    """ISO 3166-1 alpha-2."""
    basis: CountryBasis
    """What says it."""
    confidence: float
    """0 to 1: a rank of how far it carries, set by rule and not a measured error rate."""
    confidence_words: ConfidenceWord
    """The same as a word."""
    seen: int
    """How often the same was found."""
    exhibit_id: Id[Exhibit]
    """Exhibit that it was found on."""
    source_id: Sha256 | None = None
    """SHA-256 of the file; empty for a device itself."""
    locator: Locator | None = None
    """Locator in that file."""
    reason: CountryReason
    """What was found."""


class PersonCountry(OfPerson, table="person_countries", key=("person_id",)):
    """The country that a person most likely belongs to, with everything that speaks against it."""

    country: CountryCode | None = None
    """Empty where nothing says, or where two countries are named equally strongly."""
    confidence: float
    """0 to 1: what is left of doubt after each different basis; see ``country_evidence``."""
    basis: tuple[Term, ...]
    """What it rests on, the strongest first."""
    number_only: bool
    """It rests on a number's prefix and nothing else."""
    conflict: bool
    """Something says another country."""
    other_countries: tuple[Figures, ...]
    """The countries in conflict, each with its confidence, as ``ES=0.40``."""


class CountrySummary(Row, table="countries", key=("country",)):
    """What of the network is in one country."""

    country: CountryCode
    """ISO 3166-1 alpha-2."""
    exhibits: int
    """Exhibits seized there."""
    persons: int
    """Persons most likely of it."""
    holders: int
    """Of these, holders of a seized device."""
    number_only: int
    """Of these, persons for whom only a number's prefix says so."""
    conflicts: int
    """Of these, persons for whom something says another country."""
    conflicts_elsewhere: int
    """Persons put elsewhere, or nowhere, though something says this country."""
    groups: int
    """Groups in which it has a member."""
    admin_of: int
    """Groups in which one of its persons is or was admin or creator."""
    messages: int
    """Messages in groups, each once."""
    shares: int
    """Files shared in groups, each message once."""
    introduced: int
    """Contents of which the earliest known sharer is of this country."""
    answered: int
    """Of these, contents for which that answers who brought them in."""


class CountryTie(Row, table="country_ties", key=("a", "b")):
    """What ties two countries: people in common groups, groups, and contents that went across."""

    a: CountryCode
    """One country, the first by letter."""
    b: CountryCode
    """The other."""
    persons: int
    """Persons of either who are or were in a group with somebody of the other."""
    persons_a: int
    """Of these, of the one."""
    persons_b: int
    """Of the other."""
    groups: int
    """Groups with members of both."""
    contents: int
    """Contents that went from either to the other."""
    a_to_b: int
    """Contents first known from a person of ``a`` and then shared by one of ``b``."""
    a_to_b_answered: int
    """Of these, contents for which the earliest known sharer answers who brought them in."""
    b_to_a: int
    """Contents first known from a person of ``b`` and then shared by one of ``a``."""
    b_to_a_answered: int
    """Of these, answered."""
    conflicted: int
    """Of the persons, those for whom something says another country."""
    rank_by_persons: int
    """Rank among all pairs by persons, from 1."""
    rank_by_groups: int
    """Rank by groups."""
    rank_by_contents: int
    """Rank by contents that went across."""
