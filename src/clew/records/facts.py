"""What the evidence says: immutable, and the same whenever it is read again."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from clew.records.evidence import Exhibit, Item, Md5, Sha1, Sha256
from clew.schema import (
    Figures,
    FreeText,
    GroupName,
    Handle,
    Home,
    Id,
    Kind,
    LocalTime,
    Locator,
    Matches,
    MessageKey,
    Number,
    Path,
    PersonName,
    Place,
    ReasonCode,
    Row,
    Term,
    Url,
)

PhoneNumber = Annotated[str, Kind.NUMBER, Matches(r"\+[1-9][0-9]{4,14}")]


class IdType(StrEnum):
    """What kind of identifier names an account."""

    PHONE = "phone"
    LID = "lid"
    USER_ID = "user_id"
    ACI = "aci"
    USERNAME = "username"
    EMAIL = "email"
    LABEL = "label"
    """A name as the exporting device showed it; it means nothing outside its source."""
    OWNER = "owner"
    """The holder of the device where the source does not say which account that is."""
    SERVICE = "service"
    """The messenger itself, a bot or a channel."""


class NameKind(StrEnum):
    """Who gave an account its name."""

    ADDRESS_BOOK = "address_book"
    PUSH = "push"
    PROFILE = "profile"
    GROUP_LABEL = "group_label"
    EXPORT_LABEL = "export_label"


class Relation(StrEnum):
    """How a source ties two accounts to each other."""

    LID_OF = "lid_of"
    NUMBER_CHANGED = "number_changed"
    VCARD_WAID = "vcard_waid"
    SAME_ROW = "same_row"
    SAME_DEVICE = "same_device"
    """The device itself gives both as senders of messages sent from it."""


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


class TimePrecision(StrEnum):
    """How finely a time was kept."""

    MILLISECOND = "ms"
    SECOND = "s"
    MINUTE = "min"


class TimeBasis(StrEnum):
    """What clock and zone a time is in."""

    UTC = "utc"
    EXPORT_LOCAL = "export_local"
    DEVICE_LOCAL = "device_local"


class DateOrder(StrEnum):
    """How a source writes its dates."""

    DMY = "DMY"
    MDY = "MDY"
    YMD = "YMD"
    AMBIGUOUS = "ambiguous"


class RecordState(StrEnum):
    """Whether a record stood in the live data or was recovered; the two are never mixed."""

    LIVE = "live"
    RECOVERED = "recovered"


class HashBasis(StrEnum):
    """Where the hash of a shared file comes from."""

    APP_DATABASE = "app_database"
    COMPUTED = "computed"
    TOOL_REPORT = "tool_report"


class ShareState(StrEnum):
    """Whether the shared file itself lies on the exhibit."""

    PRESENT = "present"
    ABSENT = "absent"
    THUMBNAIL_ONLY = "thumbnail_only"
    EXPIRED = "expired"


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


class Certainty(StrEnum):
    """How sure a reading is."""

    STATED = "stated"
    WORDING = "wording"
    INFERRED = "inferred"


class InviteSource(StrEnum):
    """Where an invitation was found."""

    INVITE_MESSAGE = "invite_message"
    QUOTED_INVITE = "quoted_invite"
    URL_IN_TEXT = "url_in_text"
    URL_IN_QUOTE = "url_in_quote"
    CHANNEL_RECORD = "channel_record"
    CONTACT_CARD = "contact_card"
    DOCUMENT = "document"
    URL_IN_CAPTION = "url_in_caption"
    URL_IN_DESCRIPTION = "url_in_description"
    URL_IN_PROFILE = "url_in_profile"
    DELETED_ROW = "deleted_row"
    """In a deleted row of a database, whatever the row was of."""
    LINK_PREVIEW = "link_preview"
    """In the preview that the messenger kept of a link; it names what the link leads to."""


class InviteKind(StrEnum):
    """What an invitation leads to."""

    GROUP = "group"
    """A group or channel."""
    CONTACT = "contact"
    """A conversation with one person, as links with a phone number do."""


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


class Severity(StrEnum):
    """How much an unread thing matters."""

    INFO = "info"
    """Known and left out on purpose."""
    WARNING = "warning"
    """Part of a source could not be read."""
    ERROR = "error"
    """A whole source could not be read."""


class Fact(Row, home=Home.FACTS):
    """What every fact carries: where it was read."""

    exhibit_id: Id[Exhibit]
    """Exhibit it was read from."""
    source_id: Sha256
    """SHA-256 of the file it was read from."""
    locator: Locator
    """Place in that file, such as ``message/4711`` (table and row) or ``line/120``."""


class Source(Fact, table="sources", key=("exhibit_id", "item_id")):
    """One file that a reader read, and what came of its rows."""

    item_id: Id[Item]
    """The file; of several with the same content on one exhibit, the first by path."""
    kind: Term
    """What the file is, such as ``whatsapp.android.msgstore``."""
    generation: Term | None = None
    """Generation or flavour of the format, such as ``modern`` or ``ios``."""
    schema_fingerprint: Sha256 | None = None
    """SHA-256 over the sorted table and column names of a database."""
    reader: Term
    """Reader that read it."""
    reader_version: Term
    """Version of that reader."""
    companions: tuple[Path, ...] = ()
    """Paths of files read with it, such as its write-ahead log or wa.db."""
    owner_account_id: Id[Account] | None = None
    """Account of the device's holder, where the source says."""
    tz_basis: TimeBasis
    """Clock that its times are in."""
    date_order: DateOrder | None = None
    """How dates are written, for text."""
    rows_seen: int
    """Rows or lines of the source's main table."""
    rows_emitted: int
    """Of these, rows that became messages."""
    rows_skipped: int
    """Of these, rows left out, each with its reason in ``source_rows``."""
    rows_only_in_wal: int = 0
    """Rows that stand in the write-ahead log only, and are lost if it is left behind."""
    with_wal: bool = False
    """A write-ahead log was read with the database."""
    first_at: datetime | None = None
    """Earliest time of a message in it."""
    last_at: datetime | None = None
    """Latest time of a message in it."""
    truncated_suspect: bool = False
    """It looks cut short, such as a text export near WhatsApp's limit."""


class SourceRows(Fact, table="source_rows"):
    """The account of a source's rows: seen = emitted + skipped, table by table."""

    source_table: Term
    """Table or kind of line in the source."""
    became: Term
    """Table of Clew that the rows went into; ``skipped`` or ``not_read`` otherwise."""
    reason: ReasonCode | None = None
    """Why rows were skipped or not read; docs/codes.md explains every code."""
    rows: int
    """How many."""


class Account(Fact, table="accounts", key=("exhibit_id", "source_id", "account_id")):
    """A messaging account as one source knew it; two phones that knew it give two rows."""

    account_id: Id[Account]
    """Platform, type and identifier, such as ``whatsapp:pn:34600111222``."""
    platform: Term
    """Messenger."""
    id_type: IdType
    """What kind of identifier it is."""
    identifier: Handle
    """The identifier as the messenger keeps it."""
    e164: PhoneNumber | None = None
    """Phone number in E.164 form, where the identifier is one."""
    is_owner: bool = False
    """It is the account of the device's holder."""
    about: FreeText | None = None
    """Status line of the profile."""
    company: FreeText | None = None
    """Company as in the address book."""
    is_business: bool | None = None
    """Marked as a business by the messenger."""


class AccountName(Fact, table="account_names"):
    """A name that someone gave an account."""

    account_id: Id[Account]
    """The account."""
    name: PersonName
    """The name as stored."""
    name_kind: NameKind
    """Who gave it."""


class AccountAlias(Fact, table="account_aliases"):
    """Two accounts that a source itself ties together."""

    a: Id[Account]
    """One account, such as the LID."""
    b: Id[Account]
    """The other, such as the phone number; the new one after a change of number."""
    relation: Relation
    """What ties them."""
    at: datetime | None = None
    """When, where the source says."""


class Chat(Fact, table="chats", key=("exhibit_id", "source_id", "chat_id")):
    """A conversation as one source kept it."""

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


class Share(Fact, table="shares", key=("event_id", "ordinal")):
    """A file sent in a message: the record counts even where the file itself is gone."""

    event_id: Id[Message]
    """Message that carries it."""
    ordinal: int = 0
    """Place among the attachments of that message, from 0."""
    message_key: MessageKey | None = None
    """Protocol id of the message."""
    chat_id: Id[Chat]
    """Conversation."""
    sender_account_id: Id[Account] | None = None
    """Who sent it."""
    sent_at: datetime | None = None
    """When, in UTC."""
    sent_local: LocalTime | None = None
    """When, in the source's local time."""
    is_forwarded: bool | None = None
    """Marked as forwarded."""
    forward_count: int | None = None
    """Forward score."""
    sha256: Sha256 | None = None
    """SHA-256 of the file as it was shared."""
    sha1: Sha1 | None = None
    """SHA-1 of it, where a tool's report states it."""
    md5: Md5 | None = None
    """MD5 of it, where a tool's report states it: often the only hash that it keeps."""
    hash_basis: HashBasis | None = None
    """Where those hashes come from."""
    enc_sha256: Sha256 | None = None
    """SHA-256 of the encrypted upload."""
    original_sha256: Sha256 | None = None
    """SHA-256 before the messenger re-encoded it."""
    media_type: FreeText | None = None
    """Type as the messenger states it."""
    size: int | None = None
    """Bytes."""
    name: Path | None = None
    """File name as shown."""
    path_stated: Path | None = None
    """Path on the device as the messenger states it."""
    path_exported: Path | None = None
    """Path beside a tool's report under which the report delivers the file."""
    item_id: Id[Item] | None = None
    """The file on the exhibit, where it was found by hash, or else by name."""
    state: ShareState
    """Whether the file itself is there."""
    state_raw: FreeText | None = None
    """What the source says instead of a path, such as that the file was not exported."""
    caption: FreeText | None = None
    """Text sent with it."""
    width: int | None = None
    """Pixels."""
    height: int | None = None
    """Pixels."""
    duration_ms: int | None = None
    """Milliseconds of sound or film."""
    record_state: RecordState = RecordState.LIVE
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


class Invite(Fact, table="invites"):
    """An invitation to a group, wherever one was found."""

    code: Url
    """Code of the link or invitation."""
    platform: Term
    """Messenger."""
    kind: InviteKind = InviteKind.GROUP
    """What it leads to."""
    url: Url | None = None
    """Link, defanged so that nothing can follow it by accident."""
    written: FreeText | None = None
    """As it was written, where that is no plain link, such as ``chat . whatsapp . com/…``."""
    invites_to_chat_id: Id[Chat] | None = None
    """Group it leads to, where the source says."""
    group_name_stated: GroupName | None = None
    """Name of that group as the invitation states it."""
    issued_by: Id[Account] | None = None
    """Admin who issued it."""
    issued_at: datetime | None = None
    """When it was issued."""
    expires_at: datetime | None = None
    """When it expires."""
    event_id: Id[Message] | None = None
    """Message it was seen in."""
    seen_chat_id: Id[Chat] | None = None
    """Conversation it was seen in."""
    seen_account_id: Id[Account] | None = None
    """Who posted it."""
    seen_at: datetime | None = None
    """When it was posted, in UTC."""
    seen_local: LocalTime | None = None
    """When, in the source's local time."""
    found_in: InviteSource
    """Kind of place it was found in."""


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
    vcard_sha256: Sha256 | None = None
    """SHA-256 of the card's text."""


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
    """Heading that year, or month and year, were taken from: its place in the file."""
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


class Unread(Fact, table="unread"):
    """Something that a reader met and could not read, or left out."""

    item_id: Id[Item]
    """File it lies in."""
    path: Path
    """Path of that file on the exhibit."""
    reader: Term
    """Reader that met it; empty text where none took the file."""
    severity: Severity
    """How much it matters."""
    code: ReasonCode
    """What it is, such as ``encrypted``; docs/codes.md explains every code."""
    figures: tuple[Figures, ...] = ()
    """What belongs to the code, each as ``name=value``, quoted as it was met."""


class Fingerprint(Fact, table="fingerprints"):
    """What a picture, or a frame of a video, looks like: a hash that survives copying and resizing.

    Each exhibit has its own rows for each distinct file on it, and two exhibits with the same file
    have the same rows, though it was decoded once: take ``DISTINCT`` over exhibits, or join by
    ``source_id``. Of several items with one content the rows stand once.
    """

    algorithm: Term
    """``pdq``, ``pdq_trimmed`` (borders cut off first), or ``vpdq`` (a frame of a video)."""
    value: Sha256
    """The 256 bits, in hexadecimal as the reference implementation writes them."""
    turned: tuple[Sha256, ...] = ()
    """The seven other orientations: r090, r180, r270, flpx, flpy, flpp, flpm. Of videos that were
    looked at frame by frame only the first of each second has them."""
    quality: int
    """0-100; below 50 there is too little in the picture for the hash to tell it from others."""
    width: int
    """Width in pixels, as it is stored: no orientation is applied."""
    height: int
    """Height in pixels."""
    frame: int | None = None
    """Number of the frame, from 0; empty for a picture that does not move, as a video's cover."""
    at_ms: int | None = None
    """When the frame is shown, in milliseconds from the start; empty for a cover."""
    decode_path: Term
    """How it was decoded, such as ``simplejpeg 1.9.0 1/4 matched``."""
    simple_graphic: bool
    """A simple or dark graphic: one tone covers at least half of it, or it is a silhouette of two.
    Such pictures come near each other by chance."""
