"""Telegram Desktop's JSON exports: one chat or a whole account, 2018 to 2026.

``result.json`` is one object, read as a stream: of a whole account with the owner, contacts and
``chats.list``; of one chat with ``name``, ``type``, ``id`` and ``messages``. Since 2021 ids say
what they name (``user123``), since 2022 times are given in UTC as well (``date_unixtime``).

References:
    - docs/formats/telegram-desktop.md
    - telegramdesktop/tdesktop, Telegram/SourceFiles/export/output/export_output_json.cpp

"""

import re
from collections.abc import Iterator
from typing import Any

from clew import records
from clew.facts import exports
from clew.facts.json_stream import Damage, Record, Stream
from clew.facts.json_values import a_dict, a_number, a_text, head
from clew.facts.reader_api import Found, Probe, Reader, Tally
from clew.facts.readers.telegram_desktop.messages import Messages
from clew.facts.readers.telegram_desktop.people import CHATS, Chat
from clew.schema import Batch, Id, Row

NAME = "telegram-desktop"
VERSION = "2"
KIND = "telegram.desktop.json"
_LISTS = ("/contacts/list", "/frequent_contacts/list", "/sessions/list", "/web_sessions/list")
_OPENED = (
    "/messages", "/chats/list/*/messages", "/left_chats/list/*/messages", *_LISTS,
    "/profile_pictures", "/stories",
)  # fmt: skip
_MESSAGE = (("id", "type"),)
_CHAT = (("name", "type"), ("type", "id"), ("id", "name"))
_HEADS = {
    "/messages": _MESSAGE,
    "/chats/list/*/messages": _MESSAGE,
    "/left_chats/list/*/messages": _MESSAGE,
    "/chats/list": _CHAT,
    "/left_chats/list": _CHAT,
}
_CHAT_TYPE = re.compile(r'"type"\s*:\s*"(?:' + "|".join(CHATS) + ')"')
_OF_ACCOUNT = re.compile(r'"(?:personal_information|contacts|frequent_contacts|chats)"\s*:\s*\{')
_OF_MESSAGE = re.compile(r'"(?:from_id|actor_id|date_unixtime)"\s*:')
_PLACE = re.compile(r"(?P<chat>(?:/(?:left_)?chats/list/[^/]+)?)/(?P<rest>.+)")


def probe(found: Found) -> Probe | None:
    """Take an object of an account or of a chat, by its first names."""
    text = head(found.open())
    is_chat = _CHAT_TYPE.search(text) and '"messages"' in text
    is_account = '"about"' in text[:200] and _OF_ACCOUNT.search(text) and "Telegram" in text
    is_like_chat = '"messages"' in text and _OF_MESSAGE.search(text)
    if is_chat or is_account or is_like_chat:
        return Probe(KIND, 0.9 if found.name.casefold().startswith("result") else 0.8)
    if (
        found.name.casefold() == "result.json"
        and '"about"' in text[:200]
        and _OF_ACCOUNT.search(text)
    ):
        return Probe(KIND, 0.6)
    return None


def read(found: Found) -> Iterator[Row | Batch]:
    """Read in two passes: who is who first, then everything."""
    yield from _Export(found).rows()


class _Export:
    """One export while it is read."""

    def __init__(self, found: Found) -> None:
        self.found = found
        self.book = exports.Book(found, "telegram")
        self.passage = exports.Passage(Tally())
        self.messages = Messages(found, self.book, self.passage)
        self._chats: dict[str, Chat] = {}
        self._damages: list[Damage] = []
        self._is_account = False

    def rows(self) -> Iterator[Row]:
        """Everything the export says."""
        with self.found.open() as file:
            self._look(Stream(file, _OPENED, _HEADS))
        with self.found.open() as file:
            stream = Stream(file, _OPENED, _HEADS)
            for found in stream:
                if isinstance(found, Damage):
                    self._damaged(found)
                else:
                    yield from self._record(found)
        met: set[str] = set()
        for chat in self._chats.values():
            if chat.chat_id not in met:
                yield chat.row(self.book.fact)
            met.add(chat.chat_id)
        yield from self.messages.last(self._chats.values())
        yield from self.book.rows()
        yield from exports.unread(self.found, stream, self._damages)
        yield from self._unknown()
        yield from self._source()

    def _look(self, stream: Stream) -> None:
        """First pass: the owner, and which ids bear which name in which chat."""
        for found in stream:
            if isinstance(found, Damage):
                continue
            place = _PLACE.match(found.pointer)
            if place is None:
                continue
            rest = place["rest"]
            if rest.startswith("messages/"):
                self._chat(place["chat"]).meet(a_dict(found.value))
            elif rest == "personal_information":
                self._owner(a_dict(found.value), found.pointer)
            elif rest in ("name", "type", "id"):
                self._chat(place["chat"]).know(rest, found.value)
        for chat in self._chats.values():
            chat.settle(self.found.source_id)

    def _chat(self, pointer: str) -> Chat:
        if pointer not in self._chats:
            self._chats[pointer] = Chat(pointer or "file")
        return self._chats[pointer]

    def _owner(self, known: dict[str, Any], pointer: str) -> None:
        user = a_number(known.get("user_id"))
        self._is_account = True
        if not user:
            return
        names = [n for key in ("first_name", "last_name") if (n := a_text(known.get(key)))]
        account = self.book.account(
            f"telegram:user:{user}", records.IdType.USER_ID, str(user), pointer,
            is_owner=True, about=a_text(known.get("bio")),
            e164=exports.e164(a_text(known.get("phone_number"))),
        )  # fmt: skip
        self.book.name(account, " ".join(names), records.NameKind.PROFILE, pointer)
        self.book.name(account, a_text(known.get("username")), records.NameKind.PROFILE, pointer)
        self.messages.owner = account

    def _record(self, found: Record) -> Iterator[Row]:
        place = _PLACE.match(found.pointer)
        rest = place["rest"] if place else ""
        section = rest.split("/")[0]
        if place and rest.startswith("messages/"):
            chat = self._chats[place["chat"]]
            yield from self.messages.rows(chat, found)
        elif rest.startswith("contacts/list/"):
            yield from self._contact(a_dict(found.value), found.pointer)
        elif rest.startswith("frequent_contacts/list/"):
            self._frequent(a_dict(found.value), found.pointer)
        elif section == "personal_information":
            self.passage.tally.emitted(section, records.Account)
        elif isinstance(found.value, (dict, list)) and found.value:
            self.passage.tally.not_read(section, "no_message", 1)

    def _contact(self, known: dict[str, Any], pointer: str) -> Iterator[records.Contact]:
        user, number = a_number(known.get("user_id")), a_text(known.get("phone_number"))
        given, family = a_text(known.get("first_name")), a_text(known.get("last_name"))
        shown = " ".join(n for n in (given, family) if n) or None
        if not (user or number or shown):
            self.passage.tally.skipped("contacts", "empty")
            return
        account = None
        if user:
            account = self.book.account(
                f"telegram:user:{user}", records.IdType.USER_ID, str(user), pointer,
                e164=exports.e164(number),
            )  # fmt: skip
            self.book.name(account, shown, records.NameKind.ADDRESS_BOOK, pointer)
        self.passage.tally.emitted("contacts", records.Contact)
        yield records.Contact(
            **self.book.at(pointer),
            account_id=account,
            owner_account_id=Id(self.messages.owner) if self.messages.owner else None,
            display_name=shown,
            given_name=given,
            family_name=family,
            phones=(number,) if number else (),
        )

    def _frequent(self, known: dict[str, Any], pointer: str) -> None:
        number = a_number(known.get("id"))
        if not number:
            self.passage.tally.skipped("frequent_contacts", "empty:id")
            return
        kind = "user" if known.get("type") == "user" else "channel"
        if known.get("type") == "private_group":
            kind = "group"
        id_type = records.IdType.USER_ID if kind == "user" else records.IdType.SERVICE
        account = self.book.account(f"telegram:{kind}:{number}", id_type, str(number), pointer)
        self.book.name(account, a_text(known.get("name")), records.NameKind.PROFILE, pointer)
        self.passage.tally.emitted("frequent_contacts", records.Account)

    def _damaged(self, damage: Damage) -> None:
        if "/messages/" in damage.pointer:
            self.passage.tally.skipped("message", "damaged")
        self._damages.append(damage)

    def _unknown(self) -> Iterator[records.Unread]:
        """What stands in the export under a word that no known version has."""
        for action, (pointer, times) in self.messages.unknown.items():
            yield self.found.unread(pointer, "unknown_code:action", n=times, value=action)
        for chat in self._chats.values():
            if chat.type_raw not in CHATS:
                yield self.found.unread(chat.pointer, "unknown_code:chat", value=chat.type_raw)
        if not self.passage.tally.count("message"):
            yield self.found.unread("file", "no_messages")

    def _source(self) -> Iterator[Row]:
        owner, scope = self.messages.owner, "account" if self._is_account else "chat"
        yield from self.passage.source(
            self.found,
            kind=KIND,
            generation=f"{scope}, {self.messages.generation()}",
            owner_account_id=owner,
            tz_basis=self.messages.basis(),
        )


READER = Reader(
    name=NAME,
    version=VERSION,
    files=("*.json",),
    probe=probe,
    rows_of=read,
    yields=(
        records.Source, records.SourceRows, records.Account, records.AccountName, records.Chat,
        records.Membership, records.Message, records.Share, records.GroupEvent, records.Invite,
        records.Contact, records.Call, records.CallParty, records.Reaction, records.Unread,
    ),
    knows=(
        "whole accounts and single chats",
        "2018-2020: numeric ids, local times",
        "2021: ids with their kind, local times",
        "2022-2025: ids with their kind, UTC",
    ),
    cannot=(
        "HTML exports",
        "sessions, profile pictures and stories: counted, not read",
        "which member of several of one name a service message means",
        "positions on the map",
    ),
)  # fmt: skip
