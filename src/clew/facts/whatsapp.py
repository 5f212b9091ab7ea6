"""WhatsApp's own vocabulary: addresses, ids made of them, what makes two copies one message.

An address (JID) is ``user@server``; a device of an account adds ``:12`` or ``.0:12`` to the user.
Since 2024 people are addressed by a hidden id (``…@lid``) as well as by number.
"""

import re
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import msgspec

from clew import records
from clew.facts.database import Database
from clew.facts.messages import ChatOf
from clew.facts.reader_api import Found
from clew.facts.source_columns import Address
from clew.records import Account, Chat, ChatType, GroupAction, IdType
from clew.schema import Id

PLATFORM = "whatsapp"
_PERSON = re.compile(r"(?P<user>\d{1,20})(?:[.:_][\d.:]*)?@(?P<server>s\.whatsapp\.net|c\.us|lid)")
_FEED = re.compile(r"(?P<user>\d{1,20})@(?P<server>status|lid\.status)")
"""Address under which iOS keeps one person's status updates."""
_NUMBER = re.compile(r"[1-9]\d{4,14}")
_LONG_KEY = 16
"""From this length on a message id is random and tells one message from every other."""
_JOINED = frozenset({
    GroupAction.ADDED, GroupAction.JOINED_BY_LINK, GroupAction.JOINED_BY_INVITATION,
    GroupAction.JOINED_FROM_COMMUNITY,
})  # fmt: skip
TITLED = frozenset({GroupAction.SUBJECT_CHANGED, GroupAction.CREATED})
"""What a message tells with a title as its text."""
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


def unknown_chat(item_id: str, row: object) -> ChatOf:
    """A conversation that is gone, by what stands for it in the database."""
    name: Id[Chat] = Id(f"whatsapp:unknown-chat:{item_id}:{row}")
    return ChatOf(name, ChatType.UNKNOWN, key_prefixes(name, ChatType.UNKNOWN))


class Notice(msgspec.Struct, kw_only=True, frozen=True):
    """What a system message says of its group."""

    locator: str
    chat: ChatOf
    at: datetime | None
    action: GroupAction
    action_raw: str
    actor: Id[Account] | None = None
    targets: tuple[Id[Account], ...] = ()
    old: str | None = None
    new: str | None = None

    @property
    def joined(self) -> tuple[Id[Account], ...]:
        """Who came into the group by it: those it was done to, or who did it alone."""
        if self.action not in _JOINED:
            return ()
        alone = self.actor if self.action != GroupAction.ADDED else None
        return self.targets or ((alone,) if alone else ())


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

    def met_by(self, locator: str, *jids: object, **known: Any) -> Iterator[Account]:
        """Rows of the accounts that addresses name, each where it is met for the first time."""
        for jid in jids:
            yield from self.met(locator, self.address(jid), **known)

    def accounts(self, jids: object) -> tuple[Id[Account], ...]:
        """Accounts of a text of addresses with commas between."""
        listed = jids.split(",") if isinstance(jids, str) else ()
        return tuple(a for jid in listed if (a := self.account(jid.strip())))

    def other_side(self, chat: ChatOf) -> Id[Account] | None:
        """Whom a conversation of two is with, or whose status it is."""
        if chat.kind not in (ChatType.ONE_TO_ONE, ChatType.STATUS):
            return None
        return self.account(chat.chat_id.partition(":")[2])

    def event(self, notice: Notice) -> records.GroupEvent:
        """The event of a group behind a system message."""
        return records.GroupEvent(
            **self.at(notice.locator),
            event_id=self.found.event(notice.locator),
            chat_id=notice.chat.chat_id,
            at=notice.at,
            action=notice.action,
            action_raw=notice.action_raw,
            actor=notice.actor,
            targets=notice.targets,
            old_value=notice.old,
            new_value=notice.new,
            certainty=records.Certainty.STATED,
        )

    def joined(self, notice: Notice) -> Iterator[records.Membership]:
        """Members who came into the group by a system message."""
        for account in notice.joined:
            yield records.Membership(
                **self.at(notice.locator),
                chat_id=notice.chat.chat_id,
                account_id=account,
                role=records.Role.MEMBER,
                state=records.MemberState.UNKNOWN_PAST,
                joined_at=notice.at,
                joined_how=notice.action,
                basis=records.MembershipBasis.EVENT,
            )
