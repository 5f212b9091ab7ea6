"""One of WhatsApp's iOS databases being read: Core Data's seconds since 2001, and its codes."""

import tomllib
from collections.abc import Iterator
from datetime import datetime
from importlib import resources
from typing import Any

from clew.facts.database import Values
from clew.facts.whatsapp import WhatsAppDatabase
from clew.schema import Row

NAME = "whatsapp-ios"
_APPLE_EPOCH = 978_307_200
"""Seconds from 1970 to 2001, from which Core Data counts."""
_FARTHEST = 1 << 40

_codes: dict[str, dict[str, Any]] = tomllib.loads(
    resources.files(__package__).joinpath("codes.toml").read_text(encoding="utf-8")
)
CODES: dict[str, dict[int, str]] = {
    table: {int(code): told["is"] for code, told in codes.items()}
    for table, codes in _codes.items()
    if table != "carries_file"
}
CARRIES_FILE = frozenset(_codes["carries_file"]["codes"])


class Database(WhatsAppDatabase):
    """A database of WhatsApp on iOS, open for reading."""

    reader = NAME

    def milliseconds(self, stored: float) -> int:
        """Milliseconds since 1970, from seconds since 2001."""
        return round((stored + _APPLE_EPOCH) * 1000)

    def moments(self, stored: Values) -> list[object]:
        """Times as milliseconds since 1970; zero stands for none, and what is no time stays."""
        return [self._moment(value) for value in stored]

    def moment(self, column: str, stored: object, at: object) -> datetime | None:
        """One time."""
        return self.time(column, self._moment(stored), at)

    def _moment(self, stored: object) -> object:
        if isinstance(stored, int | float) and stored and abs(stored) < _FARTHEST:
            return self.milliseconds(stored)
        return stored or None


class People:
    """Accounts, each told of once, where it is first met."""

    def __init__(self, base: Database) -> None:
        self._base = base
        self._seen: set[str] = set()

    def met(self, jid: object, locator: str, **known: str | None) -> Iterator[Row]:
        """The account of an address that is met for the first time."""
        found = self._base.address(jid)
        if found is None or found.account_id in self._seen:
            return
        self._seen.add(found.account_id)
        yield self._base.account_row(locator, found, **known)


def name_of(table: str, code: object) -> str | None:
    """Name of a code; None where it is not known."""
    return CODES[table].get(code) if isinstance(code, int) else None
