"""Elements of a file in another's format, and what each states: the same for every format."""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec

from clew.formats.hashes import digest, encoding_of
from clew.records import IdType

PHONE = "phone"
"""Platform of a number of which no messenger is stated."""
_OWN = re.compile(r"([a-z][a-z0-9_-]*):(pn|lid|aci|pni|user|username|email|label):(.+)", re.DOTALL)
"""An account as Clew names it, and so as Clew's own renderings do."""
_KINDS = {"pn": IdType.PHONE, "lid": IdType.LID, "aci": IdType.ACI, "pni": IdType.ACI,
          "user": IdType.USER_ID, "username": IdType.USERNAME, "email": IdType.EMAIL,
          "label": IdType.LABEL}  # fmt: skip
_PREFIXES = {IdType.PHONE: "pn", IdType.USER_ID: "user"}
_BY_NUMBER = ("whatsapp", "signal", PHONE)
"""Platforms whose accounts are numbers."""
_NUMBER = re.compile(r"\+?[0-9][0-9 ().\-/]{5,20}[0-9]")
_E164 = re.compile(r"\+[1-9][0-9]{4,14}")
_MAIL = re.compile(r"[^@\s:]+@[^@\s:]+\.[^@\s:]+")
_PLATFORMS = {IdType.PHONE: PHONE, IdType.EMAIL: "email"}
_DIGITS = 18
"""Digits of the largest number of bytes that is taken for one."""
_OWN_GROUP = re.compile(r"([a-z_]+):([0-9][0-9-]*@[^:~\s]+|-?[0-9]{2,}|[a-z]+:-?[0-9]{2,})")
"""A group as Clew names it, by the id that its messenger gave."""
_NAMED_DIGITS, _TWO = 24, 2
_WORD = re.compile(r"[^a-z0-9_-]+")
_LONGEST = 1024


class MalformedError(ValueError):
    """An element, or a whole file, that is not of its format."""


class StatedAccount(msgspec.Struct, frozen=True, kw_only=True):
    """An account, or a person's number or address, as the file states it."""

    account_id: str
    platform: str
    id_type: IdType
    identifier: str
    e164: str | None = None
    names: tuple[str, ...] = ()


class StatedHashes(msgspec.Struct, frozen=True, kw_only=True):
    """A file by its hashes."""

    md5: str | None = None
    sha1: str | None = None
    sha256: str | None = None
    size: int | None = None
    media_type: str | None = None
    name: str | None = None
    category: str | None = None
    details: str | None = None


class StatedChat(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation as the file states it."""

    chat_id: str
    platform: str
    is_group: bool = True
    subject: str | None = None

    @property
    def is_by_id(self) -> bool:
        """It is named by the id that its messenger gave, and not by what people call it."""
        return _OWN_GROUP.fullmatch(self.chat_id) is not None


class StatedMember(msgspec.Struct, frozen=True, kw_only=True):
    """That an account is in a group."""

    chat: StatedChat
    account: StatedAccount
    joined_at: datetime | None = None
    ended_at: datetime | None = None


class StatedMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A message as the file states it."""

    chat: StatedChat
    sender: StatedAccount | None = None
    text: str | None = None
    sent_at: datetime | None = None
    """When, where the file says so with a zone."""
    sent_local: str | None = None
    """As it is written, where it has no zone."""


class Element(msgspec.Struct, frozen=True, kw_only=True):
    """One element: what it states, or why it states nothing that is taken."""

    kind: str
    """Kind in the format, such as ``user-account``."""
    locator: str
    accounts: tuple[StatedAccount, ...] = ()
    files: tuple[StatedHashes, ...] = ()
    chats: tuple[StatedChat, ...] = ()
    members: tuple[StatedMember, ...] = ()
    messages: tuple[StatedMessage, ...] = ()
    failed: str | None = None
    """What is wrong with it; an element that has neither this nor anything else is passed over."""


def account(text: object, platform: object = None, id_type: IdType | None = None,
            names: Iterable[object] = (), scope: str = "") -> StatedAccount:  # fmt: skip
    """An account by its identifier; what kind it is follows from the platform and its form.

    ``scope`` stands before what is only a name, which means something in its own file alone.
    MalformedError where there is no identifier.
    """
    shown = plain(text)
    if shown is None:
        raise MalformedError("an identifier is missing or no text")
    said = tuple(dict.fromkeys(name for one in names if (name := plain(one))))
    if own := _OWN.fullmatch(shown):
        platform, id_type, shown = own[1], _KINDS[own[2]], own[3]
    where = _WORD.sub("-", (plain(platform) or "").casefold()).strip("-") or None
    kind = id_type or _kind(shown, where)
    named, number = shown, None
    if kind is IdType.PHONE:
        named = re.sub(r"[^0-9]", "", shown)
        if not named:
            raise MalformedError(f"{shown[:80]!r} is no number")
        is_full = shown.lstrip().startswith("+") or (own is not None or where in _BY_NUMBER[:2])
        number = f"+{named}" if is_full and _E164.fullmatch(f"+{named}") else None
    elif kind is IdType.LABEL:
        named = f"{scope}:{shown}" if own is None else shown
    where = where or (
        PHONE if kind is IdType.PHONE else "email" if kind is IdType.EMAIL else "other"
    )
    prefix = own[2] if own else _PREFIXES.get(kind, kind.value)
    return StatedAccount(account_id=f"{where}:{prefix}:{named}", platform=where, id_type=kind,
                         identifier=shown, e164=number, names=said)  # fmt: skip


def _kind(text: str, platform: str | None) -> IdType:
    if text.startswith("+") or platform in _BY_NUMBER:
        return IdType.PHONE if _NUMBER.fullmatch(text) else IdType.USERNAME
    if _MAIL.fullmatch(text):
        return IdType.EMAIL
    return IdType.USER_ID if platform == "telegram" and text.isdecimal() else IdType.USERNAME


def group(text: object, platform: object = None, subject: object = None) -> StatedChat:
    """A group by the messenger's own id; by what it is called where there is none.

    What a group is called means nothing outside its file. MalformedError where it has neither.
    """
    shown, named = plain(text), plain(subject)
    if shown is None and named is None:
        raise MalformedError("a group without an id or a name")
    where = _WORD.sub("-", (plain(platform) or "").casefold()).strip("-") or "other"
    if shown and (own := _OWN_GROUP.fullmatch(shown)):
        return StatedChat(chat_id=shown, platform=own[1], subject=named if named != shown else None)
    digest = hashlib.sha256(f"{where}\n{shown or named}".encode()).hexdigest()[:_NAMED_DIGITS]
    return StatedChat(chat_id=f"{where}:title:x{digest}", platform=where, subject=named or shown)


def between(accounts: Iterable[StatedAccount]) -> StatedChat:
    """The conversation of some accounts that has no name of its own."""
    found = sorted({one.account_id: one for one in accounts}.items())
    if not found:
        raise MalformedError("a message of nobody and in no group")
    digest = hashlib.sha256("\n".join(key for key, _ in found).encode()).hexdigest()
    platform = found[0][1].platform
    chat_id = f"{platform}:between:x{digest[:_NAMED_DIGITS]}"
    return StatedChat(chat_id=chat_id, platform=platform, is_group=len(found) > _TWO)


def moment(value: object) -> tuple[datetime | None, str | None]:
    """A time with a zone in UTC; else None, and the text as it stands."""
    text = plain(value)
    try:
        found = datetime.fromisoformat(text or "")
        return (found.astimezone(UTC), None) if found.tzinfo else (None, text)
    except (ValueError, OverflowError):
        return None, text


def hashes(stated: Iterable[tuple[str, object]], **said: Any) -> StatedHashes:
    """A file of the hashes that are stated, by kind; MalformedError where one of them is none."""
    found: dict[str, Any] = {}
    for kind, text in stated:
        if text in (None, ""):
            continue
        value = digest(kind, text)
        if value is None:
            raise MalformedError(f"{str(text)[:80]!r} is no {kind}")
        if found.setdefault(kind, value) != value:
            raise MalformedError(f"two {kind} of one file")
    if not found:
        raise MalformedError("no hash")
    return StatedHashes(**found, **said)


def first(said: dict[str, list[object]], name: str) -> object:
    """The first value under a name, or none."""
    return next(iter(said.get(name, ())), None)


def plain(value: object) -> str | None:
    """A text without blanks around it, of a bounded length; a number is written out."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        return None
    return value.strip()[:_LONGEST] or None


def size_of(value: object) -> int | None:
    """A number of bytes; None where none is stated."""
    text = plain(value)
    return (
        int(text) if text and text.isascii() and text.isdecimal() and len(text) <= _DIGITS else None
    )


def texts(value: object) -> list[object]:
    """One or several values as a list."""
    return value if isinstance(value, list) else [] if value is None else [value]


def document(chunks: Iterable[bytes]) -> Any:
    """The whole of a file of JSON, in whichever encoding; MalformedError where it is none."""
    data = b"".join(chunks)
    encoding = encoding_of(data[:4])
    if encoding != "utf-8-sig":
        data = data.decode(encoding, "replace").encode()
    try:
        return msgspec.json.decode(data.removeprefix(codecs.BOM_UTF8))
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
        raise MalformedError(f"no JSON: {error}") from error


def guarded(kind: str, locator: str, made: Iterator[Element]) -> Iterator[Element]:
    """Elements of one part; what is wrong with it costs the part and nothing else."""
    try:
        yield from list(made)
    except (
        MalformedError,
        TypeError,
        ValueError,
        AttributeError,
        KeyError,
        RecursionError,
    ) as error:
        yield Element(kind=kind, locator=locator, failed=str(error)[:500] or type(error).__name__)
