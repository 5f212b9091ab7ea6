"""The referral: what a package says, and the source of truth of each of its other files.

``referral.json`` is one object in canonical JSON: names sorted, no white space, what is empty left
out. One referral is thus one sequence of bytes, and any other writing is refused. Facts stand
apart from assessments (Directive (EU) 2016/680, Article 7), and every fact says where it was read.
Ids are those of the sender's tables.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

import msgspec

from clew.exchange.markings import Grading, Marking
from clew.records import (
    ChatType,
    CountryBasis,
    ExhibitKind,
    IdType,
    LinkRule,
    MemberState,
    NameKind,
    PersonCategory,
    Role,
    ShareCertainty,
    ShareState,
)

VERSION = "clew-referral/1"

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=65_536)]
Sha256 = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
Sha1 = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{40}$")]
Md5 = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{32}$")]
Country = Annotated[str, msgspec.Meta(pattern="^[A-Z]{2}$")]
E164 = Annotated[str, msgspec.Meta(pattern=r"^\+[1-9][0-9]{4,14}$")]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]
Count = Annotated[int, msgspec.Meta(ge=0)]
Confidence = Annotated[float, msgspec.Meta(ge=0, le=1)]


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What every part of a referral keeps to: no unknown field, nothing empty written."""


class Party(Part, frozen=True, kw_only=True):
    """An authority that sends or receives."""

    partner_id: Text
    """Id in the sender's table of partners."""
    name: Text
    """Its name."""
    country: Country | None = None
    """Its country, ISO 3166-1 alpha-2; empty for Europol, Interpol and courts between states."""


class Provenance(Part, frozen=True, kw_only=True):
    """Where a statement was read."""

    exhibit_id: Text
    """Exhibit, of ``facts.exhibits``."""
    source_id: Sha256 | None = None
    """SHA-256 of the file it was read from, of ``facts.sources``; empty where the seizing authority
    itself says it of the exhibit."""
    locator: Text | None = None
    """Row or line of that file, such as ``message/4711``."""


Proof = Annotated[tuple[Provenance, ...], msgspec.Meta(min_length=1)]


class Exhibit(Part, frozen=True, kw_only=True):
    """A seized thing that facts of the referral were read from."""

    exhibit_id: Text
    """Number that the seizing authority gave it."""
    kind: ExhibitKind
    """What it is."""
    country: Country
    """Country that seized it."""
    content_sha256: Sha256
    """Identity of its content, over path, kind, size, hash and outcome of every item."""
    label: Text | None = None
    """Description in words."""
    authority: Text | None = None
    """Legal authority under which it is examined."""
    acquired_at: Moment | None = None
    """When it was acquired."""


class Source(Part, frozen=True, kw_only=True):
    """A file that facts of the referral were read from."""

    exhibit_id: Text
    """Exhibit that it lies on."""
    source_id: Sha256
    """SHA-256 of the file."""
    kind: Text
    """What it is, such as ``whatsapp.android.msgstore``."""
    reader: Text
    """Reader that read it, with its version."""


class AccountName(Part, frozen=True, kw_only=True):
    """A name that somebody gave an account."""

    name: Text
    """The name as stored."""
    kind: NameKind
    """Who gave it."""
    proof: Proof
    """Where it stands."""


class Account(Part, frozen=True, kw_only=True):
    """An account of a person who is named."""

    account_id: Text
    """Platform, type and identifier, such as ``whatsapp:pn:34600111222``."""
    platform: Text
    """Messenger."""
    id_type: IdType
    """What kind of identifier it is."""
    identifier: Text
    """The identifier as the messenger keeps it."""
    e164: E164 | None = None
    """Phone number in E.164 form, where the identifier is one."""
    names: tuple[AccountName, ...] = ()
    """Names given to it."""
    proof: Proof
    """Where it stands."""


class Token(Part, frozen=True, kw_only=True):
    """A person who is not named: only the sender can say who it is, for a legal basis."""

    token: Annotated[str, msgspec.Meta(pattern=r"^token:[0-9a-f]{16,64}$")]
    """What stands wherever an id of that person's accounts would."""
    country: Country | None = None
    """Likeliest country, where the sender tells it."""


class CountryCount(Part, frozen=True, kw_only=True):
    """Members of a group who are counted and not named."""

    country: Country | None = None
    """Likeliest country; empty where it is not known."""
    persons: Count
    """Persons."""


class Group(Part, frozen=True, kw_only=True):
    """A group that a person who is named belongs to."""

    chat_id: Text
    """Conversation."""
    platform: Text
    """Messenger."""
    chat_type: ChatType = ChatType.GROUP
    """What kind of conversation it is."""
    subject: Text | None = None
    """Its title; free text, and withheld unless it was asked for."""
    members: Count
    """Persons who ever belonged to it, named or not."""
    shares: Count
    """Files sent in it, repeats included."""
    known_shares: Count
    """Of these, files of a known set."""
    counts: tuple[CountryCount, ...] = ()
    """All its members by country."""
    proof: Proof
    """Where it stands."""


class Membership(Part, frozen=True, kw_only=True):
    """That an account, or a person who is not named, belongs to a group."""

    chat_id: Text
    """Group."""
    account_id: Text
    """Account, or token."""
    role: Role
    """Role."""
    state: MemberState
    """Whether it belongs to it still."""
    joined_at: Moment | None = None
    """Since when, where known."""
    ended_at: Moment | None = None
    """Until when, where known."""
    proof: Proof
    """Where it stands."""


class Known(Part, frozen=True, kw_only=True):
    """Set of the sender that knows a file."""

    set: Text
    """Name of the set."""
    version: Text
    """Its version."""
    tier: Annotated[str, msgspec.Meta(pattern="^(exact|near|review)$")]
    """How far the match carries; the three are never counted together."""
    category: Text | None = None
    """Category in full: scheme, country, version and code."""


class FirstShare(Part, frozen=True, kw_only=True):
    """The first known sending of a file: in the evidence that was read, not in the world."""

    event_id: Text
    """Message, of ``facts.shares`` where the sender is named."""
    chat_id: Text
    """Conversation that it was sent in."""
    account_id: Text | None = None
    """Account, or token; empty where no device kept who sent it."""
    sent_at: Moment | None = None
    """When."""
    certainty: ShareCertainty | None = None
    """How far the evidence carries "first"."""
    proof: Proof
    """Where it stands."""


class File(Part, frozen=True, kw_only=True):
    """A content that was shared, by its hashes; the content itself is never in a referral."""

    sha256: Sha256
    """SHA-256."""
    sha1: Sha1 | None = None
    """SHA-1, where it is known."""
    md5: Md5 | None = None
    """MD5, where it is known."""
    size: Count | None = None
    """Bytes."""
    media_type: Text | None = None
    """Type as the messenger or its bytes say."""
    known: tuple[Known, ...] = ()
    """Sets that know it; empty for new material."""
    first: FirstShare | None = None
    """First known sending."""


class Share(Part, frozen=True, kw_only=True):
    """That a file was sent."""

    event_id: Text
    """Message."""
    ordinal: Count = 0
    """Place among its attachments, from 0."""
    sha256: Sha256
    """File, of ``facts.files``."""
    chat_id: Text
    """Conversation."""
    account_id: Text
    """Account that sent it, or token."""
    sent_at: Moment | None = None
    """When."""
    forwarded: bool | None = None
    """Marked as forwarded."""
    state: ShareState | None = None
    """Whether the file itself lies on the exhibit."""
    proof: Proof
    """Where it stands."""


class Facts(Part, frozen=True, kw_only=True):
    """What the evidence says."""

    exhibits: tuple[Exhibit, ...] = ()
    """Exhibits."""
    sources: tuple[Source, ...] = ()
    """Files that were read."""
    accounts: tuple[Account, ...] = ()
    """Accounts of the persons who are named."""
    tokens: tuple[Token, ...] = ()
    """Persons who are not named."""
    groups: tuple[Group, ...] = ()
    """Groups, with counts."""
    memberships: tuple[Membership, ...] = ()
    """Who belongs to them."""
    files: tuple[File, ...] = ()
    """Files, by hash."""
    shares: tuple[Share, ...] = ()
    """Sendings."""
    counts: tuple[CountryCount, ...] = ()
    """Persons by country who are counted and not named (rule R6)."""


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

    number: Annotated[int, msgspec.Meta(ge=1)]
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
    withheld: dict[str, Count] = {}
    """What is left out, by kind, such as ``texts``; ``coverage.json`` has the whole."""


class Head(msgspec.Struct, frozen=True):
    """What is looked at before anything else of a referral."""

    format: Any = None
