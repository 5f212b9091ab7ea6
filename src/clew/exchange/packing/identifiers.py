"""Whom a text mentions: numbers, user names and names of the case, wherever they stand in it.

Asked of whatever is no text of a person and may hold one all the same: ids of conversations, keys
of messages, locators. There a number counts when all its digits stand together.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache

_RUN = re.compile(r"\d{7,}")
_WRITTEN = re.compile(r"\+?\d[\d ().\-/]{5,}\d")
"""A number as people write it."""
_SPACED = re.compile(r"(?<!\d)\+?\d{1,4}(?:[ ().\-]{1,2}\d{2,4}){2,5}(?!\d)")
"""The same where it stands in the name of a file, or what else becomes part of an id."""
_ADDRESS = re.compile(r"(\d{5,20})(?:-\d{9,11}@g\.us|@(?:s\.whatsapp\.net|c\.us|lid)\b)")
"""Addresses of WhatsApp that hold a person's number: of a person, or of whoever made a group."""
_WORD = re.compile(r"[^\W\d_]{4,}")
_LETTERS = re.compile(r"[^\W\d_]+")
_HANDLE = re.compile(r"[\w.+\-]{4,}(?:@[\w.\-]+)?")
_PARTS = re.compile(r"[/#]")
_RANDOM = re.compile(r"(?=.*[A-Fa-f])[0-9A-Fa-f]{8,64}")
"""A digest or a random key; a number alone is none."""
_OWN_WORDS = frozenset(
    ("whatsapp", "telegram", "signal", "export", "channel", "broadcast", "newsletter", "status",
     "unknown", "chat", "discord", "messenger", "message", "messages", "line", "file", "group",
     "participant", "user", "contacts")
)  # fmt: skip
_NATIONAL = 9
"""Last digits by which a number is known that is written without its country."""
_NUMBER = range(7, 21)
"""How many digits a number may have."""


def plain(text: str) -> str:
    """A text as it is compared: small letters without marks, digits of every script as 0 to 9.

    >>> plain("Jose\u0301 \u0666\u0660\u0660")
    'jose 600'
    """
    if text.isascii():
        return text.casefold()
    apart = unicodedata.normalize("NFKD", text).casefold()
    return "".join(
        str(int(c)) if c.isdecimal() else c for c in apart if not unicodedata.combining(c)
    )


class Identifiers:
    """What names each account of a case."""

    def __init__(self, known: Iterable[tuple[str, str, bool]]) -> None:
        """``known`` has account, what names it, and whether that is a text."""
        self._digits: dict[str, set[str]] = defaultdict(set)
        self._endings: dict[str, set[str]] = defaultdict(set)
        self._words: dict[str, set[str]] = defaultdict(set)
        for account, given, is_text in known:
            name = plain(given)
            digits = re.sub(r"\D", "", name.rpartition(":")[2])
            if len(digits) in _NUMBER:
                self._digits[digits].add(account)
                self._endings[digits[-_NATIONAL:]].add(account)
            if is_text:
                for word in {name, "".join(_LETTERS.findall(name)), *_WORD.findall(name)}:
                    self._words[word].add(account)
        self.in_id = lru_cache(maxsize=1 << 20)(self._in_id)
        self._in_part = lru_cache(maxsize=1 << 16)(self._of_part)

    def _in_id(self, value: str) -> frozenset[str]:
        """Accounts that an id, key or locator mentions; of an address nobody knows, the address."""
        found: set[str] = set()
        value = plain(value)
        for user in _ADDRESS.findall(value):
            found |= self._digits.get(user) or {user}
        for part in _PARTS.split(value):
            found |= self._in_part(part)
        return frozenset(found)

    def _of_part(self, part: str) -> frozenset[str]:
        """Accounts that a part of an id mentions; a digest or a random key mentions nobody."""
        if part.isdigit():
            return frozenset(self._digits.get(part, ()))
        if _RANDOM.fullmatch(part):
            return frozenset()
        found = set().union(*(self._digits.get(run, set()) for run in _RUN.findall(part)))
        found |= self._written(_SPACED.findall(part))
        return frozenset(found | self._named(part, _OWN_WORDS))

    def in_text(self, value: str) -> frozenset[str]:
        """Accounts that a text mentions, by number as people write them, user name or name."""
        return self.numbers_in(value) | self._named(plain(value), frozenset())

    def numbers_in(self, value: str) -> frozenset[str]:
        """Accounts whose numbers a text has, as people write them, with the country or without."""
        return frozenset(self._written(_WRITTEN.findall(plain(value))))

    def _written(self, runs: Iterable[str]) -> set[str]:
        found: set[str] = set()
        for run in runs:
            digits = re.sub(r"\D", "", run)
            found |= self._digits.get(digits, set()) | self._endings.get(digits[-_NATIONAL:], set())
        return found

    def _named(self, text: str, without: frozenset[str]) -> set[str]:
        words = {*_WORD.findall(text), *_HANDLE.findall(text)} - without
        return set().union(*(self._words[word] for word in words & self._words.keys()))

    def of(self, accounts: Iterable[str]) -> Iterator[str]:
        """Digits of every number of these accounts."""
        wanted = frozenset(accounts)
        yield from (digits for digits, owners in self._digits.items() if owners & wanted)
