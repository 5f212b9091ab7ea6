"""What follows from the facts by rules: recomputable, each with the rows it rests on."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from clew.records.evidence import CountryCode, Exhibit, Item, Md5, Sha1, Sha256
from clew.records.facts import Account, Chat, MemberState, Message, PhoneNumber, Role
from clew.schema import Id, Row


class SetKind(StrEnum):
    """What a hash set is for; an ignorable set never hides a match with a known one."""

    KNOWN = "known"
    IGNORABLE = "ignorable"
    OWN = "own"


class MatchedIn(StrEnum):
    """What a match was found through."""

    ITEM = "item"
    """A file on the exhibit."""
    SHARE = "share"
    """The record of a share whose file is not on the exhibit."""
    RECOVERED_SHARE = "recovered_share"
    """The record of a share in a message that was deleted; never counted among the live ones."""


class ShareCertainty(StrEnum):
    """How far the evidence carries "first"."""

    SENDER_SEIZED = "sender_seized"
    """The sender's own device is among the exhibits."""
    WITNESSED = "witnessed"
    """Only other people's devices show it; what the sender got before is not known."""
    FORWARDED = "forwarded"
    """The messenger marks it as forwarded: an earlier share exists that no exhibit shows."""


class HashSet(Row, table="hash_sets", key=("set", "version")):
    """A list of known hashes that the examining authority supplied."""

    set: str
    """Name."""
    version: str
    """Version."""
    kind: SetKind
    """What it is for."""
    source_name: str
    """File it came from."""
    source_sha256: Sha256
    """SHA-256 of that file."""
    entries: int
    """Hashes taken in."""
    rejected: int
    """Lines that are no hash, kept beside the set with their line numbers."""


class KnownHash(Row, table="known_hashes"):
    """One entry of a hash set."""

    set: str
    """Set it belongs to."""
    version: str
    """Version of that set."""
    record: str
    """Line or record in the set's file."""
    md5: Md5 | None = None
    """MD5."""
    sha1: Sha1 | None = None
    """SHA-1."""
    sha256: Sha256 | None = None
    """SHA-256."""
    category: str | None = None
    """Category as the set writes it."""


class Match(Row, table="matches", key=("match_id",)):
    """A file or the record of a share that a hash set knows."""

    match_id: str
    """Derived from set, hash and place."""
    sha256: Sha256 | None = None
    """SHA-256 of the file."""
    set: str
    """Set that knows it."""
    version: str
    """Version of that set."""
    kind: SetKind
    """What that set is for."""
    record: str
    """Entry of the set."""
    algorithm: str
    """Digest that matched: md5, sha1 or sha256."""
    distance: int
    """0 for an exact match."""
    quality: int | None = None
    """Quality of a perceptual hash; empty for an exact match."""
    category: str | None = None
    """Category as the set writes it."""
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


class FileCluster(Row, table="file_clusters", key=("sha256",)):
    """One content and where it lies and went; near duplicates join in a later step."""

    cluster_id: str
    """The content's SHA-256."""
    sha256: Sha256
    """SHA-256."""
    media_type: str | None = None
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
    """A known set has it."""
    ignorable: bool
    """An ignorable set has it."""


class MergedTime(StrEnum):
    """Whose clock the time of a merged message is by."""

    SERVER = "server"
    """The server's stamp, as a device that received it kept it; no device's clock is in it."""
    CORRECTED = "corrected"
    """The sender's clock, corrected by what ``clock_offsets`` found."""
    SENDER_CLOCK = "sender_clock"
    """The sender's clock as it was: nothing to correct it by was found."""
    NONE = "none"
    """No time in UTC."""


class MergedMessage(Row, table="merged_messages", key=("merged_id",)):
    """One message of a conversation, whichever devices held it."""

    merged_id: str
    """Message key, or the event where the format keeps no key."""
    message_key: str | None = None
    """Protocol id."""
    chat_id: Id[Chat]
    """Conversation."""
    sender_account_id: Id[Account] | None = None
    """Who sent it."""
    kind: str
    """What it is."""
    sent_at: datetime | None = None
    """When, in UTC: the server's stamp where any device received it, else the sender's clock."""
    time_basis: MergedTime = MergedTime.NONE
    """Whose clock that time is by, and whether it was corrected."""
    sent_local: str | None = None
    """When, in local time, for sources that keep no zone."""
    sources: int
    """Sources that hold it."""
    witnesses: tuple[str, ...]
    """Exhibits that hold it."""
    event_ids: tuple[str, ...]
    """Every event merged here."""
    texts: int
    """Different texts among them: more than one is a contradiction."""
    senders: int
    """Different senders among them: more than one is a contradiction."""
    deleted_on: tuple[str, ...]
    """Exhibits on which it shows as deleted."""


class ClockMethod(StrEnum):
    """How the error of a device's clock was found, the surest first."""

    OWN_MESSAGES = "own_messages"
    """Its own messages, stamped by its clock, beside the server's stamp on other devices."""
    RECEIVED_MESSAGES = "received_messages"
    """When it received messages beside the server's stamp: the least delay of each month."""
    OTHER_DEVICES = "other_devices"
    """When it and other devices received the same messages, where nobody kept a server's stamp."""


class ClockOffset(Row, table="clock_offsets", key=("exhibit_id",)):
    """By how much a device's clock was off, as the messages on it and elsewhere show.

    At a time ``t`` it was ahead by ``ahead_s`` + ``drift_s`` x (``t`` - ``from_at``) / 30 days.
    """

    exhibit_id: Id[Exhibit]
    """The device."""
    method: ClockMethod
    """How it was found."""
    messages: int
    """Messages it rests on."""
    from_at: datetime
    """Earliest of these."""
    until_at: datetime
    """Latest of these; outside the two it is carried on, and less sure."""
    ahead_s: float
    """Seconds ahead of the server's time at ``from_at``; negative if behind."""
    drift_s: float
    """Seconds more every 30 days."""
    low_s: float
    """Lower end of the interval in which the middle half of the remaining errors lies, seconds."""
    high_s: float
    """Its upper end."""


class ExportZone(Row, table="export_zones", key=("source_id", "since")):
    """The offset from UTC that a text export's times are in, week by week alike."""

    exhibit_id: Id[Exhibit]
    """Exhibit of the export."""
    source_id: Sha256
    """The export."""
    since: datetime
    """First message that shows this offset, in UTC."""
    until: datetime
    """Last one."""
    offset_minutes: int
    """Minutes that local time is ahead of UTC, daylight saving included."""
    messages: int
    """Messages seen in a database too, by the same long text, that it rests on."""
    agreeing: int
    """Of these, messages that agree with it to the minute or two."""


class Person(Row, table="persons", key=("person_id",)):
    """Accounts that the devices themselves prove to be one person's."""

    person_id: str
    """The phone number's account where there is one, else the first account."""
    accounts: int
    """How many accounts."""
    e164: PhoneNumber | None = None
    """Phone number."""
    country: CountryCode | None = None
    """Country of that number."""
    names: tuple[str, ...]
    """Names given to the accounts."""
    is_owner_of: tuple[str, ...]
    """Exhibits whose holder's account this is."""


class PersonAccount(Row, table="person_accounts", key=("account_id",)):
    """Why an account belongs to a person."""

    person_id: str
    """The person."""
    account_id: Id[Account]
    """The account."""
    rule: str
    """Rule that ties it: ``itself``, ``lid_of``, ``number_changed``."""
    score: float
    """1 for what a device itself states."""
    reason: str
    """In words, with the source and row."""


class Group(Row, table="groups", key=("chat_id",)):
    """A group over all exhibits that knew it."""

    chat_id: Id[Chat]
    """The group."""
    platform: str
    """Messenger."""
    chat_type: str
    """Kind of group."""
    subject: str | None = None
    """Latest title known."""
    created_at: datetime | None = None
    """When it was created."""
    creator: str | None = None
    """Person who created it."""
    members: int
    """Members, past and present, each person once."""
    current_members: int
    """Members still in it on the latest roster."""
    admins: int
    """Admins and creators among them."""
    countries: tuple[str, ...]
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
    exhibits: tuple[str, ...]
    """Exhibits that knew it."""


class GroupMember(Row, table="group_members", key=("chat_id", "person_id")):
    """A person in a group, over all exhibits."""

    chat_id: Id[Chat]
    """The group."""
    person_id: str
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
    exhibits: tuple[str, ...]
    """Exhibits that show it."""
    basis: tuple[str, ...]
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


class LineageKind(StrEnum):
    """How one group follows from another."""

    SUCCESSION = "succession"
    """It begins about when the other ends, with many of the same people."""
    PARALLEL = "parallel"
    """Both live at the same time, with many of the same people."""


class LineageEvent(StrEnum):
    """What became of the earlier group, in the words of community tracking."""

    CONTINUE = "continue"
    GROW = "grow"
    SHRINK = "shrink"
    SPLIT = "split"
    """More than one group follows it."""
    MERGE = "merge"
    """The later group follows more than one."""


class GroupLineage(Row, table="group_lineage", key=("earlier", "later")):
    """A group that takes up where another ended, or is kept beside it, with the reasons."""

    earlier: Id[Chat]
    """The earlier group."""
    later: Id[Chat]
    """The group that follows it."""
    kind: LineageKind
    """Succession, or kept in parallel."""
    event: LineageEvent | None = None
    """What became of the earlier group; empty for groups in parallel."""
    best: bool
    """Of all groups that the later could follow from, this has the strongest reasons."""
    shared_members: int
    """Persons in both."""
    containment: float
    """Shared persons over the smaller group."""
    lift: float
    """Shared persons over the number expected by chance for two groups of these sizes."""
    gap_days: float
    """Days from the last that is known of the earlier to the first of the later; negative where
    they overlap."""
    title_similarity: float
    """0 to 1: how alike the titles are, once numbers and pictograms at their end are left out."""
    moved_platform: bool
    """The two are on different messengers."""
    reason: str
    """In words, with the figures."""


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
    person_id: str | None = None
    """Person behind that account, as far as devices prove."""
    sent_at: datetime | None = None
    """When, in UTC."""
    witnesses: tuple[str, ...]
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
    could_know_better: tuple[str, ...]
    """Exhibits whose record of a conversation with this file begins later than this share."""
    reason: str
    """In words."""


class Introduction(Row, table="introductions", key=("cluster_id", "person_id")):
    """A person's first share of a content, and how likely it brought the content in."""

    cluster_id: str
    """The content."""
    person_id: str
    """Who shared it."""
    event_id: Id[Message]
    """Message that carried it."""
    chat_id: Id[Chat]
    """Conversation."""
    at: datetime
    """When, in UTC, corrected as ``merged_messages`` says."""
    place: int
    """Place among the persons who shared it, from 1."""
    chance: float
    """Chance from 0 to 1 that this share brought it in; see ``introduction_model``."""
    forwarded: bool
    """The messenger marks it as forwarded."""
    exposed: bool
    """Another phone shows it earlier in a group of this person."""
    seen_on_own_device: bool | None = None
    """The person's own device shows it coming in earlier; empty where no such device is held."""


class Origin(Row, table="origins", key=("cluster_id",)):
    """The earliest known sharer of a content, and whether that answers who brought it in."""

    cluster_id: str
    """The content."""
    person_id: str
    """Earliest known sharer."""
    event_id: Id[Message]
    """Message that carried it."""
    chat_id: Id[Chat]
    """Conversation."""
    at: datetime
    """When, in UTC."""
    chance: float
    """Chance that this share brought it in."""
    answered: bool
    """The chance is 0.9 or more: shown by default. Else the devices seized do not tell."""
    likely_person_id: str
    """Sharer who is likeliest to be the first who brought it in."""
    likely_chance: float
    """How likely."""
    sharers: int
    """Persons who are known to have shared it."""
    reason: str
    """In words."""


class IntroductionModel(Row, table="introduction_model", key=("figure",)):
    """What the chance of an introduction is made of: one coefficient a figure."""

    figure: str
    """Figure of a first share; ``(start)`` for the constant."""
    meaning: str
    """What it says."""
    coefficient: float
    """Change of the log-odds for each unit of it."""
    labels: int
    """First shares on phones with full history that it was learned from."""


class NewMaterial(Row, table="new_material", key=("person_id",)):
    """Who introduces material not seen elsewhere, more than others do: a lead, never more.

    Empty where no known set is loaded: without one the question cannot be answered from metadata.
    """

    person_id: str
    """The person."""
    place: int
    """Place by score, from 1."""
    score: float
    """Log likelihood ratio: this person's own part of new contents against everybody's."""
    introduced: float
    """Contents that the person brought in, each counted by its chance."""
    new: float
    """Of these, in no known set and brought in by nobody else."""
    part: float
    """The second over the first."""
    part_of_everybody: float
    """The same over all persons."""
    reason: str
    """In words."""


class InviteTarget(Row, table="invite_targets", key=("platform", "code")):
    """An invitation, where it leads, and whose hands it passed through."""

    code: str
    """Code of the link."""
    platform: str
    """Messenger."""
    chat_id: Id[Chat] | None = None
    """Group it leads to, where any source says."""
    group_name: str | None = None
    """Name of that group."""
    seen: int
    """Times it was posted, each message once."""
    chats: tuple[str, ...]
    """Conversations it was posted in."""
    persons: tuple[str, ...]
    """Persons who posted it."""
    exhibits: tuple[str, ...]
    """Exhibits that show it."""
    first_at: datetime | None = None
    """First time posted, in UTC."""
    event_ids: tuple[str, ...]
    """Messages it was seen in."""


class PersonRole(Row, table="roles", key=("person_id",)):
    """What a person did over all groups: counts, not a judgement."""

    person_id: str
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
    exhibits: tuple[str, ...]
    """Exhibits held by this person."""
    reason: str
    """In words."""
