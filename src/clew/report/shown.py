"""How values are shown: times in UTC, strange characters spelt out; masked they are already.

What came from evidence can hold anything. Escaping makes it inert, and here characters that
would hide something or turn the reading direction are written out.
"""

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from markupsafe import Markup, escape

from clew.reading import Reading
from clew.views import view
from clew.words import Speaker, countries, reasons
from clew.words.catalogue import spoken, written
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
            return str(self.say("unknown"))
        name = self._names.get(account_id)
        return spelt_out(f"{name} ({account_id})" if name else str(account_id))

    def text(self, value: object) -> str:
        """A text from evidence, such as a title or a path."""
        return "" if value is None else spelt_out(str(value))

    def said(self, row: dict[str, Any], table: str) -> Markup:
        """A row in words; what is a link in it stays one."""
        return _linked(lambda row: self._speaker.sentence(table, row), row)

    def clause(self, row: dict[str, Any], table: str) -> Markup:
        """A row in words that stand beside others and are no sentence."""
        return self.said(row, table).removesuffix(".")

    def say(self, name: str, /, **figures: Any) -> Markup:
        """A sentence of the register ``report``; what is a link in it stays one."""
        return _linked(lambda links: self._speaker.say("report", name, **links), figures)

    def reason(self, row: dict[str, Any], register: str) -> str:
        """The code and figures of a row in words."""
        said = reasons.sentence(register, row["code"], row["figures"] or (), self._speaker)
        return self.text(said)

    def meaning(self, code: str | None, register: str) -> str:
        """What a code means, whatever its figures."""
        return self.text(reasons.meaning(register, code or "", self._speaker))

    def several(self, items: Iterable[object], most: int = 0) -> Markup:
        """Several things in one sentence; of more than ``most`` only these."""
        parts = [escape(item) for item in items]
        if most and len(parts) > most:
            listed = Markup(", ").join(parts[:most])
            return self.say("more", shown=listed, rest=len(parts) - most)
        if len(parts) < 2:  # noqa: PLR2004 - one, or none
            return Markup("").join(parts)
        return self.say("and", first=Markup(", ").join(parts[:-1]), last=parts[-1])

    def country(self, code: str | None) -> str:
        """A country by its name; its code where that is of none."""
        name = countries().get(code or "", code)
        return self._speaker.translated("country", name) if name else str(self.say("unknown"))

    def _identifier(self, kind: str, value: str) -> str:
        return self.person(value) if kind == "person" else spelt_out(value)


def _linked(say: Callable[[dict[str, Any]], str], figures: dict[str, Any]) -> Markup:
    """A sentence whose figures may be HTML: a sign that no text shown can hold stands for each."""
    links: dict[str, Markup] = {}
    values = {}
    for name, value in figures.items():
        if isinstance(value, Markup):
            links[f"\x02{len(links)}\x03"] = value
            values[name] = f"\x02{len(links) - 1}\x03"
        else:
            values[name] = _spelt(value)
    parts = re.split("(\x02[0-9]+\x03)", say(values))
    return Markup("").join(links.get(part, part) for part in parts)


def _spelt(value: Any) -> Any:
    if isinstance(value, list):
        return [_spelt(one) for one in value]
    return spelt_out(value) if isinstance(value, str) else value


def moment(at: datetime | None) -> str:
    """A time in UTC, to the second."""
    return f"{at:%Y-%m-%d %H:%M:%SZ}" if at else ""


def day(at: datetime | None) -> str:
    """The day of a time in UTC."""
    return f"{at:%Y-%m-%d}" if at else ""


def number(value: Any) -> str:
    """A number with thin spaces between thousands."""
    return written(value)


def short(digest: str | None) -> str:
    """The first digits of a hash; the whole stands beside it as a title."""
    return f"{digest[:_SHORT]}\u2026" if digest else ""
