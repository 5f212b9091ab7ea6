"""Who is in a report: accounts by application and identifier, with the names that they have."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from clew.facts import signal, telegram, whatsapp
from clew.facts.reader_api import Found, FromFile
from clew.facts.readers.ufed.model import CODES
from clew.records import Account, AccountName, IdType, NameKind
from clew.schema import Id, Row, replace

_NUMBER = re.compile(r"\+?[\d\s().-]{5,25}")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_NOBODY = frozenset({"system message", "system"})
"""What the tool puts in place of a sender where the application itself speaks."""
_BY_NUMBER = frozenset({"phone", "signal", "viber"})
"""Applications in which a bare number is a telephone number, not an id."""


class Address(NamedTuple):
    """An account as an application addresses it."""

    account_id: str
    id_type: IdType
    identifier: str
    e164: str | None


@cache
def platform_of(source: str | None) -> str:
    """Messenger by the name that the tool gives it."""
    name = (source or "").strip().casefold()
    known = CODES["platform"].get(name)
    return known or re.sub(r"[^a-z0-9]+", "-", name).strip("-") or "unknown"


def address(platform: str, identifier: str) -> Address | None:
    """The account that an identifier names in an application; None for groups and lists."""
    if platform == whatsapp.PLATFORM:
        jid = identifier if "@" in identifier else _as_jid(identifier)
        told = whatsapp.address(jid) if jid else None
        if told:
            return Address(told.account_id, told.id_type, told.identifier, told.e164)
        if jid:
            return None
    named = _NAMED.get(platform)
    found = named(identifier) if named else None
    return found or _number(platform, identifier) or _other(platform, identifier)


def _of_signal(identifier: str) -> Address | None:
    """A Signal account by its id, as the reader of Signal names it; numbers are seen to apart."""
    plain = identifier.strip()
    pni = plain if plain[:4].upper() == "PNI:" else None
    found = signal.person(pni=f"PNI:{pni[4:]}") if pni else None
    found = found or (signal.person(aci=plain) if _UUID.fullmatch(plain) else None)
    return Address(found.account_id, found.id_type, identifier, None) if found else None


def _of_telegram(identifier: str) -> Address | None:
    """A Telegram account by its id or public name, as the reader of exports names it."""
    plain = identifier.strip()
    if found := telegram.peer(plain):
        return Address(found.account_id, found.id_type, str(found.number), None)
    if name := telegram.username(plain):
        return Address(telegram.account_of_name(name), IdType.USERNAME, name, None)
    return None


_NAMED = {signal.PLATFORM: _of_signal, telegram.PLATFORM: _of_telegram}
"""Applications whose accounts other readers name as well."""


def _number(platform: str, identifier: str) -> Address | None:
    """An account named by a telephone number, where a number is one in that application."""
    if not _NUMBER.fullmatch(identifier) or not any(c.isdecimal() for c in identifier):
        return None
    if not identifier.startswith("+") and platform not in _BY_NUMBER:
        return None
    digits = re.sub(r"\D", "", identifier)
    return Address(f"{platform}:pn:{digits}", IdType.PHONE, identifier, _e164(identifier))


def _other(platform: str, identifier: str) -> Address:
    if identifier.isdecimal():
        return Address(f"{platform}:user:{identifier}", IdType.USER_ID, identifier, None)
    if _EMAIL.fullmatch(identifier):
        return Address(f"{platform}:email:{identifier.lower()}", IdType.EMAIL, identifier, None)
    return Address(f"{platform}:username:{identifier}", IdType.USERNAME, identifier, None)


def _as_jid(identifier: str) -> str | None:
    """A bare number as WhatsApp addresses it; None for a name."""
    if not _NUMBER.fullmatch(identifier):
        return None
    return f"{re.sub(r'[^0-9]', '', identifier)}@s.whatsapp.net"


def _e164(identifier: str) -> str | None:
    """E.164 form of a number written with its country; a national number has none."""
    return whatsapp.e164(re.sub(r"\D", "", identifier)) if identifier.startswith("+") else None


class People(FromFile):
    """Accounts and names, gathered while the report passes, each once."""

    def __init__(self, found: Found) -> None:
        super().__init__(found)
        self._scope = found.source_id[:16]
        self._item = found.item_id
        self._accounts: dict[str, Account] = {}
        self._names: dict[tuple[str, str, NameKind], str] = {}
        self._known: dict[tuple[str, str], Address | None] = {}
        self.owners: dict[str, None] = {}
        """Accounts of the device's holder."""

    def account(
        self, platform: str, identifier: str | None, name: str | None, at: str
    ) -> str | None:
        """Account of a party; a party without an identifier is a label within this report."""
        if identifier and identifier.casefold() in _NOBODY:
            return None
        if identifier:
            key = (platform, identifier)
            if key not in self._known:
                self._known[key] = address(platform, identifier)
            found = self._known[key]
        elif name:
            label = f"{platform}:label:{self._scope}:{name}"
            found = Address(label, IdType.LABEL, name, None)
        else:
            return None
        if found is None:
            return None
        if found.account_id not in self._accounts:
            self._add(found, platform, at)
        if name and name != identifier:
            self.name(found.account_id, name, NameKind.EXPORT_LABEL, at)
        return found.account_id

    def owner(self, platform: str, account: str | None, at: str) -> str:
        """Mark the account of the device's holder; without one, make the holder one."""
        if account is None:
            unnamed = Address(f"{platform}:owner:{self._item}", IdType.OWNER, self._item, None)
            account = unnamed.account_id
            if account not in self._accounts:
                self._add(unnamed, platform, at)
        if account not in self.owners:
            self.owners[account] = None
            self.describe(account, is_owner=True)
        return account

    def describe(self, account: str, **columns: Any) -> None:
        """Say more about an account."""
        self._accounts[account] = replace(self._accounts[account], **columns)

    def name(self, account: str, name: str, kind: NameKind, at: str) -> None:
        """Give an account a name."""
        self._names.setdefault((account, name, kind), at)

    def rows(self) -> Iterator[Row]:
        """Every account and name."""
        yield from self._accounts.values()
        for (account, name, kind), at in self._names.items():
            yield AccountName(**self.at(at), account_id=Id(account), name=name, name_kind=kind)

    def _add(self, found: Address, platform: str, at: str) -> None:
        self._accounts[found.account_id] = Account(
            **self.at(at), account_id=Id(found.account_id), platform=platform,
            id_type=found.id_type, identifier=found.identifier, e164=found.e164,
        )  # fmt: skip
