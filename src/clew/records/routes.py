"""Which person is a lead for which country, by which rule and on what evidence: proposals only.

A proposal names nobody to anybody: see ``route_decisions``, which people sign.
"""

from __future__ import annotations

from enum import StrEnum

from clew.records.chats import Chat
from clew.records.evidence import CountryCode, Exhibit
from clew.records.messages import Message
from clew.records.persons import OfPerson
from clew.schema import Figures, Id, Term


class RouteRule(StrEnum):
    """Rule that proposes a person to a country, or keeps the person from one."""

    R1 = "R1"
    """Holder of a seized device."""
    R2 = "R2"
    """Judged to be a suspect, or convicted."""
    R3 = "R3"
    """Admin or creator of a group with known files."""
    R4 = "R4"
    """Earliest known sharer of a known file, where that answers who brought it in."""
    R5 = "R5"
    """Shared known files, as many as the operation's threshold or more."""
    R6 = "R6"
    """Other member of a group with known files."""
    R7 = "R7"
    """Bystander or contact."""
    R8 = "R8"
    """Victim or possible victim."""
    R9 = "R9"
    """Two countries, or none."""


class RouteState(StrEnum):
    """What becomes of a person if nobody decides otherwise."""

    PROPOSED = "proposed"
    """Proposed to the country: named once somebody decides so."""
    UNDECIDED = "undecided"
    """A rule proposes the person, and the country is in doubt: a queue."""
    COUNTED = "counted"
    """Counted by country and not named."""
    NEVER = "never"
    """Neither named nor counted."""
    DESK = "desk"
    """For the desk that identifies victims, by hand and alone; in no ordinary package."""


class RouteDoubt(StrEnum):
    """Why it is in doubt to which country a person belongs."""

    NO_COUNTRY = "no_country"
    TWO_COUNTRIES = "two_countries"
    TWO_DEVICES = "two_devices"
    RECYCLED_NUMBER = "recycled_number"


class Route(OfPerson, table="routes", key=("person_id",)):
    """The country that a person is proposed to, by the strongest rule that holds."""

    rule: RouteRule
    """Strongest rule."""
    rules: tuple[Term, ...]
    """Every rule that holds, the strongest first; ``R9`` last where the country is in doubt."""
    country: CountryCode | None = None
    """Country of the seized device, or else the likeliest one; empty where it is in doubt."""
    confidence: float
    """0 to 1, as ``person_countries`` has it: a rank, set by rule, and no measured error rate."""
    number_only: bool
    """The country rests on a number's prefix and nothing else."""
    conflict: bool
    """Something says another country."""
    other_countries: tuple[Figures, ...]
    """The countries in conflict, each with its confidence, as ``ES=0.40``."""
    state: RouteState
    """What becomes of the person if nobody decides otherwise."""
    doubts: tuple[Term, ...]
    """Why the country is in doubt; see ``RouteDoubt``."""
    known_shares: int
    """Files of a known set that the person shared."""


class RouteEvidence(OfPerson, table="route_evidence"):
    """One thing that a rule rests on, by what `clew explain` takes."""

    rule: RouteRule
    """The rule."""
    exhibit_id: Id[Exhibit] | None = None
    """Device that the person holds."""
    chat_id: Id[Chat] | None = None
    """Group that the person leads, created or was in."""
    event_id: Id[Message] | None = None
    """Message that carried a known file."""
    judgement: int | None = None
    """Judgement of the person's category, or of the threshold."""
    figures: tuple[Figures, ...]
    """Figures, each as ``name=value``, such as ``known_shares=61`` and ``threshold=50``."""
