"""Invitations as they were found, where they were posted, and where they lead."""

from datetime import datetime
from enum import StrEnum

from clew.records.accounts import Account
from clew.records.chats import Chat
from clew.records.evidence import Exhibit
from clew.records.facts import Fact, RecordState
from clew.records.merged import MergedMessage
from clew.records.messages import Message
from clew.records.persons import Person
from clew.schema import FreeText, GroupName, Id, LocalTime, Locator, Path, Row, Term, Url


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
    """Kind of source it was found in."""


class InvitePosting(Row, table="invite_postings", key=("platform", "code", "posting_id")):
    """One posting of an invitation: a message, each once, or a location in a file."""

    platform: Term
    """Messenger that the invitation is of."""
    code: Url
    """Code of the link."""
    posting_id: Id[MergedMessage]
    """Merged message it stands in, or else the file and the locator in it."""
    chat_id: Id[Chat] | None = None
    """Conversation it was posted in."""
    chat_name: GroupName | None = None
    """Title of that conversation."""
    person_id: Id[Person] | None = None
    """Person who posted it, as far as devices prove."""
    posted_at: datetime | None = None
    """When, in UTC."""
    posted_local: LocalTime | None = None
    """When, in local time, for sources that keep no zone."""
    found_in: tuple[Term, ...]
    """Kinds of source, such as ``invite_message`` or ``document``."""
    written: FreeText | None = None
    """As it was written, where that is no plain link."""
    exhibits: tuple[Id[Exhibit], ...]
    """Exhibits that hold it."""
    path: Path
    """File that it was read from; of several the first."""
    locator: Locator
    """Location in that file."""
    event_ids: tuple[Id[Message], ...]
    """Messages it was seen in, on every device."""
    state: RecordState = RecordState.LIVE
    """Live, or recovered from what was deleted; the two are never one posting."""


class InviteTarget(Row, table="invite_targets", key=("platform", "code")):
    """An invitation, where it leads, and whose hands it passed through."""

    code: Url
    """Code of the link."""
    platform: Term
    """Messenger."""
    kind: Term
    """Whether it leads to a group or to one person."""
    url: Url | None = None
    """Link, defanged."""
    chat_id: Id[Chat] | None = None
    """Group it leads to, where any source says."""
    group_name: GroupName | None = None
    """Name of that group."""
    seen: int
    """Times it was posted, each message and each locator in a document once."""
    documents: int
    """Of these, in documents."""
    chats: tuple[Id[Chat], ...]
    """Conversations it was posted in."""
    persons: tuple[Id[Person], ...]
    """Persons who posted it."""
    exhibits: tuple[Id[Exhibit], ...]
    """Exhibits that show it."""
    first_at: datetime | None = None
    """First time posted, in UTC."""
    first_by: Id[Person] | None = None
    """Person who posted it then."""
    first_posting_id: Id[MergedMessage] | None = None
    """Where it was posted then: a merged message."""
    state: RecordState = RecordState.LIVE
    """Live, or recovered where it stands in nothing but what was deleted."""
    recovered: int = 0
    """Postings in what was deleted; none of the other columns counts them."""
    recovered_on: tuple[Id[Exhibit], ...] = ()
    """Exhibits on which they were found."""
    event_ids: tuple[Id[Message], ...]
    """Messages it was seen in."""
