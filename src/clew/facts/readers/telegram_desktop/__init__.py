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

from clew import records
from clew.facts import exports, telegram
from clew.facts.json_stream import Damage, Record, Stream
from clew.facts.json_values import Json, a_dict, a_number, a_text
from clew.facts.reader_api import Found, Probe, Reader
from clew.facts.readers.telegram_desktop.messages import Messages, card
from clew.facts.readers.telegram_desktop.people import CHATS, Chat
from clew.schema import Batch, Row

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
_POINTER = re.compile(r"(?P<chat>(?:/(?:left_)?chats/list/[^/]+)?)/(?P<rest>.+)")


def probe(found: Found) -> Probe | None:
    """Take an object of an account or of a chat, by its first names."""
    text = found.head("json")
    is_result = found.name.casefold().startswith("result")
    is_account = '"about"' in text and _OF_ACCOUNT.search(text)
    is_chat = '"messages"' in text and (_CHAT_TYPE.search(text) or _OF_MESSAGE.search(text))
    if is_chat or (is_account and "Telegram" in text):
        return Probe(KIND, 0.9 if is_result else 0.8)
    return Probe(KIND, 0.6) if is_account and found.name.casefold() == "result.json" else None


def read(found: Found) -> Iterator[Row | Batch]:
    """Read in two passes: who is who first, then everything."""
    yield from _Export(found).rows()


class _Export(Messages):
    """One export while it is read."""

    def __init__(self, found: Found) -> None:
        super().__init__(found)
        self._chats: dict[str, Chat] = {}
        self._is_account = False

    def rows(self) -> Iterator[Row]:
        """Everything the export says."""
        with self.found.open() as file:
            self._look(Stream(file, _OPENED, _HEADS))
        with self.found.open() as file:
            for met in self.through(Stream(file, _OPENED, _HEADS)):
                yield from self._record(met)
        unique: dict[str, Chat] = {}
        for chat in self._chats.values():
            unique.setdefault(chat.chat_id, chat)
        for chat in unique.values():
            yield self.chat_row(chat.pointer, chat.chat_id, chat.chat_type, subject=chat.name)
        yield from self.end(self._chats.values())
        for action, (pointer, times) in self._unknown.items():
            self.report(pointer, "unknown_code:action", n=times, value=action)
        for chat in self._chats.values():
            if chat.type_raw not in CHATS:
                self.report(chat.pointer, "unknown_code:chat", value=chat.type_raw)
        scope = "account" if self._is_account else "chat"
        years = "2018-2020" if self._legacy else "2022-2025" if self._has_utc else "2021"
        only_utc = self._has_utc and not self._has_local  # local as soon as one time has no UTC
        basis = records.TimeBasis.UTC if only_utc else records.TimeBasis.EXPORT_LOCAL
        yield from self.last(kind=KIND, generation=f"{scope}, {years}", tz_basis=basis)

    def _look(self, stream: Stream) -> None:
        """First pass: the owner, and which ids bear which name in which chat."""
        for met in stream:
            if isinstance(met, Damage) or not (found := _POINTER.match(met.pointer)):
                continue
            rest = found["rest"]
            if rest.startswith("messages/"):
                self._chat(found["chat"]).meet(a_dict(met.value))
            elif rest == "personal_information":
                self._owner(a_dict(met.value), met.pointer)
            elif rest in ("name", "type", "id"):
                self._chat(found["chat"]).know(rest, met.value)
        for chat in self._chats.values():
            chat.settle(self.found.source_id)

    def _chat(self, pointer: str) -> Chat:
        if pointer not in self._chats:
            self._chats[pointer] = Chat(pointer or "file")
        return self._chats[pointer]

    def _owner(self, known: Json, pointer: str) -> None:
        user = a_number(known.get("user_id"))
        self._is_account = True
        if not user:
            return
        names = [n for key in ("first_name", "last_name") if (n := a_text(known.get(key)))]
        self.owner = account = self.account(
            telegram.account("user", user), pointer, is_owner=True, about=a_text(known.get("bio")),
            e164=exports.e164(a_text(known.get("phone_number"))),
        )  # fmt: skip
        for name in (" ".join(names), a_text(known.get("username"))):
            self.name(account, name, records.NameKind.PROFILE, pointer)

    def _record(self, met: Record) -> Iterator[Row]:
        found = _POINTER.match(met.pointer)
        rest = found["rest"] if found else ""
        section = rest.split("/")[0]
        if found and rest.startswith("messages/"):
            yield from self.message(self._chats[found["chat"]], met)
        elif rest.startswith("contacts/list/"):
            yield from self._contact(a_dict(met.value), met.pointer)
        elif rest.startswith("frequent_contacts/list/"):
            self._frequent(a_dict(met.value), met.pointer)
        elif section == "personal_information":
            self.tally.emitted(section, records.Account)
        elif isinstance(met.value, (dict, list)) and met.value:
            self.tally.not_read(section, "no_message", 1)

    def _contact(self, known: Json, pointer: str) -> Iterator[records.Contact]:
        user, columns = a_number(known.get("user_id")), card(known)
        shown, phones = columns["display_name"], columns["phones"]
        if not (user or phones or shown):
            self.tally.skipped("contacts", "empty")
            return
        account = None
        if user:
            e164 = exports.e164(phones[0]) if phones else None
            account = self.account(telegram.account("user", user), pointer, e164=e164)
            self.name(account, shown, records.NameKind.ADDRESS_BOOK, pointer)
        self.tally.emitted("contacts", records.Contact)
        at = self.at(pointer)
        yield records.Contact(**at, account_id=account, owner_account_id=self.owner, **columns)

    def _frequent(self, known: Json, pointer: str) -> None:
        number = a_number(known.get("id"))
        if not number:
            self.tally.skipped("frequent_contacts", "empty:id")
            return
        kinds = {"user": "user", "private_group": "group"}
        kind = kinds.get(str(known.get("type")), "channel")
        account = self.account(telegram.account(kind, number), pointer)
        self.name(account, a_text(known.get("name")), records.NameKind.PROFILE, pointer)
        self.tally.emitted("frequent_contacts", records.Account)


READER = Reader(
    name="telegram-desktop",
    version="2",
    files=("*.json",),
    forms=("json",),
    probe=probe,
    rows_of=read,
    yields=(
        *exports.TABLES, records.Invite, records.Contact, records.Call,
        records.CallParty, records.Reaction, records.Unread,
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
