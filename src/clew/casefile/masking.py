"""Masking of people: the same account always gets the same pseudonym within one case.

Pseudonyms are keyed with a secret of the case. A plain hash would be no protection: all mobile
numbers of a country can be hashed within minutes.
"""

from __future__ import annotations

import hmac
import re
import secrets
from functools import cached_property, lru_cache
from pathlib import Path

from clew.casefile.files import replacing

_ACCOUNT = re.compile(
    r"[a-z]+:(?:(?:pn|lid|user|aci|owner|tel):[^\s,;\"'()\[\]|]+|(?:label|name):[^\n]+)"
)
_ACCOUNT_IN_TEXT = re.compile(r"\b[a-z]+:(?:pn|lid|user|aci|owner|tel):[\w.+-]*\w")
_JID = re.compile(r"\b(?P<digits>\d{5,18})(?:[:.]\d+)?@(?P<server>s\.whatsapp\.net|c\.us|lid)\b")
_NUMBER = re.compile(r"(?<![\w#/=.-])\+?\d[\d ()\u2010-\u2015.-]{6,18}\d(?![\w/=#@-])")
_DATE = re.compile(r"(?:19|20)\d\d-[01]\d-[0-3]\d")
_SHORTEST_NUMBER = 8


class Masking:
    """Pseudonyms of one case: one for a person, whichever of the accounts is shown."""

    def __init__(self, key_file: Path, person_of: dict[str, str] | None = None) -> None:
        self._key_file = key_file
        self._person_of = person_of or {}
        self.of = lru_cache(maxsize=200_000)(self._pseudonym)

    @cached_property
    def _key(self) -> bytes:
        if not self._key_file.is_file():
            with replacing(self._key_file) as hidden:
                hidden.write_bytes(secrets.token_bytes(32))
        return self._key_file.read_bytes()

    def text(self, text: str) -> str:
        """A text with every account and every run of digits like a phone number masked."""
        if _ACCOUNT.fullmatch(text):
            return self.of(text)
        text = _ACCOUNT_IN_TEXT.sub(lambda found: self.of(found.group()), text)
        text = _JID.sub(self._jid, text)
        return _NUMBER.sub(self._number, text)

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
