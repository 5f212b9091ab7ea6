"""What happened when, over all facts, and what is missing from it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from clew.records.chats import Chat
from clew.records.evidence import Exhibit, Sha256
from clew.records.messages import Message
from clew.records.persons import Person
from clew.schema import Figures, Id, Locator, ReasonCode, Row


class LineKind(StrEnum):
    """What a line of the timeline tells."""

    MESSAGES = "messages"
    CALLS = "calls"
    GROUP = "group"
    MEMBERS = "members"
    NUMBER_CHANGED = "number_changed"
    INVITATION = "invitation"
    FIRST_SHARE = "first_share"
    PICTURE = "picture"
    FILE = "file"
    FILES = "files"
    NOTE = "note"
    SEIZURE = "seizure"
    DELETION = "deletion"


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
    DEVICE_CORRECTED = "device_corrected"
    DEVICE_UNCORRECTED = "device_uncorrected"
    MIXED = "mixed"
    EXPORT_ZONE = "export_zone"
    STATED_ZONE = "stated_zone"
    LOCAL = "local"
    FILE_SYSTEM = "file_system"
    CAMERA_OFFSET = "camera_offset"
    SATELLITE = "satellite"
    CONTAINER_UTC = "container_utc"
    WRITTEN = "written"
    AUTHORITY = "authority"


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
    what: ReasonCode
    """What happened: a code of the register ``timeline_event``; who and where stand beside it."""
    figures: tuple[Figures, ...]
    """Figures of that code, such as ``files=2``."""
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
    """Locator in that file, or the path of the file itself."""


class GapKind(StrEnum):
    """What is missing."""

    SILENT = "silent"
    MISSING_ROWS = "missing_rows"
    MISSING_RANGE = "missing_range"
    MISSING_MESSAGES = "missing_messages"
    HISTORY_START = "history_start"
    CUT_EXPORT = "cut_export"


class GapStrength(StrEnum):
    """What a gap rests on."""

    OTHERS_SHOW = "others_show"
    ROWS_SHOW = "rows_show"
    STATED = "stated"
    RHYTHM = "rhythm"


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
    """Gaps of this length or longer to be expected on this device by chance, by the rule named."""
    kept: int
    """Messages that this device has in the same stretch and groups."""
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
    figures: tuple[Figures, ...]
    """Figures of the rule, such as ``lacks=0.2``: the part, of 100, that this device lacks of what
    others hold elsewhere."""
