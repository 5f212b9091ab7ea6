"""Who was in which group from when until when, and where witnesses contradict each other."""

from datetime import datetime
from enum import StrEnum

from clew.records.accounts import Account
from clew.records.chats import Chat, GroupAction, InGroup, Role
from clew.records.evidence import Exhibit, Sha256
from clew.records.merged import MergedMessage, MergedTime
from clew.records.messages import Message
from clew.records.persons import Person
from clew.records.recovered import RecoveredFrom
from clew.schema import Id, Locator, Row, Term, Url


class Bound(StrEnum):
    """What one end of a period of membership rests on."""

    STATED = "stated"
    CONTRADICTED = "contradicted"
    SEEN = "seen"
    LISTED = "listed"
    UNKNOWN = "unknown"


class MembershipPeriod(InGroup, table="membership_periods", key=("chat_id", "person_id", "number")):
    """One period of a person's membership of a group, from all exhibits.

    A person with several accounts is in the group while any of them is. A request to join that was
    not granted is no period.
    """

    person_id: Id[Person]
    """The person, as ``person_accounts`` ties accounts."""
    number: int
    """Which of this person's periods there, from 1."""
    accounts: tuple[Id[Account], ...]
    """Accounts it was in with."""
    from_at: datetime | None = None
    """When it began, in UTC: as stated, or else the first time the person was seen there."""
    from_bound: Bound
    """What that rests on."""
    until_at: datetime | None = None
    """When it ended, in UTC: as stated, or else the last time the person was seen there."""
    until_bound: Bound
    """What that rests on."""
    is_local: bool
    """Some of its times are in an export's local time, whose zone is not known."""
    joined_how: GroupAction | None = None
    """How it joined, where a system message tells."""
    joined_by: Id[Person] | None = None
    """Person who added it, or whose invitation it was, where a system message tells."""
    ended_how: GroupAction | None = None
    """Left, removed, or gone on under a new number."""
    ended_by: Id[Person] | None = None
    """Person who removed it."""
    invites: tuple[Url, ...]
    """For one who joined by link: codes that lead to this group and were posted before in a
    conversation that this person was in. Messengers do not tell by which code somebody came."""
    posts: int
    """Messages sent there in this period, each once."""
    first_post: datetime | None = None
    """The first of these."""
    last_post: datetime | None = None
    """The last of these."""
    conflicts: int
    """Contradictions about it in ``membership_conflicts``."""
    exhibits: tuple[Id[Exhibit], ...]
    """Exhibits that show it."""
    event_ids: tuple[Id[Message], ...]
    """System messages it rests on, and the first message of each run of posts."""


class StatementKind(StrEnum):
    """What a statement about a membership is."""

    IN = "in"
    OUT = "out"
    LISTED = "listed"
    POST = "post"
    ROLE = "role"
    NAMED = "named"


class PeriodStatement(
    InGroup, table="period_statements", key=("chat_id", "person_id", "statement")
):
    """One statement that a membership period rests on, and where it stands."""

    person_id: Id[Person]
    """The person."""
    statement: int
    """Which of all statements on this person in this group, from 1, by period and time."""
    number: int
    """The period, as in ``membership_periods``."""
    account_id: Id[Account]
    """The account that it is about."""
    kind: StatementKind
    """What it is."""
    at: datetime | None = None
    """When; of a roster, the date of its file; of a run of messages, the first."""
    last_at: datetime | None = None
    """Of a run of messages, the last."""
    is_local: bool
    """Its times are in an export's local time, whose zone is not known."""
    how: GroupAction | None = None
    """How somebody joined or went, or what changed in the standing."""
    by_person: Id[Person] | None = None
    """Person who did it."""
    role: Role | None = None
    """Standing that it gives."""
    posts: int | None = None
    """Messages of the run."""
    basis: Term
    """Kind of source, such as ``event`` or ``roster``."""
    exhibit_id: Id[Exhibit]
    """Exhibit that it stands on."""
    source_id: Sha256 | None = None
    """SHA-256 of the file."""
    locator: Locator
    """Locator in that file."""
    event_id: Id[Message] | None = None
    """System message, or first message of the run."""


class MembershipConflictKind(StrEnum):
    """What witnesses of a membership disagree on."""

    JOINED_DIFFERS = "joined_differs"
    ENDED_DIFFERS = "ended_differs"
    JOINED_HOW_DIFFERS = "joined_how_differs"
    ENDED_HOW_DIFFERS = "ended_how_differs"
    JOINED_BY_DIFFERS = "joined_by_differs"
    ENDED_BY_DIFFERS = "ended_by_differs"
    SEEN_BEFORE_JOINING = "seen_before_joining"
    SEEN_AFTER_ENDING = "seen_after_ending"


class MembershipConflict(
    InGroup,
    table="membership_conflicts",
    key=("chat_id", "person_id", "number", "kind", "account_id", "location", "other_location"),
):
    """Two statements about one period of membership that can't both be so. Nothing is settled."""

    person_id: Id[Person]
    """The person."""
    number: int
    """The period, as in ``membership_periods``."""
    kind: MembershipConflictKind
    """What they disagree on."""
    account_id: Id[Account]
    """The account that it is about."""
    exhibit_id: Id[Exhibit]
    """Exhibit that says the one."""
    statement: int
    """What it says: a row of ``period_statements`` on this person and group."""
    location: Locator
    """File and locator of that."""
    other_exhibit_id: Id[Exhibit]
    """Exhibit that says the other."""
    other_statement: int
    """What that says, likewise."""
    other_location: Locator
    """File and locator of that."""
    event_ids: tuple[Id[Message], ...]
    """Those of the two that are system messages or posts."""


class MessageConflictKind(StrEnum):
    """What copies of one message disagree on."""

    TEXT_DIFFERS = "text_differs"
    EDITED = "edited"
    DELETED_FOR_EVERYONE = "deleted_for_everyone_live_there"
    DELETED_HERE = "deleted_here_live_there"
    SENDER_DIFFERS = "sender_differs"
    TIME_DIFFERS = "time_differs"
    FILE_DIFFERS = "file_differs"


class MessageConflict(
    Row,
    table="message_conflicts",
    key=("merged_id", "kind", "event_id", "other_event_id", "ordinal"),
):
    """Two copies of one message that say different things. Nothing is settled.

    Texts stand in ``messages`` and ``recovered_messages``, by the ids of the two copies.

    A message that is deleted on one exhibit and not on another stands here once for each exhibit on
    which it is deleted, beside the first copy that is live; a deleted copy never counts as live.
    """

    merged_id: Id[MergedMessage]
    """The message, as in ``merged_messages``."""
    chat_id: Id[Chat]
    """Conversation."""
    kind: MessageConflictKind
    """What they disagree on."""
    ordinal: int | None = None
    """Which attachment, where files differ, from 0."""
    exhibit_id: Id[Exhibit]
    """Exhibit that says the one: of a deletion, the exhibit on which it is deleted."""
    event_id: Id[Message]
    """Its copy."""
    locator: Locator
    """Where that stands there."""
    other_exhibit_id: Id[Exhibit]
    """Exhibit that says the other: of a deletion, one on which it is live."""
    other_event_id: Id[Message]
    """Its copy."""
    other_locator: Locator
    """Where that stands there."""
    account_id: Id[Account] | None = None
    """Sender on the one, where senders differ; who is behind it nothing ties to the other."""
    other_account_id: Id[Account] | None = None
    """Sender on the other."""
    sha256: Sha256 | None = None
    """SHA-256 of the file on the one, where files differ."""
    other_sha256: Sha256 | None = None
    """SHA-256 of that on the other."""
    edited_at: datetime | None = None
    """When the one was edited, where texts differ."""
    other_edited_at: datetime | None = None
    """When the other was edited."""
    at: datetime | None = None
    """Time on the one, where times differ, corrected as far as clocks are known."""
    other_at: datetime | None = None
    """Time on the other."""
    apart_s: int | None = None
    """Seconds between the two times."""
    clock: MergedTime | None = None
    """Whose clock the time on the one is by."""
    other_clock: MergedTime | None = None
    """Whose clock the time on the other is by."""
    deleted_by: Id[Person] | None = None
    """Person who deleted it for everyone, where a copy tells. Empty for a row that was deleted on
    one device: whoever used that device did it, and the device does not tell who that was."""
    deleted_at: datetime | None = None
    """When it was deleted for everyone, where a copy tells."""
    found_in: RecoveredFrom | None = None
    """Where the bytes of a row that was deleted on one device were recovered from."""
    live_on: tuple[Id[Exhibit], ...]
    """Of a deletion: exhibits on which the message is live."""
