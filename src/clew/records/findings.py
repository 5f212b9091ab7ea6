"""What follows from the facts by rules: recomputable, each with the rows it rests on."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from clew.records.evidence import CountryCode, Exhibit, Item, Md5, Sha1, Sha256
from clew.records.facts import (
    Account,
    Chat,
    MemberState,
    Message,
    RecordState,
    Role,
)
from clew.records.persons import Person
from clew.schema import (
    FreeText,
    GroupName,
    Hash,
    Home,
    Id,
    LocalTime,
    Locator,
    MessageKey,
    Path,
    Raw,
    Row,
    Staff,
    Term,
    Url,
)


class SetKind(StrEnum):
    """What a hash set is for; an ignorable set never hides a match with a known one."""

    KNOWN = "known"
    IGNORABLE = "ignorable"
    OWN = "own"


class Tier(StrEnum):
    """How far a match carries; the three are never counted together."""

    EXACT = "exact"
    NEAR = "near"
    REVIEW = "review"


class SettledBy(StrEnum):
    """Why nobody needs to look at a content, or why somebody still has to."""

    KNOWN = "known"
    IGNORABLE = "ignorable"
    JUDGED = "judged"
    NEAR_DUPLICATE = "near_duplicate"
    OPEN = "open"


class MatchedIn(StrEnum):
    """What a match was found through."""

    ITEM = "item"
    SHARE = "share"
    RECOVERED_SHARE = "recovered_share"


class ShareCertainty(StrEnum):
    """How far the evidence carries "first"."""

    SENDER_SEIZED = "sender_seized"
    WITNESSED = "witnessed"
    FORWARDED = "forwarded"


class HashSet(Row, table="hash_sets", home=Home.HASHSETS, key=("set", "version")):
    """A list of known hashes that the examining authority supplied."""

    set: Term
    """Name."""
    version: Term
    """Version."""
    kind: SetKind
    """What it is for."""
    source_name: Path
    """File it came from."""
    source_sha256: Sha256
    """SHA-256 of that file."""
    entries: int
    """Hashes taken in."""
    rejected: int
    """Lines or records that could not be taken in, kept beside the set with their places."""
    format: Term = ""
    """Format it was read as, such as ``vics``."""
    number: int = 0
    """Order in which sets were added to the case: deletions work backwards along it."""
    added_by: Staff = ""
    """Who added it: the name of the account on the machine."""
    received_from: FreeText | None = None
    """Who supplied it, as stated when it was added."""
    records: int = 0
    """Entries, each with one or more hashes."""
    deletions: int = 0
    """Records that it withdraws from earlier versions of the same set."""
    fingerprints: int = 0
    """Different PDQ fingerprints in it."""
    restricted: bool = False
    """Its entries are matched only: never shown, queried or exported."""
    note: FreeText | None = None
    """What its reader says of the file as a whole, such as that a further page belongs to it."""
    only_categories: tuple[Term, ...] = ()
    """Categories whose entries were asked for when it was added; empty: all entries."""
    left_out: int = 0
    """Records of other categories, or of none, that were therefore not taken in."""
    categories: Term = "{}"
    """Records of each category, written in full, as JSON: of those taken in."""


class KnownHash(Row, table="known_hashes", home=Home.HASHSETS):
    """One entry of a hash set; restricted sets keep theirs where no query reaches."""

    set: Term
    """Set it belongs to."""
    version: Term
    """Version of that set."""
    record: Term
    """Line or record in the set's file."""
    md5: Md5 | None = None
    """MD5."""
    sha1: Sha1 | None = None
    """SHA-1."""
    sha256: Sha256 | None = None
    """SHA-256."""
    category: Term | None = None
    """Category in full: scheme, country, version and code, never a bare number."""
    scheme: Term | None = None
    """Scheme that the category belongs to, such as ``VICS``."""
    country: Term | None = None
    """Country model of the scheme as the file names it, such as ``US`` or ``Default``."""
    scheme_version: Term | None = None
    """Version of the scheme."""
    code: Term | None = None
    """The category's code as the file writes it."""
    pdq: Sha256 | None = None
    """PDQ fingerprint, 256 bits."""
    pdq_quality: int | None = None
    """Its quality, where the set states it."""
    photodna: Hash | None = None
    """PhotoDNA in hexadecimal: carried and compared, never computed."""
    medium: Term | None = None
    """The publisher's number for the medium; not unique in practice."""
    at_ms: int | None = None
    """For a frame of a video: milliseconds from its start."""
    deleted: bool = False
    """The publisher withdraws this medium: a tombstone, which matches nothing."""
    disputed: int | None = None
    """How many members of the exchange dispute the entry, where the format tells."""
    details: Raw | None = None
    """Everything else the record says, as JSON."""


class Match(Row, table="matches", key=("match_id",)):
    """A file or the record of a share that a hash set knows."""

    match_id: Id[Match]
    """Derived from set, hash and place."""
    sha256: Sha256 | None = None
    """SHA-256 of the file."""
    set: Term
    """Set that knows it."""
    version: Term
    """Version of that set."""
    kind: SetKind
    """What that set is for."""
    record: Term
    """Entry of the set."""
    algorithm: Term
    """What matched: md5, sha1, sha256, photodna, pdq, pdq_trimmed, vpdq or embedding."""
    distance: int
    """Bits that differ; 0 for an exact match; of an embedding, thousandths of cosine distance."""
    quality: int | None = None
    """Quality of the file's own fingerprint; empty for an exact match."""
    category: Term | None = None
    """Category in full, as the set gives it."""
    matched_in: MatchedIn
    """A file, or a share's record."""
    file_present: bool
    """The file itself lies on the exhibit."""
    exhibit_id: Id[Exhibit]
    """Exhibit."""
    item_id: Id[Item] | None = None
    """The file, where it is there."""
    event_id: Id[Message] | None = None
    """The message, where the match is a share's record."""
    tier: Tier = Tier.EXACT
    """How far it carries."""
    algorithm_version: Term | None = None
    """Implementation that compared, such as ``clew 0.1.0``; of an embedding, its model too."""
    decode_path: Term | None = None
    """How the file was decoded for its fingerprint."""
    query_hash: Hash | None = None
    """The file's own hash that matched; of an embedding, the SHA-256 of its vector."""
    known_hash: Hash | None = None
    """The set's hash; withheld for a restricted set unless it is the same. Of an embedding, the
    SHA-256 of the content of this case that the entry has by its bytes."""
    known_quality: int | None = None
    """Quality of the set's fingerprint, where the set states it."""
    orientation: Term | None = None
    """How the file is turned to match: ``as_is``, r090, r180, r270, flpx, flpy, flpp, flpm."""
    low_quality: bool = False
    """Either quality is under 50: there is little in the picture to tell it from others."""
    simple_graphic: bool = False
    """A simple or dark graphic, of one tone or two: such come near each other by chance."""
    expected_by_chance: float | None = None
    """Entries of this set that come this near one file by chance, as measured on pictures of
    different things; where no pair came so near, the bound. Empty beyond what was measured."""
    expected_at_most: float | None = None
    """What that number stays under, with a confidence of 95 %."""
    chance_table: Term | None = None
    """Version of the measurement."""
    frames_matched: int | None = None
    """Of a video: its frames that match the medium."""
    frames_total: int | None = None
    """Of a video: its different frames with enough in them."""
    known_frames_matched: int | None = None
    """Of the known video: its frames that are matched."""
    known_frames_total: int | None = None
    """Of the known video: its frames in the set."""
    at_ms: tuple[Term, ...] = ()
    """Of a video or a picture that moves: when the matching frames are shown, in milliseconds."""
    disputed: int | None = None
    """How many members of the exchange dispute the entry, where the set tells."""
    further: int | None = None
    """Entries that are not told: beyond the 20 nearest to a picture or video with little in it, or
    by an embedding, and repeats of one file in an ignorable set."""


class FileCluster(Row, table="file_clusters", key=("sha256",)):
    """One content, the cluster of near duplicates it is in, and where it lies and went."""

    cluster_id: Id[FileCluster]
    """The lowest SHA-256 in the cluster: the same whatever the order of exhibits."""
    sha256: Sha256
    """SHA-256."""
    media_type: FreeText | None = None
    """Type told by the first bytes, or else as the messenger states it."""
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


class MergedTime(StrEnum):
    """Whose clock the time of a merged message is by."""

    SERVER = "server"
    CORRECTED = "corrected"
    SENDER_CLOCK = "sender_clock"
    NONE = "none"


class MergedMessage(Row, table="merged_messages", key=("merged_id",)):
    """One message of a conversation, whichever devices held it."""

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
    """Place among the candidates of this message of the export, from 1; of equal scores the one
    at the same place among its like in that minute comes first."""
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
    place_in_export: int | None = None
    """Of messages alike in that minute: which in the export, from 1."""
    place_in_databases: int | None = None
    """Of messages alike in that minute: which in the databases, by time."""


class Group(Row, table="groups", key=("chat_id",)):
    """A group over all exhibits that knew it."""

    chat_id: Id[Chat]
    """The group."""
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


class GroupMember(Row, table="group_members", key=("chat_id", "person_id")):
    """A person in a group, over all exhibits."""

    chat_id: Id[Chat]
    """The group."""
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


class InvitePosting(Row, table="invite_postings", key=("platform", "code", "place")):
    """One place in which an invitation was posted: a message, each once, or a place in a file."""

    platform: Term
    """Messenger that the invitation is of."""
    code: Url
    """Code of the link."""
    place: Id[MergedMessage]
    """Merged message it stands in, or else the file and the place in it."""
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
    """Kinds of place, such as ``invite_message`` or ``document``."""
    written: FreeText | None = None
    """As it was written, where that is no plain link."""
    exhibits: tuple[Id[Exhibit], ...]
    """Exhibits that hold it."""
    path: Path
    """File that it was read from; of several the first."""
    locator: Locator
    """Place in that file."""
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
    """Times it was posted, each message and each place in a document once."""
    documents: int
    """Of these, places in documents."""
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
    first_place: Id[MergedMessage] | None = None
    """Where it was posted then: a merged message."""
    state: RecordState = RecordState.LIVE
    """Live, or recovered where it stands in nothing but what was deleted."""
    recovered: int = 0
    """Places in what was deleted; none of the other columns counts them."""
    recovered_on: tuple[Id[Exhibit], ...] = ()
    """Exhibits on which they were found."""
    event_ids: tuple[Id[Message], ...]
    """Messages it was seen in."""


class PersonRole(Row, table="roles", key=("person_id",)):
    """What a person did over all groups: counts, not a judgement."""

    person_id: Id[Person]
    """The person."""
    country: CountryCode | None = None
    """Country of the number."""
    groups: int
    """Groups."""
    admin_of: int
    """Groups in which admin or creator."""
    connected_to: int
    """Other persons in the same groups."""
    messages: int
    """Messages sent, each once."""
    shares: int
    """Files shared, each message once."""
    known_shares: int
    """Of these, files in a known set."""
    first_shares: int
    """Files of which the earliest known share is this person's."""
    exhibits: tuple[Id[Exhibit], ...]
    """Exhibits held by this person."""
