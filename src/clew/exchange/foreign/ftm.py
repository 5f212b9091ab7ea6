"""FollowTheMoney entities, one a line: persons, accounts, documents, messages, members of groups.

References:
    - followthemoney/schema/*.yaml (MIT); ``contentHash`` is the SHA-1 of a document

"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

import msgspec
from msgspec.structs import replace

from clew.exchange.foreign.elements import (
    PHONE,
    Element,
    MalformedError,
    StatedAccount,
    StatedChat,
    StatedMember,
    StatedMessage,
    account,
    between,
    first,
    group,
    guarded,
    hashes,
    moment,
    plain,
    size_of,
    texts,
)
from clew.formats.vics import utf8
from clew.records import IdType

_DOCUMENTS = {"Document", "Image", "Video", "Audio", "PlainText", "Pages", "HyperText", "Table"}
_PEOPLE = {"Person", "LegalEntity"}
_TIES = {"Membership", "Message"}
_LONGEST = 1 << 24
_NOTED = {"SHA-256: ": "sha256", "MD5: ": "md5"}
"""How Clew's own rendering writes the hashes that the schema has no property for."""


def elements(chunks: Iterable[bytes]) -> Iterator[Element]:
    """Every line's entity."""
    begun, known = False, _Known()
    for number, line in enumerate(_lines(chunks), 1):
        if not line.strip():
            continue
        locator = f"line/{number}"
        one, why = _decoded(line)
        kind = plain(one.get("schema")) if isinstance(one, dict) else None
        if kind is None and not begun:
            raise MalformedError("the first line is no entity with a schema")
        begun = True
        if why:
            yield Element(kind="line", locator=locator, failed=why)
        else:
            yield from guarded(kind or "line", locator, known.met(kind, locator, one))
    for kind, locator, said in known.waiting:
        yield from guarded(kind, locator, known.link(kind, locator, said))


class _Known:
    """Accounts and groups by the ids of their entities, and what waits until all are known."""

    def __init__(self) -> None:
        self.accounts: dict[str, tuple[StatedAccount, ...]] = {}
        self.groups: dict[str, StatedChat] = {}
        self.waiting: list[tuple[str, str, dict[str, list[object]]]] = []

    def met(self, kind: str | None, locator: str, one: dict[str, Any]) -> Iterator[Element]:
        """An entity; what only ties others to each other waits until all are known."""
        if kind in _TIES:
            properties = one.get("properties", {})
            self.waiting.append((kind, locator, {n: texts(v) for n, v in properties.items()}))
            return
        for element in _of(kind, locator, one):
            name = plain(one.get("id")) or locator
            self.accounts[name] = element.accounts
            if element.chats:
                self.groups[name] = element.chats[0]
            yield element

    def link(self, kind: str, locator: str, said: dict[str, list[object]]) -> Iterator[Element]:
        """A message, or that somebody is in a group; passed over where nobody known is in it."""
        if kind == "Membership":
            chats = [
                self.groups[o] for o in map(str, said.get("organization", ())) if o in self.groups
            ]
            begun, ended = (moment(first(said, name))[0] for name in ("startDate", "endDate"))
            yield Element(kind=kind, locator=locator, members=tuple(
                StatedMember(chat=chat, account=one, joined_at=begun, ended_at=ended)
                for chat in chats for one in self._of(said, "member")
            ))  # fmt: skip
            return
        senders = self._of(said, "senderAccount") or self._of(said, "sender")
        receivers = self._of(said, "recipientAccount") or self._of(said, "recipients")
        if not (senders or receivers):
            yield Element(kind=kind, locator=locator)
            return
        at, local = moment(first(said, "date"))
        text = first(said, "bodyText") or first(said, "subject")
        message = StatedMessage(
            chat=between([*senders, *receivers]), sender=next(iter(senders), None),
            text=text if isinstance(text, str) else None, sent_at=at, sent_local=local,
        )  # fmt: skip
        yield Element(kind=kind, locator=locator, messages=(message,))

    def _of(self, said: dict[str, list[object]], name: str) -> list[StatedAccount]:
        return [one for ref in said.get(name, ()) for one in self.accounts.get(str(ref), ())]


def _decoded(line: bytes) -> tuple[Any, str]:
    """The JSON of a line, or why it is none."""
    try:
        return msgspec.json.decode(line), ""
    except (msgspec.DecodeError, RecursionError) as error:
        return None, f"no JSON: {error}"


def _lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    rest = b""
    for chunk in chain(utf8(chunks), [b"\n"]):
        *whole, rest = (rest + chunk).split(b"\n")
        yield from whole
        if len(rest) > _LONGEST:
            raise MalformedError("a line is longer than any entity")


def _of(kind: str | None, locator: str, one: dict[str, Any]) -> Iterator[Element]:
    if kind is None:
        raise MalformedError("an entity without a schema")
    said = {name: texts(values) for name, values in one.get("properties", {}).items()}
    if kind in _DOCUMENTS:
        yield Element(kind=kind, locator=locator, files=(_file(said),))
    elif kind in _PEOPLE:
        yield Element(kind=kind, locator=locator, accounts=tuple(_person(said, locator)))
    elif kind == "UserAccount":
        service, names = first(said, "service"), said.get("name", ())
        found = [account(value, service, names=names) for value in said.get("username", ())]
        found += [account(value, service or PHONE, IdType.PHONE, names)
                  for value in said.get("number", ()) if not found]  # fmt: skip
        found += [account(value, "email", IdType.EMAIL, names) for value in said.get("email", ())]
        yield Element(kind=kind, locator=locator, accounts=tuple(found))
    elif kind == "Organization":
        yield Element(kind=kind, locator=locator, chats=tuple(_groups(said)))
    else:
        yield Element(kind=kind, locator=locator)


def _groups(said: dict[str, list[object]]) -> Iterator[StatedChat]:
    """The group that an organisation is, where one of its names is a messenger's id of a group."""
    title = plain(first(said, "name"))
    for called in (*said.get("alias", ()), *said.get("name", ())):
        if plain(called) and (chat := group(called)).is_by_id:
            yield replace(chat, subject=title if title != chat.chat_id else None)
            return


def _person(said: dict[str, list[object]], scope: str) -> Iterator[StatedAccount]:
    names = [*said.get("name", ()), *said.get("alias", ())]
    found = [account(value, PHONE, IdType.PHONE, names) for value in said.get("phone", ())]
    found += [account(v, "email", IdType.EMAIL, names) for v in said.get("email", ())]
    yield from found or [account(first(said, "name"), "other", IdType.LABEL, names, scope)]


def _file(said: dict[str, list[object]]) -> Any:
    stated = [("sha1", value) for value in said.get("contentHash", ())]
    for note in said.get("notes", ()):
        for begins, kind in _NOTED.items():
            if isinstance(note, str) and note.startswith(begins):
                stated.append((kind, note.removeprefix(begins)))
    return hashes(stated, size=size_of(first(said, "fileSize")),
                  media_type=plain(first(said, "mimeType")),
                  name=plain(first(said, "fileName")))  # fmt: skip
