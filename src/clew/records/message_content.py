"""What messages say beyond their text: places sent in them, and polls.

Places have a table of their own, so that they can be withheld wherever the case is shown.
"""

from __future__ import annotations

from clew.records.facts import Account, Fact, Message
from clew.schema import Degrees, FreeText, Id, Place


class MessagePlace(Fact, table="message_places"):
    """A place that somebody sent in a message: withheld wherever it is not asked for."""

    event_id: Id[Message]
    """The message."""
    latitude: Degrees | None = None
    """Degrees north, negative in the south (WGS 84)."""
    longitude: Degrees | None = None
    """Degrees east, negative in the west."""
    name: Place | None = None
    """What the place was called; where places are withheld, ``withheld``."""
    value_raw: Place
    """As it stands in the source; where places are withheld, ``withheld``."""


class PollOption(Fact, table="poll_options", key=("event_id", "ordinal")):
    """One answer of a poll, with who chose it as far as the source says."""

    event_id: Id[Message]
    """The poll, whose question is the message's text."""
    ordinal: int
    """Place among the answers, from 0."""
    option: FreeText
    """The answer as written."""
    voters: tuple[Id[Account], ...] = ()
    """Accounts that chose it."""
    votes: int
    """Votes for it, those included whose giver the source does not name."""
