"""One of WhatsApp's iOS databases being read: Core Data's seconds since 2001, and its codes."""

from datetime import datetime

from clew.facts.codes import Codes
from clew.facts.source_columns import Values
from clew.facts.whatsapp import WhatsAppDatabase

NAME = "whatsapp-ios"
_APPLE_EPOCH = 978_307_200
"""Seconds from 1970 to 2001, from which Core Data counts."""
_FARTHEST = 1 << 40
CODES = Codes(__package__)
CARRIES_FILE = CODES.set_of("carries_file")
name_of = CODES.meaning


class Database(WhatsAppDatabase):
    """A database of WhatsApp on iOS, open for reading."""

    reader = NAME
    generation = ""
    """How people are addressed, ``lid`` or ``pn``, once the conversations are read."""

    def milliseconds(self, stored: float) -> int:
        """Milliseconds since 1970, from seconds since 2001."""
        return round((stored + _APPLE_EPOCH) * 1000)

    def moments(self, stored: Values) -> list[object]:
        """Times as milliseconds since 1970; zero stands for none, and what is no time stays."""
        return [
            self.milliseconds(value)
            if isinstance(value, int | float) and value and abs(value) < _FARTHEST
            else value or None
            for value in stored
        ]

    def moment(self, column: str, stored: object, at: object) -> datetime | None:
        """One time."""
        (milliseconds,) = self.moments((stored,))
        return self.time(column, milliseconds, at)
