"""Messages over all devices that hold them, and exports that may be of the same."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from clew.records.accounts import Account
from clew.records.chats import Chat
from clew.records.evidence import Exhibit
from clew.records.messages import Message
from clew.schema import Id, LocalTime, MessageKey, Row, Term


class MergedTime(StrEnum):
    """Whose clock the time of a merged message is by."""

    SERVER = "server"
    CORRECTED = "corrected"
    SENDER_CLOCK = "sender_clock"
    NONE = "none"


class MergedMessage(Row, table="merged_messages", key=("merged_id",)):
    """One message of a conversation, whichever devices kept it."""

    merged_id: Id[MergedMessage]
    """Message key, or the event where the format keeps no key."""
    message_key: MessageKey | None = None
    """Protocol id."""
    chat_id: Id[Chat]
    """Conversation."""
    sender_account_id: Id[Account] | None = None
    """Who sent it."""
    kind: Term
    """What it is."""
    sent_at: datetime | None = None
    """When, in UTC: the server's stamp where any device received it, else the sender's clock."""
    time_basis: MergedTime = MergedTime.NONE
    """Whose clock that time is by, and whether it was corrected."""
    sent_local: LocalTime | None = None
    """When, in local time, for sources that keep no zone."""
    sources: int
    """Sources that hold it."""
    witnesses: tuple[Id[Exhibit], ...]
    """Exhibits that hold it."""
    event_ids: tuple[Id[Message], ...]
    """Every event merged here."""
    texts: int
    """Different texts among them: more than one is a contradiction."""
    senders: int
    """Different senders among them: more than one is a contradiction."""
    deleted_on: tuple[Id[Exhibit], ...]
    """Exhibits on which it shows as deleted."""


class ExportVote(Row, table="export_votes", key=("event_id", "other_event_id")):
    """A message of a text export with the text or file of one message of a database."""

    event_id: Id[Message]
    """Message of the export, which keeps no ids."""
    export_chat: Id[Chat]
    """The export."""
    label_account_id: Id[Account] | None = None
    """Whom the export names as sender: a label, which means nothing outside it."""
    chat_id: Id[Chat]
    """Conversation of the database."""
    other_event_id: Id[Message]
    """Its message, in the first copy."""
    account_id: Id[Account] | None = None
    """Who sent it, as the database says."""
    clock_minutes: int
    """Minutes by which the exporting phone's clock would have been ahead of UTC."""
    counts: bool
    """Enough votes for the same conversation give the same minutes."""


class ExportChat(Row, table="export_chats", key=("export_chat",)):
    """A conversation exported as text, and the conversation of the databases that it may be."""

    export_chat: Id[Chat]
    """The export."""
    chat_id: Id[Chat]
    """The conversation of the databases."""
    votes: int
    """Messages of the export that say so: the rows of ``export_votes`` that count."""
    others: int
    """Messages that say the next conversation, whether or not their times agree."""
    tied: bool
    """It is taken for that conversation: both are one in all conclusions."""
    judgement: int | None = None
    """Judgement that decided it."""


class ContentMatch(StrEnum):
    """How the content of a message of an export agrees with one of a database."""

    SAME_FILE = "same_file"
    SAME_TEXT = "same_text"
    SAME_BEGINNING = "same_beginning"
    FILE_ON_BOTH = "file_on_both"
    DELETED_ON_BOTH = "deleted_on_both"


class SenderMatch(StrEnum):
    """Whether an export's label stands for the sender of a message of a database."""

    SAME_PERSON = "same_person"
    NOT_KNOWN = "not_known"
    OTHER_PERSON = "other_person"


class MergeCandidate(Row, table="merge_candidates", key=("event_id", "merged_id")):
    """A message of an export that may be a message of a database: for a person to judge."""

    event_id: Id[Message]
    """Message of the export, which keeps no ids."""
    merged_id: Id[MergedMessage]
    """Message of the databases."""
    export_chat: Id[Chat]
    """The export."""
    chat_id: Id[Chat]
    """Conversation it seems to be of."""
    score: float
    """Time (0.3), content (0.4) and sender (0.3) added up; from 0.6 on."""
    rank: int
    """Rank among the candidates of this message of the export, from 1; of equal scores the one
    of the same rank among its like in that minute comes first."""
    rivals: int
    """Other candidates of the same message of the export."""
    claimed_by_others: int
    """Other messages of the same export that have this candidate too."""
    clock_minutes: int
    """Minutes by which the exporting phone's clock was ahead of UTC, as anchors tell."""
    anchors: int
    """Messages with the same long text or file that these minutes rest on."""
    same_time: bool
    """The times agree; else they are less than two minutes apart."""
    content_match: ContentMatch
    """How the contents agree."""
    sender_match: SenderMatch
    """Whether the label in the export is the sender's elsewhere too."""
    label_votes: int | None = None
    """Anchors in which the label is that of the person it mostly stands for."""
    label_anchors: int | None = None
    """Anchors of the label in all."""
    rank_in_export: int | None = None
    """Of messages alike in that minute: which in the export, from 1."""
    rank_in_databases: int | None = None
    """Of messages alike in that minute: which in the databases, by time."""
