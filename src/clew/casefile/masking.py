"""Masking of people: the same account always gets the same pseudonym within one case.

Pseudonyms are keyed with a secret of the case. A plain hash would be no protection: all mobile
numbers of a country can be hashed within minutes.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Callable, Iterable
from functools import cached_property, lru_cache
from pathlib import Path

from clew.casefile.files import replacing

_ACCOUNT = re.compile(
    r"[a-z]+:(?:(?:pn|lid|user|username|email|aci|owner|tel):[^\s,;\"'()\[\]|]+|(?:label|name):[^\n]+)"
)
_ACCOUNT_IN_TEXT = re.compile(r"\b[a-z]+:(?:pn|lid|user|username|email|aci|owner|tel):[\w.+-]*\w")
_JID = re.compile(r"\b(?P<digits>\d{5,18})(?:[:.]\d+)?@(?P<server>s\.whatsapp\.net|c\.us|lid)\b")
_NUMBER = re.compile(r"(?<![\w#/=.-])\+?\d[\d ()\u2010-\u2015.-]{6,18}\d(?![\w/=#@-])")
_DATE = re.compile(r"(?:19|20)\d\d-[01]\d-[0-3]\d")
_SHORTEST_NUMBER = 8
_SINGLY = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
"""Scripts written without spaces: each character counts as a word."""
_WORD = re.compile(f"[{_SINGLY}]|[^\\W_{_SINGLY}]+")
_MOST_WORDS = 8
_SHORTEST_NAME = 3
_NO_NAMES = frozenset(
    ("android", "com", "data", "databases", "documents", "download", "file", "files", "group",
     "images", "live", "media", "member", "messages", "none", "people", "person", "photo",
     "sdcard", "sent", "telegram", "text", "unknown", "user", "video", "whatsapp")
)  # fmt: skip
"""Words of every phone's paths and of our own tables: nobody is named by one of them alone."""


class Names:
    """Names that the devices gave to people, found again wherever they stand in a text.

    A name of several words is found whatever its case; a name of one word only as it was written,
    and not where it is a word of every phone's paths.
    """

    def __init__(self, names: Iterable[tuple[str, str | None]]) -> None:
        self._named: dict[str, dict[tuple[str, ...], str | None]] = {}
        for name, account in names:
            words = tuple(_WORD.findall(name))
            if len(words) == 1 and (len(name) < _SHORTEST_NAME or name.casefold() in _NO_NAMES):
                continue
            if words:
                keyed = words if len(words) == 1 else tuple(w.casefold() for w in words)
                known = self._named.setdefault(words[0].casefold(), {})
                known[keyed] = account if known.get(keyed, account) == account else None

    def __bool__(self) -> bool:
        return bool(self._named)

    def hidden(self, text: str, shown: Callable[[str], str]) -> str:
        """The text with each name replaced by whom it stands for, or by ``[name]``."""
        places = list(_WORD.finditer(text))
        words = [place.group() for place in places]
        out, done, at = [], 0, 0
        while at < len(words):
            length, account = self._longest(words, at)
            if length:
                out += [text[done : places[at].start()], shown(account) if account else "[name]"]
                done = places[at + length - 1].end()
            at += length or 1
        return "".join([*out, text[done:]]) if out else text

    def _longest(self, words: list[str], at: int) -> tuple[int, str | None]:
        """Words of the longest name that begins here, and whose it is."""
        known = self._named.get(words[at].casefold())
        if known is None:
            return 0, None
        for length in range(min(_MOST_WORDS, len(words) - at), 0, -1):
            part = words[at : at + length]
            keyed = tuple(part) if length == 1 else tuple(w.casefold() for w in part)
            if keyed in known:
                return length, known[keyed]
        return 0, None


class Masking:
    """Pseudonyms of one case: one for a person, whichever of the accounts is shown."""

    def __init__(
        self,
        key_file: Path,
        person_of: dict[str, str] | None = None,
        names: Iterable[tuple[str, str | None]] = (),
    ) -> None:
        self._key_file = key_file
        self._person_of = person_of or {}
        self._names = Names(names)
        self.of = lru_cache(maxsize=200_000)(self._pseudonym)

    @cached_property
    def _key(self) -> bytes:
        if not self._key_file.is_file():
            with replacing(self._key_file) as hidden:
                hidden.write_bytes(secrets.token_bytes(32))
        return self._key_file.read_bytes()

    def text(self, text: str) -> str:
        """A text with every account, every run of digits like a phone number and every name of a
        person of the case masked.
        """  # noqa: D205 - one sentence
        if _ACCOUNT.fullmatch(text):
            return self.of(text)
        text = _ACCOUNT_IN_TEXT.sub(lambda found: self.of(found.group()), text)
        text = _JID.sub(self._jid, text)
        text = _NUMBER.sub(self._number, text)
        return self._names.hidden(text, self.of) if self._names else text

    def account(self, account_id: str) -> str:
        """A pseudonym of the account itself, where a person's accounts are to be told apart."""
        return f"account-{self._digest(account_id)}"

    def _jid(self, found: re.Match[str]) -> str:
        kind = "lid" if found["server"] == "lid" else "pn"
        return self.of(f"whatsapp:{kind}:{found['digits']}")

    def _number(self, found: re.Match[str]) -> str:
        digits = re.sub(r"\D", "", found.group())
        if _DATE.match(found.group()) or len(digits) < _SHORTEST_NUMBER:
            return found.group()
        return f"number-{self._digest(digits)}"

    def _pseudonym(self, account_id: str) -> str:
        return f"person-{self._digest(self._person_of.get(account_id, account_id))}"

    def _digest(self, text: str) -> str:
        return hmac.new(self._key, text.encode("utf-8", "surrogatepass"), "sha256").hexdigest()[:8]
