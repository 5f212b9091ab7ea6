"""What the values of a column are: masking, explaining and rendering follow from it.

A row class declares the kind with the type of a column: ``subject: GroupName | None``. At run time
every one of these types is plain text. ``Id[Account]`` declares its kind by itself.
"""

from enum import StrEnum
from typing import Annotated


class Kind(StrEnum):
    """Kind of the values of a column."""

    ID = "id"
    """Identifier of a row; ``Column.points_at`` names the table."""
    MESSAGE_KEY = "message key"
    """A messenger's own id of a message, which can embed the chat's and so a number."""
    HANDLE = "handle"
    """What names an account for its messenger: number, user name, e-mail address, label."""
    NUMBER = "phone number"
    PERSON_NAME = "name of a person"
    GROUP_NAME = "name of a group"
    PLACE = "place"
    """Where somebody was; withheld unless places are asked for."""
    FREE_TEXT = "free text"
    """Whatever people write, and sentences that quote it."""
    URL = "link"
    """A link, or the code of an invitation."""
    PATH = "path"
    """Path or name of a file, which people choose."""
    LOCATOR = "locator"
    """Where in a file a row stands."""
    RAW = "raw values"
    """Whatever stands in the source, of any kind."""
    REASON_CODE = "reason code"
    FIGURES = "figures"
    """Figures of a reason code, each as ``name=value``."""
    CHOICE = "one of a list"
    HASH = "hash"
    COUNTRY = "country"
    LOCAL_TIME = "local time"
    STAFF = "member of staff"
    """Who works on the case."""
    TERM = "term"
    """A word of Clew's own, of a format or of a program: a platform, an algorithm, a version."""
    QUANTITY = "quantity"
    TIME = "time (UTC)"
    YES_NO = "yes or no"
    UNDECLARED = "undeclared"
    """Text of which the row class does not say what it is; masked readers never see it."""


MessageKey = Annotated[str, Kind.MESSAGE_KEY]
Handle = Annotated[str, Kind.HANDLE]
Number = Annotated[str, Kind.NUMBER]
PersonName = Annotated[str, Kind.PERSON_NAME]
GroupName = Annotated[str, Kind.GROUP_NAME]
Place = Annotated[str, Kind.PLACE]
Degrees = Annotated[float, Kind.PLACE]
FreeText = Annotated[str, Kind.FREE_TEXT]
Url = Annotated[str, Kind.URL]
Path = Annotated[str, Kind.PATH]
Locator = Annotated[str, Kind.LOCATOR]
Raw = Annotated[str, Kind.RAW]
ReasonCode = Annotated[str, Kind.REASON_CODE]
Figures = Annotated[str, Kind.FIGURES]
Hash = Annotated[str, Kind.HASH]
Country = Annotated[str, Kind.COUNTRY]
LocalTime = Annotated[str, Kind.LOCAL_TIME]
Staff = Annotated[str, Kind.STAFF]
Term = Annotated[str, Kind.TERM]
