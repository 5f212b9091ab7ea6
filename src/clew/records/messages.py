"""Messages and calls as each source kept them, and what messages say beyond their text.

Places sent in messages have a table of their own, so that they can be withheld wherever the case
is shown.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from clew.records.accounts import Account
from clew.records.chats import Chat, GroupAction
from clew.records.facts import DateOrder, Fact, RecordState, TimeBasis, TimePrecision
from clew.schema import Degrees, FreeText, Id, LocalTime, MessageKey, PersonName, Place, Term, Url


class MessageKind(StrEnum):
    """What a message is."""

    TEXT = "text"
    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    VOICE = "voice"
    GIF = "gif"
    STICKER = "sticker"
    DOCUMENT = "document"
    LOCATION = "location"
    LIVE_LOCATION = "live_location"
    CONTACT = "contact"
    POLL = "poll"
    EVENT = "event"
    INVITE = "invite"
    CALL = "call"
    SYSTEM = "system"
    DELETED = "deleted"
    VIEW_ONCE_IMAGE = "view_once_image"
    VIEW_ONCE_VIDEO = "view_once_video"
    VIEW_ONCE_VOICE = "view_once_voice"
    ALBUM = "album"
    MEDIA = "media"
    """A file of a kind that the source does not tell, as in an export without media."""
    UNKNOWN = "unknown"


class Certainty(StrEnum):
    """How sure a reading is."""

    STATED = "stated"
    WORDING = "wording"
    INFERRED = "inferred"


class Message(Fact, table="messages", key=("event_id",)):
    """A message as one source kept it."""

    event_id: Id[Message]
    """Item and locator: the row where an examiner finds it again."""
    message_key: MessageKey | None = None
    """Protocol id shared by all devices of the chat; empty where the format keeps none."""
    chat_id: Id[Chat]
    """Conversation it stands in."""
    sender_account_id: Id[Account] | None = None
    """Who sent it; empty where the source kept no sender."""
    from_owner: bool | None = None
    """Sent by the holder of the device."""
    kind: MessageKind
    """What it is."""
    type_raw: FreeText | None = None
    """Type code as stored."""
    text: FreeText | None = None
    """Text as stored."""
    text_raw: FreeText | None = None
    """Text as it stands in the source, where the source garbled it and ``text`` is mended."""
    text_normal: FreeText | None = None
    """Text for search: casefolded, without accents; empty where there is no text."""
    sent_at: datetime | None = None
    """When it was sent, in UTC; empty where the source has local time only."""
    sent_local: LocalTime | None = None
    """Time as written in the source, where it is local: ISO 8601 without a zone, or as found."""
    sent_text: LocalTime | None = None
    """Date and time exactly as found, for text exports."""
    ts_precision: TimePrecision | None = None
    """How finely the time was kept."""
    tz_basis: TimeBasis
    """Clock that the time is in."""
    date_order: DateOrder | None = None
    """How the date is written, for text; ``ambiguous`` keeps both readings open."""
    received_at: datetime | None = None
    """When the device received it."""
    server_at: datetime | None = None
    """Server's time of receipt."""
    edited_at: datetime | None = None
    """When it was edited."""
    deleted_at: datetime | None = None
    """When it was deleted for everyone."""
    deleted_by: Id[Account] | None = None
    """Who deleted it for everyone."""
    is_forwarded: bool | None = None
    """Marked as forwarded."""
    forward_count: int | None = None
    """Forward score; 127 stands for many."""
    forwarded_from_account_id: Id[Account] | None = None
    """Account it was forwarded from, where the source says."""
    forwarded_from_name: PersonName | None = None
    """Name of whom it was forwarded from, as stored."""
    reply_to_key: MessageKey | None = None
    """Message key of the message it answers."""
    reply_text: FreeText | None = None
    """Text of that message as quoted, which survives its deletion."""
    mentions: tuple[Id[Account], ...] | None = None
    """Accounts mentioned."""
    urls: tuple[Url, ...] | None = None
    """Links in the text, defanged."""
    starred: bool | None = None
    """Starred by the holder of the device."""
    status_raw: FreeText | None = None
    """Delivery status as stored."""
    state: RecordState = RecordState.LIVE
    """Live, or recovered."""


class GroupEvent(Fact, table="group_events"):
    """Something that happened in a group, as the messenger recorded it."""

    event_id: Id[Message]
    """The system message."""
    chat_id: Id[Chat]
    """The group."""
    at: datetime | None = None
    """When, in UTC."""
    at_local: LocalTime | None = None
    """When, in the source's local time."""
    action: GroupAction
    """What happened."""
    action_raw: FreeText
    """Code or wording as stored."""
    actor: Id[Account] | None = None
    """Who did it."""
    targets: tuple[Id[Account], ...] = ()
    """Accounts it was done to."""
    inviter: Id[Account] | None = None
    """Whose link or invitation it was."""
    old_value: FreeText | None = None
    """Value before, such as the old title."""
    new_value: FreeText | None = None
    """Value after."""
    certainty: Certainty
    """Stated by a code, or read from wording."""


class Receipt(Fact, table="receipts"):
    """What a device knows of a message reaching one recipient: knowledge of content."""

    event_id: Id[Message]
    """The message."""
    account_id: Id[Account]
    """The recipient."""
    delivered_at: datetime | None = None
    """When it was delivered."""
    read_at: datetime | None = None
    """When it was read."""
    played_at: datetime | None = None
    """When it was played."""


class Reaction(Fact, table="reactions"):
    """A reaction to a message."""

    event_id: Id[Message]
    """The message reacted to."""
    account_id: Id[Account] | None = None
    """Who reacted."""
    reaction: FreeText | None = None
    """Sign; empty where it was taken back."""
    givers: int | None = None
    """How many more gave it, where the source counts and does not name them."""
    at: datetime | None = None
    """When."""


class MessagePlace(Fact, table="message_places"):
    """A place that somebody sent in a message: withheld wherever it is not asked for."""

    event_id: Id[Message]
    """The message."""
    latitude: Degrees | None = None
    """Degrees north, negative in the south (WGS 84)."""
    longitude: Degrees | None = None
    """Degrees east, negative in the west."""
    name: Place | None = None
    """What the place was called; where places are withheld, ``withheld``."""
    value_raw: Place
    """As it stands in the source; where places are withheld, ``withheld``."""


class PollOption(Fact, table="poll_options", key=("event_id", "ordinal")):
    """One answer of a poll, with who chose it as far as the source says."""

    event_id: Id[Message]
    """The poll, whose question is the message's text."""
    ordinal: int
    """Rank among the answers, from 0."""
    option: FreeText
    """The answer as written."""
    voters: tuple[Id[Account], ...] = ()
    """Accounts that chose it."""
    votes: int
    """Votes for it, those included whose giver the source does not name."""


class Call(Fact, table="calls", key=("call_id",)):
    """A call as one source kept it."""

    call_id: Id[Call]
    """Item and locator."""
    call_key: MessageKey | None = None
    """The messenger's own id of the call, shared by its devices."""
    chat_id: Id[Chat] | None = None
    """Conversation or group it belongs to."""
    caller: Id[Account] | None = None
    """Who called."""
    from_owner: bool | None = None
    """Made by the holder of the device."""
    started_at: datetime | None = None
    """When it began."""
    duration_s: int | None = None
    """Seconds."""
    video: bool | None = None
    """With picture."""
    result: Term
    """missed, rejected, answered, joined, or ``unknown``."""
    result_raw: FreeText | None = None
    """Result as stored."""


class CallParty(Fact, table="call_parties"):
    """One party of a call."""

    call_id: Id[Call]
    """The call."""
    account_id: Id[Account]
    """The party."""
    result: Term
    """What the party did, as for the call."""
    result_raw: FreeText | None = None
    """Result as stored."""
