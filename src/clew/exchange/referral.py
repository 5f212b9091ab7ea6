"""The referral: what a package says, and the source of truth of each of its other files.

``referral.json`` is one object in canonical JSON: names sorted, no white space, what is empty left
out. One referral is thus one sequence of bytes, and any other writing is refused. Facts stand
apart from assessments (Directive (EU) 2016/680, Article 7), and every fact says where it was read.
Ids are those of the sender's tables.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import msgspec

from clew.exchange.markings import Grading, Marking
from clew.exchange.referral_assessments import (
    Assessments,
    Attribution,
    CountryIndication,
    Decision,
    Judgement,
    Person,
)
from clew.exchange.referral_facts import (
    Account,
    AccountName,
    Count,
    CountryCount,
    Exhibit,
    Facts,
    File,
    FirstShare,
    Group,
    Known,
    Membership,
    Moment,
    Part,
    Party,
    Provenance,
    Share,
    Source,
    Text,
    Token,
)

VERSION = "clew-referral/1"
__all__ = [
    "VERSION",
    "Account",
    "AccountName",
    "Assessments",
    "Attribution",
    "CountryCount",
    "CountryIndication",
    "Decision",
    "Exhibit",
    "Facts",
    "File",
    "FirstShare",
    "Group",
    "Head",
    "Judgement",
    "Known",
    "Membership",
    "Part",
    "Party",
    "Person",
    "Provenance",
    "Referral",
    "Share",
    "Source",
    "Token",
]


class Referral(Part, frozen=True, kw_only=True, tag_field="format", tag=VERSION):
    """One package's content."""

    package_id: Annotated[str, msgspec.Meta(
        pattern="^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]  # fmt: skip
    """Name of the package, once for all: ``urn:uuid:`` and a UUID in small letters."""
    made_at: Moment
    """When it was made."""
    sender: Party
    """Who sends it."""
    receivers: Annotated[tuple[Party, ...], msgspec.Meta(min_length=1)]
    """Who may open it: nobody is no receiver list."""
    case_reference: Text
    """The sender's reference of the case, for answers."""
    purpose: Text
    """What it is sent for."""
    legal_basis: Text
    """Legal basis of the transfer."""
    marking: Marking
    """Handling codes and TLP of the whole: the strictest of its parts."""
    grading: Grading
    """Grading of what it says, where a person has none of their own."""
    keep_until: date
    """Day until which the receiver may keep it."""
    supersedes: Text | None = None
    """Package that this one replaces."""
    facts: Facts = Facts()
    """What the evidence says."""
    assessments: Assessments = Assessments()
    """What the sender takes to be so."""
    withheld: dict[str, Count] = msgspec.field(default_factory=dict)
    """What is left out, by kind, such as ``texts``; ``coverage.json`` has the whole."""


class Head(msgspec.Struct, frozen=True):
    """What is looked at before anything else of a referral."""

    format: Any = None
