"""WhatsApp's own vocabulary: addresses, ids made of them, what makes two copies one message.

An address (JID) is ``user@server``; a device of an account adds ``:12`` or ``.0:12`` to the user.
Since 2024 people are addressed by a hidden id (``…@lid``) as well as by number.
"""

import re
import sqlite3
from collections.abc import Iterable

from clew.facts.database import Database
from clew.facts.messages import ChatOf
from clew.facts.reader_api import Found
from clew.facts.source_columns import Address
from clew.records import Account, Chat, ChatType, IdType
from clew.schema import Id

PLATFORM = "whatsapp"
_PERSON = re.compile(r"(?P<user>\d{1,20})(?:[.:_][\d.:]*)?@(?P<server>s\.whatsapp\.net|c\.us|lid)")
_FEED = re.compile(r"(?P<user>\d{1,20})@(?P<server>status|lid\.status)")
"""Address under which iOS keeps one person's status updates."""
_NUMBER = re.compile(r"[1-9]\d{4,14}")
_LONG_KEY = 16
"""From this length on a message id is random and tells one message from every other."""
_GROUP, _BROADCAST, _CHANNEL = "@g.us", "@broadcast", "@newsletter"


def address(jid: str | None) -> Address | None:
    """The account that an address names; None for groups, lists and nothing."""
    if not jid or jid.endswith((_GROUP, _BROADCAST, "@temp", "@call")):
        return None
    if feed := _FEED.fullmatch(jid):
        return address(f"{feed['user']}@{'lid' if '.' in feed['server'] else 's.whatsapp.net'}")
    person = _PERSON.fullmatch(jid)
    if person is None:
        return Address(Id(f"whatsapp:service:{jid}"), IdType.SERVICE, jid, None)
    user = person["user"]
    if person["server"] == "lid":
        return Address(Id(f"whatsapp:lid:{user}"), IdType.LID, user, None)
    if user == "0":
        return Address(Id(f"whatsapp:service:{jid}"), IdType.SERVICE, jid, None)
    return Address(Id(f"whatsapp:pn:{user}"), IdType.PHONE, user, e164(user))


def e164(digits: str) -> str | None:
    """A number in E.164 form; None where the digits can't be one."""
    return f"+{digits}" if _NUMBER.fullmatch(digits) else None


def chat_id(jid: str) -> Id[Chat]:
    """Id of the conversation with an address."""
    person = _PERSON.fullmatch(jid)
    return Id(f"whatsapp:{person['user']}@{person['server']}" if person else f"whatsapp:{jid}")


def chat_type(jid: str) -> ChatType:
    """Kind of conversation, by its address."""
    if jid == "status@broadcast" or _FEED.fullmatch(jid):
        return ChatType.STATUS
    if _PERSON.fullmatch(jid):
        return ChatType.ONE_TO_ONE
    for ending, kind in (
        (_GROUP, ChatType.GROUP),
        (_BROADCAST, ChatType.BROADCAST),
        (_CHANNEL, ChatType.CHANNEL),
    ):
        if jid.endswith(ending):
            return kind
    return ChatType.UNKNOWN


def key_prefixes(chat: str, kind: ChatType) -> tuple[str, str]:
    """What stands before a long and a short message id in the message's key.

    In a one-to-one chat each side names the chat after the other, so a long id stands alone; a
    short one, of old versions, is bound to this device's name of the chat and merges with none.
    """
    if kind is ChatType.STATUS:  # one feed on Android, one for each person on iOS
        return "whatsapp:status@broadcast/", "whatsapp:status@broadcast/"
    if kind in (ChatType.ONE_TO_ONE, ChatType.UNKNOWN):
        return "whatsapp:dm/", f"whatsapp:dm/{chat}/"
    return f"{chat}/", f"{chat}/"


def message_key(key: object, prefixes: tuple[str, str]) -> str | None:
    """Key that every device of the conversation gives the same message."""
    if isinstance(key, str) and key and key != "-1":
        return prefixes[len(key) < _LONG_KEY] + key
    return None


def message_keys(keys: Iterable[object], chats: Iterable[ChatOf]) -> list[str | None]:
    """Key of each of many messages."""
    return [message_key(k, chat.prefixes) for k, chat in zip(keys, chats, strict=True)]


def chat_of(jid: str) -> ChatOf:
    """Conversation with an address."""
    chat, kind = chat_id(jid), chat_type(jid)
    return ChatOf(chat, kind, key_prefixes(chat, kind))


class Conversations(dict[object, ChatOf]):
    """Conversations by row; a message whose conversation is gone is kept under a name."""

    def __init__(self, item_id: str) -> None:
        super().__init__()
        self._item_id = item_id

    def __missing__(self, row: object) -> ChatOf:
        name: Id[Chat] = Id(f"whatsapp:unknown-chat:{self._item_id}:{row}")
        self[row] = ChatOf(name, ChatType.UNKNOWN, key_prefixes(name, ChatType.UNKNOWN))
        return self[row]


class WhatsAppDatabase(Database):
    """A database of WhatsApp, on whichever system, with the accounts that its addresses name."""

    platform = PLATFORM

    def __init__(self, found: Found, db: sqlite3.Connection) -> None:
        super().__init__(found, db)
        self._addresses: dict[object, Address | None] = {}

    def address(self, jid: object) -> Address | None:
        """The account that an address names."""
        if jid not in self._addresses:
            self._addresses[jid] = address(jid) if isinstance(jid, str) else None
        return self._addresses[jid]

    def account(self, jid: object) -> Id[Account] | None:
        """Id of the account that an address names."""
        found = self.address(jid)
        return found.account_id if found else None
