"""Assessments of a referral: persons who are named, by which decisions, and judgements."""

from __future__ import annotations

from typing import Annotated

import msgspec

from clew.exchange.markings import Grading, Marking
from clew.exchange.referral_facts import (
    E164,
    Confidence,
    Country,
    Moment,
    Part,
    Proof,
    Provenance,
    Text,
)
from clew.records import CountryBasis, LinkRule, PersonCategory


class Decision(Part, frozen=True, kw_only=True):
    """The signed decision that a person is named, or handed over at all."""

    number: Annotated[int, msgspec.Meta(ge=1)]
    """Number in the sender's ledger."""
    route_id: Text
    """Route that it decides."""
    person_id: Text
    """Person whom it names."""
    rule: Annotated[str, msgspec.Meta(pattern="^R[1-9]$")]
    """Rule that proposed the route."""
    by: Text
    """Who decided."""
    second_by: Text | None = None
    """Who decided with them."""
    at: Moment
    """When."""
    reason: Text
    """Why."""


class Attribution(Part, frozen=True, kw_only=True):
    """That an account is taken for a person's."""

    account_id: Text
    """Account, of ``facts.accounts``."""
    rule: LinkRule
    """What ties it."""
    inferred: bool = False
    """It is an inference, and no device proves it."""
    judgement: int | None = None
    """Judgement that ties it."""
    proof: tuple[Provenance, ...] = ()
    """Where that stands; empty for an inference or judgement."""


class CountryIndication(Part, frozen=True, kw_only=True):
    """What speaks for a country of a person: an indication, and no residence."""

    country: Country
    """Country."""
    basis: CountryBasis
    """What says so."""
    confidence: Confidence
    """How far it carries, from 0 to 1."""
    proof: Proof
    """Where it stands."""


class Person(Part, frozen=True, kw_only=True):
    """Accounts that are taken for one person's: a hypothesis of the sender."""

    person_id: Text
    """Id in the sender's case."""
    category: PersonCategory
    """What the person is in the proceedings, as judged."""
    decision: Annotated[int, msgspec.Meta(ge=1)] | None = None
    """Number of the decision that names the person, of ``assessments.decisions``; empty only where
    an export out of a case goes in no package."""
    names: tuple[Text, ...] = ()
    """Names given to the accounts."""
    e164: E164 | None = None
    """Phone number."""
    country: Country | None = None
    """Likeliest country."""
    indications: tuple[CountryIndication, ...] = ()
    """What speaks for it, and for others."""
    accounts: tuple[Attribution, ...] = ()
    """The accounts, each with what ties it."""
    marking: Marking | None = None
    """Handling of this person, where it is stricter than the package's."""
    grading: Grading | None = None
    """Grading of what is said of this person; empty: the package's."""


class Judgement(Part, frozen=True, kw_only=True):
    """What a person of the sender decided: theirs, and no fact."""

    number: Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]
    """Number in the sender's ledger."""
    table: Text
    """Table of the ledger, such as ``file_categories``."""
    about: Annotated[tuple[Text, ...], msgspec.Meta(min_length=1)]
    """Ids of what it is about: SHA-256 of a file, accounts, a conversation."""
    says: Text
    """What was decided, such as ``accept`` or a category in full."""
    by: Text
    """Who."""
    at: Moment
    """When."""
    reason: Text | None = None
    """Why; free text, and withheld unless it was asked for."""


class Assessments(Part, frozen=True, kw_only=True):
    """What people and programs of the sender take to be so."""

    persons: tuple[Person, ...] = ()
    """Persons who are named, each by a decision."""
    decisions: tuple[Decision, ...] = ()
    """Decisions that name them."""
    judgements: tuple[Judgement, ...] = ()
    """Judgements that go along."""
