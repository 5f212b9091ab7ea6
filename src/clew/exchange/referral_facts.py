"""Facts of a referral: what the evidence says, and where each statement was read."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec

from clew.records import (
    ChatType,
    ExhibitKind,
    IdType,
    MemberState,
    NameKind,
    Role,
    ShareCertainty,
    ShareState,
)

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=65_536)]
Sha256 = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
Sha1 = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{40}$")]
Md5 = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{32}$")]
Country = Annotated[str, msgspec.Meta(pattern="^[A-Z]{2}$")]
E164 = Annotated[str, msgspec.Meta(pattern=r"^\+[1-9][0-9]{4,14}$")]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]
Count = Annotated[int, msgspec.Meta(ge=0)]
Confidence = Annotated[float, msgspec.Meta(ge=0, le=1)]


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """What every part of a referral keeps to: no unknown field, nothing empty written.

    No part leads back to itself, so that Python need not look for rings among millions of them.
    """


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
    """Rank among its attachments, from 0."""
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
