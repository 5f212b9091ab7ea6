"""Whom an identifier in a report names: accounts by application and identifier."""

import re
from functools import cache

from clew.facts import exports, signal, telegram, whatsapp
from clew.facts.readers.ufed.model import CODES
from clew.facts.source_columns import Address
from clew.records import IdType
from clew.schema import Id

_NUMBER = re.compile(r"\+?[\d\s().-]{5,25}")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_BY_NUMBER = frozenset({"phone", "signal", "viber"})
"""Applications in which a bare number is a telephone number, not an id."""


@cache
def platform_of(source: str | None) -> str:
    """Messenger by the name that the tool gives it."""
    name = (source or "").strip().casefold()
    known = CODES["platform"].get(name)
    return known or re.sub(r"[^a-z0-9]+", "-", name).strip("-") or "unknown"


def address(platform: str, identifier: str) -> Address | None:
    """The account that an identifier names in an application; None for groups and lists."""
    if platform == whatsapp.PLATFORM:
        digits = re.sub(r"[^0-9]", "", identifier) if _NUMBER.fullmatch(identifier) else ""
        jid = identifier if "@" in identifier else digits and f"{digits}@s.whatsapp.net"
        if jid:
            return whatsapp.address(jid)
    named = _NAMED.get(platform)
    found = named(identifier) if named else None
    return found or _number(platform, identifier) or _other(platform, identifier)


def _of_signal(identifier: str) -> Address | None:
    """A Signal account by its id, as the reader of Signal names it; numbers are seen to apart."""
    plain = identifier.strip()
    found = signal.person(pni=f"PNI:{plain[4:]}") if plain[:4].upper() == "PNI:" else None
    return found or (signal.person(aci=plain) if _UUID.fullmatch(plain) else None)


def _of_telegram(identifier: str) -> Address | None:
    """A Telegram account by its id or public name, as the reader of exports names it."""
    plain = identifier.strip()
    if (found := telegram.peer(plain)) or not (name := telegram.username(plain)):
        return found
    return Address(telegram.account_of_name(name), IdType.USERNAME, name)


_NAMED = {signal.PLATFORM: _of_signal, telegram.PLATFORM: _of_telegram}
"""Applications whose accounts other readers name as well."""


def _number(platform: str, identifier: str) -> Address | None:
    """An account named by a telephone number, where a number is one in that application."""
    if not _NUMBER.fullmatch(identifier) or not any(c.isdecimal() for c in identifier):
        return None
    if not identifier.startswith("+") and platform not in _BY_NUMBER:
        return None
    digits, number = re.sub(r"\D", "", identifier), exports.e164(identifier)
    return Address(Id(f"{platform}:pn:{digits}"), IdType.PHONE, identifier, number)


def _other(platform: str, identifier: str) -> Address:
    kind, plain = IdType.USERNAME, identifier
    if identifier.isdecimal():
        kind = IdType.USER_ID
    elif _EMAIL.fullmatch(identifier):
        kind, plain = IdType.EMAIL, identifier.lower()
    word = "user" if kind is IdType.USER_ID else kind.value
    return Address(Id(f"{platform}:{word}:{plain}"), kind, identifier)
