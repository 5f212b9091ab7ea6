"""What follows about the network as a whole: clocks, groups over time, who brought contents in."""

from datetime import datetime
from enum import StrEnum

from clew.records.chats import Chat
from clew.records.evidence import Exhibit, Sha256
from clew.records.messages import Message
from clew.records.persons import OfPerson, Person
from clew.records.shares import FileCluster
from clew.schema import Id, Row, Term


class ClockMethod(StrEnum):
    """How the error of a device's clock was found, the surest first."""

    OWN_MESSAGES = "own_messages"
    RECEIVED_MESSAGES = "received_messages"
    OTHER_DEVICES = "other_devices"


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


class LineageKind(StrEnum):
    """How one group follows from another."""

    SUCCESSION = "succession"
    PARALLEL = "parallel"


class LineageEvent(StrEnum):
    """What became of the earlier group, in the words of community tracking."""

    CONTINUE = "continue"
    GROW = "grow"
    SHRINK = "shrink"
    SPLIT = "split"
    MERGE = "merge"


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
    handed_over: int = 0
    """Persons who were in the earlier in its last week and in the later in its first."""
    expected: float = 0.0
    """As many as two groups of those sizes would have in common by chance."""
    chance: float = 1.0
    """How often chance alone would give as many, or more."""
    gap_days: float
    """Days from the last that is known of the earlier to the first of the later; negative where
    they overlap."""
    title_similarity: float
    """0 to 1: how alike the titles are, once numbers and pictograms at their end are left out."""
    moved_platform: bool
    """The two are on different messengers."""


class Introduction(Row, table="introductions", key=("cluster_id", "person_id")):
    """A person's first share of a content, and how likely it brought the content in."""

    cluster_id: Id[FileCluster]
    """The content."""
    person_id: Id[Person]
    """Who shared it."""
    event_id: Id[Message]
    """Message that carried it."""
    chat_id: Id[Chat]
    """Conversation."""
    at: datetime
    """When, in UTC, corrected as ``merged_messages`` says."""
    rank: int
    """Rank among the persons who shared it, from 1."""
    chance: float
    """Chance from 0 to 1 that this share brought it in; see ``introduction_model``."""
    forwarded: bool
    """The messenger marks it as forwarded."""
    exposed: bool
    """Another phone shows it earlier in a group of this person."""
    seen_on_own_device: bool | None = None
    """The person's own device shows it coming in earlier; empty where no such device was seized."""


class OwnDevice(StrEnum):
    """What the own device of a content's sharer shows of the time before the share."""

    NOT_SEIZED = "not_seized"
    SEEN_BEFORE = "seen_before"
    NOT_SEEN = "not_seen"
    PARTLY_KEPT = "partly_kept"


class Origin(Row, table="origins", key=("cluster_id",)):
    """The earliest known sharer of a content, and whether that answers who brought it in."""

    cluster_id: Id[FileCluster]
    """The content."""
    person_id: Id[Person]
    """Earliest known sharer."""
    event_id: Id[Message]
    """Message that carried it."""
    chat_id: Id[Chat]
    """Conversation."""
    at: datetime
    """When, in UTC."""
    chance: float
    """Chance that this sharer is the first who brought it in: by this share, and nobody before."""
    least_chance: float
    """The same, if chances are overstated here as far as they were in one of six generated
    operations: 1 standard deviation lower."""
    answered: bool
    """``least_chance`` is 0.9 or more: shown by default. Else the devices seized do not tell."""
    introduced: float
    """Chance that this share brought it in, whoever else did before."""
    unseen_before: float
    """Chance that somebody brought it in before and no seized device shows it, estimated from how
    much only one person's devices show (capture and recapture); see ``introduction_model``."""
    likely_person_id: Id[Person]
    """Sharer who is likeliest to be the first who brought it in."""
    likely_chance: float
    """How likely."""
    sharers: int
    """Persons who are known to have shared it."""
    forwarded: bool
    """The messenger marks the earliest share as forwarded."""
    own_device: OwnDevice
    """What the earliest sharer's own device shows of the time before."""


class IntroductionPart(StrEnum):
    """Which chance a coefficient belongs to."""

    INTRODUCTION = "introduction"
    EARLIER = "earlier"
    FIRST = "first"


class IntroductionModel(Row, table="introduction_model", key=("part", "figure")):
    """What the chances of introductions are made of: one coefficient a figure.

    Part ``introduction``: that a first share brought a content in. ``earlier``: that the devices of
    just one other person show an earlier share of what was brought in; from it and ``seen_part``,
    the estimated part of all shares that the devices show, follows how likely an earlier one is
    unseen. ``first``: that the earliest known sharer was the first of all; its coefficients are
    declared, and were counted on generated operations.
    """

    part: IntroductionPart
    """Which chance it belongs to."""
    figure: Term
    """Figure of a first share; ``(start)`` for the constant, where all figures are 0."""
    coefficient: float
    """Change of the log-odds for each unit of it; of ``seen_part`` the part itself, 0 to 1."""
    labels: int
    """First shares on phones with full history that it was learned from."""


class NewMaterial(OfPerson, table="new_material", key=("person_id",)):
    """Who introduces material not seen elsewhere, more than others do: a lead, never more.

    Empty where no known set is loaded: without one the question cannot be answered from metadata.
    """

    rank: int
    """Rank by score, from 1."""
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
