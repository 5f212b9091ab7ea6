"""Masking of people: the same account always gets the same pseudonym within one case.

That holds of what others sent too: an account that a messenger named is one under each origin.

What is shown instead of a value follows from the kind that its column declares; only free text is
searched for patterns. Pseudonyms are keyed with a secret of the case. A plain hash would be no
protection: all mobile numbers of a country can be hashed within minutes.
"""

import hashlib
import re
from collections.abc import Callable, Iterable
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from clew.casefile.received import everybodys
from clew.casefile.text_masking import TextMasking
from clew.errors import EvidenceError
from clew.records import Account, Chat, MergedMessage, Person
from clew.schema import Column, Kind, Row, columns

WITHHELD = "withheld"
"""What stands for a name or a place."""
DIGITS, MESSAGE_DIGITS = 8, 16
"""Length of a pseudonym's digest: of a message longer, as there are so many."""
TEXTS = frozenset(
    (Kind.FREE_TEXT, Kind.GROUP_NAME, Kind.PATH, Kind.URL, Kind.LOCATOR, Kind.FIGURES)
)
"""Kinds of which only what names somebody is hidden."""
WITHHOLDING = frozenset((Kind.PERSON_NAME, Kind.RAW, Kind.UNDECLARED))
"""Kinds of which nothing is shown."""
KEY_BYTES = 32
"""Bytes of the secret of a case."""
OPEN_KINDS = frozenset(
    (Kind.CHOICE, Kind.HASH, Kind.COUNTRY, Kind.QUANTITY, Kind.TIME, Kind.YES_NO, Kind.TERM,
     Kind.REASON_CODE)
)  # fmt: skip
"""Kinds whose values everybody is shown."""
PERSONAL = frozenset((Account, Chat, MergedMessage, Person))
"""Tables whose identifiers may hold the number of a person."""
_ACCOUNT = re.compile(
    r"[a-z]+:(?:(?:pn|lid|user|username|email|aci|pni|owner|tel):[^\s,;\"'()\[\]|]+"
    r"|(?:label|name):[^\n]+)"
)
_EVENT = re.compile("[0-9a-f]{20}#")
PLAIN_LOCATOR = "[a-z_]+(/[0-9]+)*"
"""A table or kind of line and numbers of rows: it names nobody, however long the number."""
_NO_DIGITS = re.compile(r"\D")


Name = tuple[str, str | None]


class Known:
    """What a case knows that masking needs; a case gives it when it is asked for."""

    def __init__(
        self,
        person_of: dict[str, str] | None = None,
        chats: Iterable[str] = (),
        names: Iterable[Name] = (),
    ) -> None:
        self._person_of, self._chats, self._names = person_of or {}, chats, names

    @cached_property
    def person_of(self) -> dict[str, str]:
        """Person of each account."""
        return self._person_of

    @cached_property
    def persons(self) -> frozenset[str]:
        """Identifiers of persons."""
        return frozenset(self.person_of.values())

    @cached_property
    def chats(self) -> frozenset[str]:
        """Identifiers of conversations."""
        return frozenset(self._chats)

    def names(self) -> Iterable[Name]:
        """Names, each with the account that bears it."""
        return self._names


class Masking:
    """Pseudonyms of one case: of a person, whichever of the accounts is named, and of the rest."""

    def __init__(self, key_file: Path, known: Known | None = None) -> None:
        self._key_file = key_file
        self.known = known or Known()
        self.of = lru_cache(maxsize=200_000)(self._person)

    @cached_property
    def texts(self) -> TextMasking:
        """How free text is masked."""
        return TextMasking(self, self.known.names())

    @cached_property
    def key(self) -> str:
        """The secret of the case, in hexadecimal."""
        try:
            key = self._key_file.read_bytes()
        except OSError as error:
            raise _lost(error.strerror) from error
        if len(key) != KEY_BYTES:
            raise _lost(f"it has {len(key)} bytes")
        return key.hex()

    def digest(self, text: str, digits: int = DIGITS) -> str:
        """Keyed digest; a masked relation makes the same in SQL."""
        data = (self.key + text).encode("utf-8", "surrogatepass")
        return hashlib.sha256(data).hexdigest()[:digits]

    def account(self, account_id: str) -> str:
        """Pseudonym of an account itself, beside its person's."""
        return f"account-{self.digest(account_id)}"

    def group(self, chat_id: str) -> str:
        """Pseudonym of a conversation, whose id may hold the number of whoever made it."""
        return f"group-{self.digest(chat_id)}"

    def number(self, text: str) -> str:
        """Pseudonym of a phone number, however it is written."""
        return f"number-{self.digest(_ascii_digits(text))}"

    def handle(self, text: str) -> str:
        """Pseudonym of a user name or an address; of a number the number's."""
        if text.isdecimal() or text.startswith("+"):
            return self.number(text)
        return f"handle-{self.digest(text.casefold().removeprefix('@'))}"

    def message(self, key: str) -> str:
        """Pseudonym of a messenger's own id of a message; an event's id names nobody and stays."""
        return key if _EVENT.match(key) else f"message-{self.digest(key, MESSAGE_DIGITS)}"

    def text(self, text: str) -> str:
        """A text in which every number, address, handle and known name is masked."""
        if ":" in text:
            text = everybodys(text)
            if text in self.known.chats:
                return self.group(text)
            if text in self.known.person_of or _ACCOUNT.fullmatch(text):
                return self.of(text)
        return self.texts.hidden(text)

    def value(self, column: Column, value: Any, *, places: bool = False) -> Any:
        """What is shown of a value of this column."""
        if isinstance(value, list | tuple):
            return [self.value(column, part, places=places) for part in value]
        if value is None or column.kind is Kind.PLACE:
            return value if places or value is None else _withheld(value)
        if column.kind in WITHHOLDING:
            return WITHHELD
        if column.kind in TEXTS:
            plain = column.kind is Kind.LOCATOR and re.fullmatch(PLAIN_LOCATOR, value)
            return value if plain else self.text(value)
        mask = self._masks.get(column.kind)
        return mask(column, value) if mask else value

    def rows(self, table: type[Row], rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        """Whole rows of a table as they are shown."""
        return [{c.name: self.value(c, row[c.name]) for c in columns(table)} for row in rows]

    @cached_property
    def _masks(self) -> dict[Kind, Callable[[Column, str], str]]:
        return {
            Kind.ID: self._id,
            Kind.MESSAGE_KEY: lambda _, key: self.message(key),
            Kind.HANDLE: lambda _, text: self.handle(text),
            Kind.NUMBER: lambda _, text: self.number(text),
        }

    def _id(self, column: Column, value: str) -> str:
        """Pseudonym of an identifier; those of exhibits, items, events and the like name nobody."""
        to, value = set(column.points_at), everybodys(value)
        if Chat in to and (len(to) == 1 or value in self.known.chats):
            return self.group(value)
        if Person in to and (Account not in to or value in self.known.persons):
            return self.of(value)
        if Account in to:
            return self.account(value)
        return self.message(value) if MergedMessage in to else value

    def _person(self, account_id: str) -> str:
        return f"person-{self.digest(self.known.person_of.get(account_id, account_id))}"


def _withheld(value: object) -> str | None:
    return WITHHELD if isinstance(value, str) else None


def _ascii_digits(text: str) -> str:
    """Digits of a number, in whichever script they are written."""
    return "".join(str(int(char)) for char in _NO_DIGITS.sub("", text))


def _lost(why: object) -> EvidenceError:
    return EvidenceError(
        f"the key of this case's pseudonyms can't be read: {why}; nothing was shown",
        do="Restore mask.key from your backup: with another key everybody would be someone else.",
    )
