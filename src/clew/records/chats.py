"""Conversations and who is in them: as each source kept them, then over all exhibits."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from clew.records.accounts import Account
from clew.records.evidence import CountryCode, Exhibit
from clew.records.facts import Fact
from clew.records.persons import Person
from clew.schema import FreeText, GroupName, Id, Row, Term


class ChatType(StrEnum):
    """What kind of conversation a chat is."""

    ONE_TO_ONE = "one_to_one"
    GROUP = "group"
    SUPERGROUP = "supergroup"
    CHANNEL = "channel"
    BROADCAST = "broadcast"
    COMMUNITY = "community"
    STATUS = "status"
    UNKNOWN = "unknown"


class Role(StrEnum):
    """Standing of a member in a group."""

    MEMBER = "member"
    ADMIN = "admin"
    CREATOR = "creator"


class MemberState(StrEnum):
    """Whether a member is still in the group, as far as the source says."""

    CURRENT = "current"
    LEFT = "left"
    REMOVED = "removed"
    PENDING = "pending"
    UNKNOWN_PAST = "unknown_past"


class MembershipBasis(StrEnum):
    """What a membership rests on."""

    ROSTER = "roster"
    PAST_ROSTER = "past_roster"
    SENDER_ONLY = "sender_only"
    EVENT = "event"
    MENTION = "mention"


class GroupAction(StrEnum):
    """What happened in a group."""

    CREATED = "created"
    ADDED = "added"
    JOINED_BY_LINK = "joined_by_link"
    JOINED_BY_INVITATION = "joined_by_invitation"
    JOINED_FROM_COMMUNITY = "joined_from_community"
    JOIN_REQUESTED = "join_requested"
    LEFT = "left"
    REMOVED = "removed"
    PROMOTED = "promoted"
    DEMOTED = "demoted"
    LINK_RESET = "link_reset"
    SUBJECT_CHANGED = "subject_changed"
    DESCRIPTION_CHANGED = "description_changed"
    ICON_CHANGED = "icon_changed"
    PERMISSIONS_CHANGED = "permissions_changed"
    TIMER_CHANGED = "timer_changed"
    NUMBER_CHANGED = "number_changed"
    GROUP_LINKED = "group_linked"
    GROUP_UNLINKED = "group_unlinked"
    SECURITY_NOTICE = "security_notice"
    E2E_NOTICE = "e2e_notice"
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    PINNED = "pinned"
    CALL = "call"
    MIGRATED = "migrated"
    """It became another chat, or came of one; the values are ids where they are known."""
    BUSINESS_NOTICE = "business_notice"
    OTHER = "other"
    UNKNOWN = "unknown"


class Chat(Fact, table="chats", key=("exhibit_id", "source_id", "chat_id", "locator")):
    """A conversation as one row of a source has it; several rows may be of one conversation."""

    chat_id: Id[Chat]
    """Platform and the messenger's own id, such as ``whatsapp:1203630…@g.us``."""
    platform: Term
    """Messenger."""
    chat_type: ChatType
    """What kind of conversation."""
    subject: GroupName | None = None
    """Title."""
    description: FreeText | None = None
    """Description of the group."""
    created_at: datetime | None = None
    """When it was created, where the source says."""
    creator: Id[Account] | None = None
    """Who created it."""
    parent_chat_id: Id[Chat] | None = None
    """Community it belongs to."""
    addressing: Term | None = None
    """Whether members are addressed by phone number (``pn``) or hidden id (``lid``)."""
    members_stated: int | None = None
    """Number of members that the source states."""
    hidden: bool | None = None
    """Hidden or locked on the device."""
    archived: bool | None = None
    """Archived on the device."""


class Membership(Fact, table="memberships"):
    """An account in a group, as a source shows it."""

    chat_id: Id[Chat]
    """The group."""
    account_id: Id[Account]
    """The member."""
    role: Role
    """Standing."""
    role_raw: FreeText | None = None
    """Standing as stored."""
    state: MemberState
    """Current or past."""
    joined_at: datetime | None = None
    """When it joined."""
    joined_how: GroupAction | None = None
    """How it joined."""
    ended_at: datetime | None = None
    """When it left or was removed."""
    basis: MembershipBasis
    """What this rests on."""
    label: FreeText | None = None
    """Label of the member in the group."""


class InGroup(Row):
    """What every row about a group begins with."""

    chat_id: Id[Chat]
    """The group."""


class Group(InGroup, table="groups", key=("chat_id",)):
    """A group over all exhibits that knew it."""

    platform: Term
    """Messenger."""
    chat_type: Term
    """Kind of group."""
    subject: GroupName | None = None
    """Latest title known."""
    created_at: datetime | None = None
    """When it was created."""
    creator: Id[Person] | None = None
    """Person who created it."""
    members: int
    """Members, past and present, each person once."""
    current_members: int
    """Members still in it on the latest roster."""
    admins: int
    """Admins and creators among them."""
    countries: tuple[Term, ...]
    """Countries of the members' numbers, each with the number of members, as ``ES 12``."""
    messages: int
    """Messages, each once."""
    shares: int
    """Files shared, each message once."""
    known_shares: int
    """Of these, files in a known set."""
    first_at: datetime | None = None
    """First message known."""
    last_at: datetime | None = None
    """Last message known."""
    exhibits: tuple[Id[Exhibit], ...]
    """Exhibits that knew it."""


class GroupMember(InGroup, table="group_members", key=("chat_id", "person_id")):
    """A person in a group, over all exhibits."""

    person_id: Id[Person]
    """The person."""
    country: CountryCode | None = None
    """Country of the number."""
    role: Role
    """Highest standing seen."""
    state: MemberState
    """Current on the latest roster, or how it ended."""
    joined_at: datetime | None = None
    """Earliest time of joining known."""
    ended_at: datetime | None = None
    """When it left or was removed."""
    messages: int
    """Messages sent there."""
    shares: int
    """Files shared there."""
    exhibits: tuple[Id[Exhibit], ...]
    """Exhibits that show it."""
    basis: tuple[Term, ...]
    """What it rests on: roster, past_roster, event, sender_only."""


class GroupLink(Row, table="group_links", key=("chat_a", "chat_b")):
    """Two groups that share members."""

    chat_a: Id[Chat]
    """One group."""
    chat_b: Id[Chat]
    """The other."""
    shared_members: int
    """Persons in both."""
    members_a: int
    """Persons in the one."""
    members_b: int
    """Persons in the other."""
    containment: float
    """Shared members over the smaller group."""
    jaccard: float
    """Shared members over all members of both."""
    shared_files: int
    """Files shared in both."""
