"""What facts of every kind share: where they were read, by what clock, live or recovered."""

from enum import StrEnum

from clew.records.evidence import Exhibit, Sha256
from clew.schema import Home, Id, Locator, Row


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


class Fact(Row, home=Home.FACTS):
    """What every fact carries: where it was read."""

    exhibit_id: Id[Exhibit]
    """Exhibit it was read from."""
    source_id: Sha256
    """SHA-256 of the file it was read from."""
    locator: Locator
    """Locator in that file, such as ``message/4711`` (table and row) or ``line/120``."""
