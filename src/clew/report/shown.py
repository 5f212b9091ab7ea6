"""How values are shown: times in UTC, strange characters spelt out; masked they are already.

What came from evidence can hold anything. Autoescaping makes it inert, and here characters that
would hide something or turn the reading direction are written out.
"""

from datetime import datetime
from typing import Any

from clew.reading import Reading
from clew.views import view
from clew.words import Speaker, reasons
from clew.words.catalogue import spoken
from clew.words.characters import spelt_out

_SHORT = 12


class Shown:
    """Words for values of one case; whom they name was masked by the reading that gave them."""

    def __init__(self, reading: Reading) -> None:
        persons = () if reading.masked else reading.rows(view("persons").sql)
        self._names = {p["person_id"]: " / ".join(p["names"]) for p in persons if p["names"]}
        self.translations = spoken()
        self._speaker = Speaker(self._identifier, self.translations)

    def person(self, account_id: str | None) -> str:
        """A person: a pseudonym, or the account and its name."""
        if account_id is None:
            return self.phrase("unknown")
        name = self._names.get(account_id)
        return spelt_out(f"{name} ({account_id})" if name else str(account_id))

    def text(self, value: object) -> str:
        """A text from evidence, such as a title or a path."""
        return "" if value is None else spelt_out(str(value))

    def listed(self, values: list[str] | None) -> str:
        """Texts, one after another."""
        return ", ".join(map(self.text, values or ()))

    def said(self, row: dict[str, Any], table: str) -> str:
        """A row of a table in words."""
        return self.text(self._speaker.sentence(table, row))

    def phrase(self, name: str, /, **figures: Any) -> str:
        """A short text of the register ``drawing``; names in it are as they are shown."""
        return self._speaker.say("drawing", name, **figures)

    def reason(self, row: dict[str, Any], register: str) -> str:
        """The code and figures of a row in words."""
        said = reasons.sentence(register, row["code"], row["figures"], self._speaker)
        return self.text(said)

    def meaning(self, code: str | None, register: str) -> str:
        """What a code means, whatever its figures."""
        return self.text(reasons.meaning(register, code or "", self._speaker))

    def _identifier(self, kind: str, value: str) -> str:
        return self.person(value) if kind == "person" else spelt_out(value)

    def persons(self, accounts: list[str], most: int = 6) -> str:
        """Several persons, the first few by name."""
        shown = [self.person(a) for a in accounts[:most]]
        more = len(accounts) - len(shown)
        named = ", ".join(shown)
        return self.phrase("more", shown=named, rest=more) if more else named


def moment(at: datetime | None) -> str:
    """A time in UTC, to the second."""
    return f"{at:%Y-%m-%d %H:%M:%SZ}" if at else ""


def number(value: Any) -> str:
    """A number with thin spaces between thousands."""
    return f"{value:,}".replace(",", "\u202f") if isinstance(value, int) else str(value)


def short(digest: str | None) -> str:
    """The first digits of a hash; the whole stands beside it as a title."""
    return f"{digest[:_SHORT]}\u2026" if digest else ""
