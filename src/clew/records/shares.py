"""Files sent in messages, their contents and near duplicates, and who sent each first."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from clew.records.accounts import Account
from clew.records.chats import Chat
from clew.records.evidence import Exhibit, Item, Md5, Sha1, Sha256
from clew.records.facts import Fact, RecordState
from clew.records.messages import Message
from clew.records.persons import Person
from clew.schema import FreeText, Hash, Id, LocalTime, MessageKey, Path, Row, Term


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


class SettledBy(StrEnum):
    """Why nobody needs to look at a content, or why somebody still has to."""

    KNOWN = "known"
    IGNORABLE = "ignorable"
    JUDGED = "judged"
    NEAR_DUPLICATE = "near_duplicate"
    OPEN = "open"


class ShareCertainty(StrEnum):
    """How far the evidence carries "first"."""

    SENDER_SEIZED = "sender_seized"
    WITNESSED = "witnessed"
    FORWARDED = "forwarded"


class Share(Fact, table="shares", key=("event_id", "ordinal")):
    """A file sent in a message: the record counts even where the file itself is gone."""

    event_id: Id[Message]
    """Message that carries it."""
    ordinal: int = 0
    """Rank among the attachments of that message, from 0."""
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


class FileCluster(Row, table="file_clusters", key=("sha256",)):
    """One content, the cluster of near duplicates it is in, and where it lies and went."""

    cluster_id: Id[FileCluster]
    """The lowest SHA-256 in the cluster: the same whatever the order of exhibits."""
    sha256: Sha256
    """SHA-256."""
    media_type: FreeText | None = None
    """Type by the first bytes, or else as the messenger states it."""
    size: int | None = None
    """Bytes."""
    items: int
    """Files with this content."""
    shares: int
    """Messages that carried it, each counted once over all devices."""
    chats: int
    """Conversations it was shared in."""
    persons: int
    """Persons who shared it."""
    countries: int
    """Countries of the numbers that shared it."""
    exhibits: int
    """Exhibits that hold it or show it being shared."""
    file_present: bool
    """The file itself lies on at least one exhibit."""
    known: bool
    """A known set has these bytes."""
    ignorable: bool
    """An ignorable set has these bytes."""
    representative: Hash = ""
    """Content that stands for the cluster: the one with the most detail."""
    contents: int = 1
    """Different contents in the cluster."""
    distance: int | None = None
    """Bits between this and the representative, in the nearest orientation; none for a video."""
    orientation: Term | None = None
    """How it is turned to look like the representative: ``as_is``, r090, r180, r270, flpx, flpy,
    flpp, flpm; none where it is alone."""
    frames_matched: int | None = None
    """Of a video in a cluster: its scenes, which are its different frames, that the representative
    has too."""
    frames_total: int | None = None
    """Of a video in a cluster: its scenes with enough in them."""
    representative_frames_matched: int | None = None
    """Of a video in a cluster: scenes of the representative that it has too."""
    representative_frames_total: int | None = None
    """Of a video in a cluster: scenes of the representative with enough in them."""
    known_near: bool = False
    """A known set has it within 31 bits, or its PhotoDNA."""
    settled_by: SettledBy = SettledBy.OPEN
    """Why nobody needs to look at it, as far as sets and clusters tell; see ``file_categories``."""
    settled_through: Sha256 | None = None
    """Known or judged content that this is a near duplicate of: the nearest one."""
    settled_distance: int | None = None
    """Bits between the two, 31 at most; none for a video."""
    cluster_shares: int = 0
    """Messages that carried any content of the cluster, each content counted."""
    cluster_chats: int = 0
    """Conversations that any of them was shared in."""
    cluster_persons: int = 0
    """Persons who shared any of them."""
    cluster_countries: int = 0
    """Countries of the numbers that shared any of them."""
    cluster_exhibits: int = 0
    """Exhibits that hold any of them or show it being shared."""


class FirstShare(Row, table="first_shares", key=("sha256",)):
    """The earliest known share of a file, and what could have known better."""

    sha256: Sha256
    """The file."""
    event_id: Id[Message]
    """Message that carried it first."""
    chat_id: Id[Chat]
    """Conversation."""
    account_id: Id[Account] | None = None
    """Account that sent it."""
    person_id: Id[Person] | None = None
    """Person behind that account, as far as devices prove."""
    sent_at: datetime | None = None
    """When, in UTC."""
    witnesses: tuple[Id[Exhibit], ...]
    """Exhibits that show this share."""
    shares: int
    """Shares of the file in all, each message once."""
    chats: int
    """Conversations it reached."""
    persons: int
    """Persons who shared it."""
    untimed_shares: int
    """Shares in local time only, which can't be put in order with the rest."""
    certainty: ShareCertainty
    """How far the evidence carries "first"."""
    could_know_better: tuple[Id[Exhibit], ...]
    """Exhibits whose record of a conversation with this file begins later than this share."""
    untimed_exhibits: tuple[Id[Exhibit], ...]
    """Of these, exhibits that have nothing of such a conversation with a time in UTC."""
    cluster_id: Id[FileCluster] = Id("")
    """Cluster of near duplicates that the file is in."""
    first_in_cluster: bool = True
    """No near duplicate of the file is known to have been shared before."""
