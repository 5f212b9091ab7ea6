"""Chats and accounts of a Telegram export: what ids name, and whom a name means in a chat."""

from typing import Any

from clew import records
from clew.facts import exports, telegram
from clew.facts.json_values import Json, a_number, a_text
from clew.facts.reader_api import Found, data_file
from clew.facts.source_columns import Address
from clew.schema import Id

CODES: dict[str, dict[str, str]] = data_file(__package__, "actions.toml")
CHATS = CODES["chat"]
_NAMES_OF_CHATS = {
    "group": "group", "supergroup": "channel", "channel": "channel", "one_to_one": "user",
}  # fmt: skip
_SHARED = (records.ChatType.SUPERGROUP, records.ChatType.CHANNEL)


class Chat:
    """A chat of an export, as it is met."""

    def __init__(self, pointer: str) -> None:
        self.pointer = pointer
        self.name: str | None = None
        self.type_raw: str | None = None
        self.number: int | None = None
        self.chat_id: Id[records.Chat] = Id(f"telegram:chat:{pointer}")
        self.chat_type = records.ChatType.UNKNOWN
        self.names: dict[str, set[str]] = {}
        """Ids that bear each name in this chat."""

    def know(self, key: str, value: Any) -> None:
        """Take one of the members of the chat's object."""
        if key == "name":
            self.name = a_text(value)
        elif key == "type":
            self.type_raw = a_text(value)
            self.chat_type = records.ChatType(CHATS.get(self.type_raw or "", "unknown"))
        else:
            self.number = a_number(value)

    def settle(self, source_id: str) -> None:
        """Make the chat's id of what is known."""
        kind = _NAMES_OF_CHATS.get(self.chat_type.value, "chat")
        kind = "saved" if self.type_raw == "saved_messages" else kind
        number = self.number
        where = f"{source_id[:16]}:{self.pointer}" if number is None else str(number)
        self.chat_id = Id(f"telegram:{kind}:{where}")

    @property
    def is_left(self) -> bool:
        """The owner had left it."""
        return self.pointer.startswith("/left_chats/")

    def meet(self, message: Json) -> None:
        """Remember the id that stands beside a name."""
        for name, number in (("from", "from_id"), ("actor", "actor_id")):
            if (shown := a_text(message.get(name))) and number in message:
                self.names.setdefault(shown, set()).add(str(message[number]))

    def key(self, number: int | None) -> str | None:
        """Key of a message that all members give it; ids of other chats are each account's own.

        What was taken over from a former group has a negative number, of one account too.
        """
        if number is None or number <= 0 or self.chat_type not in _SHARED:
            return None
        return f"{self.chat_id}/{number}"


class People(exports.Export):
    """The accounts that ids and names stand for."""

    def __init__(self, found: Found) -> None:
        super().__init__(found, telegram.PLATFORM)
        self._by_value: dict[tuple[str, Any], Id[records.Account]] = {}
        self._legacy = False
        """Ids without their kind were met, as they were until 2020."""

    def person(self, chat: Chat, value: Any, name: Any, where: str) -> Id[records.Account] | None:
        """The account of an id, and its name."""
        if not isinstance(value, (str, int)):
            return self.labelled(chat, name, where) if a_text(name) else None
        account = self._by_value.get((chat.chat_id, value)) or self._made(chat, value, where)
        if account is None:
            return self.labelled(chat, name, where) if a_text(name) else None
        self._by_value[chat.chat_id, value] = account
        self.name(account, a_text(name), records.NameKind.PROFILE, where)
        return account

    def _made(self, chat: Chat, value: str | int, where: str) -> Id[records.Account] | None:
        if (number := a_number(value)) is not None:
            self._legacy = True
            its_own = chat.chat_type is records.ChatType.CHANNEL and number == chat.number
            return self.account(telegram.account("channel" if its_own else "user", number), where)
        found = telegram.peer(value) if isinstance(value, str) else None
        return self.account(found, where) if found else None

    def named(self, chat: Chat, name: str, where: str) -> tuple[Id[records.Account], bool]:
        """The account a name means in a chat, and whether that was inferred.

        A name that one id alone bears in this chat means that id; any other is a label.
        """
        ids = chat.names.get(name, set())
        if len(ids) == 1:
            (value,) = ids
            if account := self.person(chat, value, name, where):
                return account, True
        return self.labelled(chat, name, where), False

    def labelled(self, chat: Chat, name: str, where: str) -> Id[records.Account]:
        """An account of which this chat shows the name only."""
        label = f"telegram:label:{self.found.source_id[:16]}:{chat.chat_id}:{name}"
        account = self.account(Address(Id(label), records.IdType.LABEL, name), where)
        self.name(account, name, records.NameKind.EXPORT_LABEL, where)
        return account

    def username(self, name: str, where: str) -> Id[records.Account]:
        """An account of which a public name is known (``@name``)."""
        plain = name.lstrip("@")
        found = Address(telegram.account_of_name(plain), records.IdType.USERNAME, plain)
        return self.account(found, where)
