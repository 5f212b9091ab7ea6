"""What every reader of an export gathers while its messages pass: accounts, members, times, links.

Memory grows with the people of an export, not with its messages. What hangs on one message, such as
a file or a call, takes from it what both have in common; a column that is named stands instead.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec

from clew import records
from clew.facts import text
from clew.facts.invitations import invited
from clew.facts.json_stream import Record, Stream
from clew.facts.json_values import a_number
from clew.facts.reader_api import Found, FromFile, Tally
from clew.facts.source_columns import Address
from clew.records import Message
from clew.schema import Id, Row, replace
from clew.words.characters import normal

_E164 = re.compile(r"\+[1-9][0-9]{4,14}")
_HINTS = re.compile(
    r"://|www\.|t\.me/|telegram\.me/|chat\.whatsapp\.com/|signal\.group/#|discord", re.IGNORECASE
).search
"""What a text with a link holds."""
_LATEST = 1 << 33
"""Seconds of a time beyond which it is no time (the year 2242)."""
ENDS = {
    records.GroupAction.LEFT: records.MemberState.LEFT,
    records.GroupAction.REMOVED: records.MemberState.REMOVED,
}
"""What ends a membership, and what it is then."""

TABLES: tuple[type[Row], ...] = (
    records.Source, records.SourceRows, records.Account, records.AccountName, records.Chat,
    records.Membership, Message, records.Share, records.GroupEvent,
)  # fmt: skip
"""Tables that every export of chats fills."""


class Member(msgspec.Struct):
    """What is known of an account in a chat."""

    locator: str
    basis: records.MembershipBasis
    state: records.MemberState = records.MemberState.UNKNOWN_PAST
    role: records.Role = records.Role.MEMBER
    role_raw: str | None = None
    joined_at: datetime | None = None
    joined_how: records.GroupAction | None = None
    ended_at: datetime | None = None
    label: str | None = None


class Export(FromFile):
    """An export while it is read: its accounts, names, members, times, and what it lacks."""

    def __init__(self, found: Found, platform: str) -> None:
        super().__init__(found)
        self.platform = platform
        self.tally = Tally()
        self.owner: Id[records.Account] | None = None
        self.accounts: dict[Id[records.Account], records.Account] = {}
        self._names: dict[tuple[str, ...], tuple[str, records.NameKind]] = {}
        self._members: dict[tuple[str, str], Member] = {}
        self._unread: list[records.Unread] = []

    def through(self, stream: Stream) -> Iterator[Record]:
        """The records of a JSON file; what of it can't be read is reported at the end."""
        for met in stream:
            if isinstance(met, Record):
                yield met
                continue
            if "/messages/" in met.pointer:
                self.tally.skipped("message", "damaged")
            self.report(met.locator, met.code, **met.values)
        if stream.mended:
            self.report("file", "encoding:records", n=stream.mended)

    def report(self, where: str, code: str, **figures: Any) -> None:
        """Report what could not be read, once the export is through."""
        self._unread.append(self.found.unread(where, code, **figures))

    def account(self, named: Address, where: str, **known: Any) -> Id[records.Account]:
        """Enter an account where it is first met; ``known`` are columns of its row."""
        if named.account_id not in self.accounts:
            columns = {**msgspec.structs.asdict(named), "platform": self.platform, **known}
            self.accounts[named.account_id] = records.Account(**self.at(where), **columns)
        elif known:
            self.accounts[named.account_id] = replace(self.accounts[named.account_id], **known)
        return named.account_id

    def name(self, account_id: str, name: str | None, kind: records.NameKind, where: str) -> None:
        """Enter a name of an account, once."""
        if name:
            self._names.setdefault((account_id, name), (where, kind))

    def member(
        self, chat_id: str, account_id: str, where: str,
        basis: records.MembershipBasis = records.MembershipBasis.SENDER_ONLY, **known: Any,
    ) -> Member:  # fmt: skip
        """An account in a chat, as it was first met there; ``known`` are columns of its row."""
        key = (chat_id, account_id)
        if key not in self._members:
            self._members[key] = Member(where, basis, **known)
        return self._members[key]

    def moved(
        self, chat_id: str, account_id: str, action: records.GroupAction,
        at: datetime | None, where: str,
    ) -> Member:  # fmt: skip
        """An account came into a chat, or left it or was put out where the action is an end."""
        member = self.member(chat_id, account_id, where, records.MembershipBasis.EVENT)
        member.locator = where
        if action in ENDS:
            member.state, member.ended_at = ENDS[action], at
        else:
            member.joined_how, member.joined_at, member.ended_at = action, at, None
            member.state = records.MemberState.UNKNOWN_PAST
        return member

    def chat_row(
        self, where: str, chat_id: Id[records.Chat], kind: records.ChatType, **columns: Any
    ) -> records.Chat:
        """The row of a chat; ``columns`` are what the export says of it."""
        known = {"chat_id": chat_id, "platform": self.platform, "chat_type": kind, **columns}
        return records.Chat(**self.at(where), **known)

    def passed(self, at: datetime | None) -> None:
        """Count a message that was emitted."""
        self.tally.emitted("message", Message)
        self.seen_at(at)

    def people(self) -> Iterator[Row]:
        """Accounts, names and memberships, in the order in which they were met."""
        yield from self.accounts.values()
        for (account_id, name, *_), (where, kind) in self._names.items():
            yield records.AccountName(
                **self.at(where), account_id=Id(account_id), name=name, name_kind=kind
            )
        for (chat_id, account_id), member in self._members.items():
            columns = {**self.fact, **msgspec.structs.asdict(member)}
            yield records.Membership(**columns, chat_id=Id(chat_id), account_id=Id(account_id))

    def last(self, **columns: Any) -> Iterator[Row]:
        """People, what could not be read, the row of the source, and the account of its rows."""
        yield from self.people()
        if not self.tally.count("message"):
            self.report("file", "no_messages")
        yield from self._unread
        yield from self.source("message", owner_account_id=self.owner, **columns)

    def source(self, counted: str, **columns: Any) -> Iterator[Row]:
        """The row of the source, for which rows of one kind count, and the account of all."""
        yield self.found.source(
            rows_seen=self.tally.count(counted),
            rows_skipped=self.tally.count(counted, "skipped"),
            first_at=self.first_at,
            last_at=self.last_at,
            **columns,
        )
        yield from self.tally.rows(self.found)


def texts(words: str | None, links: tuple[str, ...] = ()) -> dict[str, Any]:
    """Columns of a message that follow from its text, and from links that stand behind it."""
    urls = text.links(words) if words and _may_link(words) else ()
    if links:
        urls = tuple(dict.fromkeys((*urls, *map(text.defang, links))))
    known = {"text": words, "text_normal": normal(words)} if words else {}
    return {**known, "urls": urls or None} if known or urls else {}


def kind_of_file(name: str) -> records.MessageKind:
    """What a file is by the ending of its name."""
    return _ENDINGS.get(name.rpartition(".")[2].casefold(), records.MessageKind.DOCUMENT)


_ENDINGS = {
    ending: kind
    for kind, endings in (
        (records.MessageKind.IMAGE, "jpg jpeg png webp heic avif"),
        (records.MessageKind.VIDEO, "mp4 mov webm mkv 3gp"),
        (records.MessageKind.AUDIO, "mp3 ogg wav m4a aac flac opus amr"),
        (records.MessageKind.GIF, "gif"),
    )
    for ending in endings.split()
}


def _may_link(words: str) -> bool:
    """Tell quickly that a text holds no link: most hold neither a slash nor ``www.``."""
    return ("/" in words or "www." in words.casefold()) and _HINTS(words) is not None


def invites(message: Message, *more: str) -> Iterator[records.Invite]:
    """Invitations in the text of a message, and in links that stand behind it."""
    if not more and not message.urls and not _may_link(message.text or ""):
        return
    words = "\n".join((message.text or "", *more))
    if not _may_link(words):
        return
    for link in text.invite_links(words):
        yield records.Invite(
            **_hanging(message), **invited(link),
            seen_chat_id=message.chat_id, seen_account_id=message.sender_account_id,
            seen_at=message.sent_at, found_in=records.InviteSource.URL_IN_TEXT,
        )  # fmt: skip


def share(message: Message, ordinal: int, **columns: Any) -> records.Share:
    """A file that a message carries, of which the export says nothing else than these columns."""
    known: dict[str, Any] = {
        "message_key": message.message_key, "chat_id": message.chat_id,
        "sender_account_id": message.sender_account_id, "sent_at": message.sent_at,
        "sent_local": message.sent_local, "is_forwarded": message.is_forwarded,
        "state": records.ShareState.ABSENT, "caption": message.text,
    }  # fmt: skip
    return records.Share(ordinal=ordinal, **{**_hanging(message), **known, **columns})


def reaction(
    message: Message, account: Id[records.Account] | None, sign: str | None, **columns: Any
) -> records.Reaction:
    """A reaction to a message."""
    return records.Reaction(**_hanging(message), account_id=account, reaction=sign, **columns)


def reactions(
    message: Message, sign: str | None, givers: list[Id[records.Account] | None], count: Any
) -> Iterator[records.Reaction]:
    """Reactions of one sign: those whose givers are named, and one row for all the others."""
    yield from (reaction(message, account, sign) for account in givers)
    if (others := (a_number(count) or 0) - len(givers)) > 0:
        yield reaction(message, None, sign, givers=others)


def call(message: Message, result: str, **columns: Any) -> records.Call:
    """A call of which a message tells."""
    known: dict[str, Any] = {"call_key": message.message_key}
    return records.Call(
        **{k: v for k, v in _hanging(message).items() if k != "event_id"},
        call_id=Id(message.event_id), chat_id=message.chat_id, caller=message.sender_account_id,
        started_at=message.sent_at, result=result, **{**known, **columns},
    )  # fmt: skip


def group_event(
    message: Message, action: records.GroupAction, **columns: Any
) -> records.GroupEvent:
    """A change of a group of which a message tells."""
    known: dict[str, Any] = {
        "at_local": message.sent_local, "action_raw": message.type_raw or "",
        "actor": message.sender_account_id, "certainty": records.Certainty.STATED,
    }  # fmt: skip
    return records.GroupEvent(
        **_hanging(message), chat_id=message.chat_id, at=message.sent_at, action=action,
        **{**known, **columns},
    )  # fmt: skip


def _hanging(message: Message) -> dict[str, Any]:
    return {
        "exhibit_id": message.exhibit_id, "source_id": message.source_id,
        "locator": message.locator, "event_id": message.event_id,
    }  # fmt: skip


def seconds(value: Any) -> datetime | None:
    """A time given in seconds since 1970, UTC."""
    number = a_number(value)
    return datetime.fromtimestamp(number, UTC) if number and 0 < number < _LATEST else None


def milliseconds(value: Any) -> datetime | None:
    """A time given in milliseconds since 1970, UTC."""
    number = a_number(value)
    if not number or not 0 < number < _LATEST * 1000:
        return None
    whole, rest = divmod(number, 1000)
    return datetime.fromtimestamp(whole, UTC).replace(microsecond=rest * 1000)


def e164(number: str | None) -> str | None:
    """A number as written, in E.164 form; None where it has no country code."""
    if not number or not number.lstrip().startswith("+"):
        return None
    plain = "+" + re.sub(r"[^0-9]", "", number)
    return plain if _E164.fullmatch(plain) else None
