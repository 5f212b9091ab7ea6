"""What happened when, over all facts, and what is missing from it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from clew.records.evidence import Exhibit, Sha256
from clew.records.facts import Chat, Message
from clew.records.persons import Person
from clew.schema import FreeText, Id, Locator, Row


class LineKind(StrEnum):
    """What a line of the timeline tells."""

    MESSAGES = "messages"
    """Messages of a day on one exhibit in one conversation."""
    CALLS = "calls"
    """Calls of a day on one exhibit."""
    GROUP = "group"
    """A group was created, closed, renamed or otherwise changed."""
    MEMBERS = "members"
    """Somebody joined, left or was removed, or became or ceased to be admin."""
    NUMBER_CHANGED = "number_changed"
    """An account's number changed."""
    INVITATION = "invitation"
    """An invitation was posted."""
    FIRST_SHARE = "first_share"
    """The earliest known share of a content."""
    PICTURE = "picture"
    """A picture or video says when it was taken."""
    FILE = "file"
    """Last change of a picture, video or read file, as its file system or archive has it."""
    FILES = "files"
    """Last changes of other files, of a day on one exhibit."""
    NOTE = "note"
    """An entry of notes speaks of this date."""
    SEIZURE = "seizure"
    """An exhibit was acquired."""
    DELETION = "deletion"
    """A message was deleted."""


class LinePrecision(StrEnum):
    """How finely the time of a line is known."""

    SECOND = "second"
    MINUTE = "minute"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class LineBasis(StrEnum):
    """Whose clock, and in which zone, the time of a line is."""

    SERVER = "server"
    """The messenger's server."""
    DEVICE_CORRECTED = "device_corrected"
    """A device's clock, corrected by what ``clock_offsets`` found."""
    DEVICE_UNCORRECTED = "device_uncorrected"
    """A device's clock as it was: nothing to correct it by was found."""
    MIXED = "mixed"
    """Times of a day, some of the server and some of the device's clock, corrected where it can
    be."""
    EXPORT_ZONE = "export_zone"
    """Local time of an export, put into UTC by the zone that ``export_zones`` found."""
    STATED_ZONE = "stated_zone"
    """Local time, put into UTC by the exhibit's zone as the seizing unit stated it: an
    assumption."""
    LOCAL = "local"
    """Local time as it stands, in no known zone; sorted as if it were UTC, up to 14 hours off."""
    FILE_SYSTEM = "file_system"
    """The file system's or archive's own record, by the clock of whatever wrote it."""
    CAMERA_OFFSET = "camera_offset"
    """A camera's clock with the offset that the file states."""
    SATELLITE = "satellite"
    """A camera's clock with the offset from the satellites' time."""
    CONTAINER_UTC = "container_utc"
    """A video's container, whose format defines it as UTC; some devices write local time."""
    WRITTEN = "written"
    """A date as somebody wrote it."""
    AUTHORITY = "authority"
    """As the seizing authority stated it."""


class TimelineLine(Row, table="timeline", key=("line_id",)):
    """One line of the timeline; messages, calls and other files are counted by day."""

    line_id: Id[TimelineLine]
    """Derived from what the line says and rests on."""
    at: datetime
    """When, in UTC, or as ``basis`` says."""
    until: datetime | None = None
    """End, where the line is of more than a moment."""
    precision: LinePrecision
    """How finely it is known."""
    basis: LineBasis
    """Whose clock and zone it is in."""
    corrected: bool
    """The time was corrected for the error of a device's clock."""
    kind: LineKind
    """What it tells."""
    what: FreeText
    """In words; who and where stand beside it."""
    weight: int
    """How much it is worth reading: 3 for what shaped the network, 2 for what one person did, 1 for
    single traces, 0 for counts of a day."""
    rows: int
    """Rows of the evidence that it counts."""
    persons: tuple[Id[Person], ...]
    """Who: first whoever did it, then whom it was done to."""
    chat_id: Id[Chat] | None = None
    """Conversation."""
    exhibit_id: Id[Exhibit]
    """Exhibit that shows it; of several, the first."""
    exhibits: tuple[Id[Exhibit], ...]
    """Every exhibit that shows it."""
    sha256: Sha256 | None = None
    """Content or file that it is about."""
    event_id: Id[Message] | None = None
    """Message that it rests on; of several, the first."""
    source_id: Sha256 | None = None
    """SHA-256 of the file that it was read from."""
    locator: Locator | None = None
    """Place in that file, or the path of the file itself."""


class GapKind(StrEnum):
    """What is missing."""

    SILENT = "silent"
    """A device has no message for longer than its own rhythm explains."""
    MISSING_ROWS = "missing_rows"
    """Row numbers are missing together from a database."""
    MISSING_RANGE = "missing_range"
    """Messages of a group, one after another, that others hold and this device lacks."""
    MISSING_MESSAGES = "missing_messages"
    """Single messages of a group, here and there, that others hold and this device lacks."""
    HISTORY_START = "history_start"
    """A device's record of a group begins later than its holder was in it."""
    CUT_EXPORT = "cut_export"
    """A text export looks cut short at the messenger's limit."""


class GapStrength(StrEnum):
    """What a gap rests on."""

    OTHERS_SHOW = "others_show"
    """Other devices hold what is missing here."""
    ROWS_SHOW = "rows_show"
    """The database's own row numbers, or recovered rows, show that something was there."""
    STATED = "stated"
    """The device itself states an earlier beginning."""
    RHYTHM = "rhythm"
    """Only the device's own rhythm speaks for it: it may have been off, or unused."""


class TimelineGap(Row, table="timeline_gaps", key=("gap_id",)):
    """A stretch from which something is missing, with the figures that say so."""

    gap_id: Id[TimelineGap]
    """Derived from kind, exhibit, conversation and beginning."""
    kind: GapKind
    """What is missing."""
    strength: GapStrength
    """What it rests on."""
    exhibit_id: Id[Exhibit]
    """Device."""
    chat_id: Id[Chat] | None = None
    """Group; empty for a device or database as a whole."""
    from_at: datetime | None = None
    """Beginning: the last that is there before it, in UTC."""
    until_at: datetime | None = None
    """End: the first that is there after it."""
    days: float | None = None
    """Days between the two."""
    expected: float | None = None
    """Messages to be expected in it, by this device's own rate around it."""
    chance: float | None = None
    """Gaps of this length or longer to be expected on this device by chance, by the rule told."""
    held: int
    """Messages that this device holds in the same stretch and groups."""
    others_hold: int
    """Messages of the same groups in the stretch that others hold and this device lacks."""
    others: tuple[Id[Exhibit], ...]
    """Exhibits that hold them."""
    missing_rows: int | None = None
    """Row numbers missing together."""
    recovered_rows: int
    """Deleted messages that were recovered from within."""
    source_id: Sha256 | None = None
    """SHA-256 of the file."""
    locator: Locator | None = None
    """Last row before and first row after, or where it begins."""
    event_ids: tuple[Id[Message], ...]
    """Evidence: up to ten of the others' messages, or the messages at both ends."""
    reason: FreeText
    """In words, with the figures and the rule."""
