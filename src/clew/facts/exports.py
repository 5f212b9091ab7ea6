"""What every reader of an export gathers while its messages pass: accounts, members, times, links.

Memory grows with the people of an export, not with its messages.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec

from clew import records
from clew.facts import text
from clew.facts.json_stream import Damage, Stream
from clew.facts.json_values import a_number
from clew.facts.reader_api import Found, FromFile, Tally
from clew.schema import Id, Row, replace

_E164 = re.compile(r"\+[1-9][0-9]{4,14}")
_HINTS = re.compile(
    r"://|www\.|t\.me/|telegram\.me/|chat\.whatsapp\.com/|signal\.group/#|discord", re.IGNORECASE
).search
"""What a text with a link holds."""
_LATEST = 1 << 33
"""Seconds of a time beyond which it is no time (the year 2242)."""
_NO_MEMBER = (records.MemberState.LEFT, records.MemberState.REMOVED)


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


class Book(FromFile):
    """The accounts of one export, their names, and their places in its chats."""

    def __init__(self, found: Found, platform: str) -> None:
        super().__init__(found)
        self._platform = platform
        self._accounts: dict[str, records.Account] = {}
        self._names: dict[tuple[str, str], tuple[str, records.NameKind]] = {}
        self._members: dict[tuple[str, str], Member] = {}

    def account(
        self,
        account_id: str,
        id_type: records.IdType,
        identifier: str,
        locator: str,
        **known: Any,
    ) -> Id[records.Account]:
        """Enter an account where it is first met; ``known`` are columns of its row."""
        if account_id not in self._accounts:
            self._accounts[account_id] = records.Account(
                **self.at(locator),
                account_id=Id(account_id),
                platform=self._platform,
                id_type=id_type,
                identifier=identifier,
            )
        if known:
            row = self._accounts[account_id]
            self._accounts[account_id] = replace(row, **known)
        return Id(account_id)

    def name(self, account_id: str, name: str | None, kind: records.NameKind, locator: str) -> None:
        """Enter a name of an account, once."""
        if name:
            self._names.setdefault((account_id, name), (locator, kind))

    def member(
        self, chat_id: str, account_id: str, locator: str, basis: records.MembershipBasis
    ) -> Member:
        """The place of an account in a chat."""
        key = (chat_id, account_id)
        if key not in self._members:
            self._members[key] = Member(locator, basis)
        return self._members[key]

    def joined(
        self, member: Member, how: records.GroupAction, at: datetime | None, locator: str
    ) -> None:
        """An account came into a chat."""
        member.joined_how, member.joined_at, member.ended_at = how, at, None
        member.state, member.locator = records.MemberState.UNKNOWN_PAST, locator

    def ended(
        self, member: Member, state: records.MemberState, at: datetime | None, locator: str
    ) -> None:
        """An account left a chat, or was put out."""
        assert state in _NO_MEMBER
        member.state, member.ended_at, member.locator = state, at, locator

    def rows(self) -> Iterator[Row]:
        """Accounts, names and memberships, in the order in which they were met."""
        yield from self._accounts.values()
        for (account_id, name), (locator, kind) in self._names.items():
            yield records.AccountName(
                **self.at(locator), account_id=Id(account_id), name=name, name_kind=kind
            )
        for (chat_id, account_id), member in self._members.items():
            yield records.Membership(
                **self.fact,
                **msgspec.structs.asdict(member),
                chat_id=Id(chat_id),
                account_id=Id(account_id),
            )


def texts(words: str | None) -> dict[str, Any]:
    """Columns of a message that follow from its text."""
    if not words:
        return {}
    urls = text.links(words) if _may_link(words) else ()
    return {"text": words, "text_normal": text.normal(words), "urls": urls or None}


def _may_link(words: str) -> bool:
    """Tell quickly that a text holds no link: most hold neither a slash nor ``www.``."""
    return ("/" in words or "www." in words.casefold()) and _HINTS(words) is not None


def invites(message: records.Message, *more: str) -> Iterator[records.Invite]:
    """Invitations in the text of a message, and in links that stand behind it."""
    if not more and not message.urls and not _may_link(message.text or ""):
        return
    words = "\n".join((message.text or "", *more))
    if not _may_link(words):
        return
    for link in text.invite_links(words):
        yield records.Invite(
            exhibit_id=message.exhibit_id,
            source_id=message.source_id,
            locator=message.locator,
            code=link.code,
            platform=link.platform,
            url=link.url,
            event_id=message.event_id,
            seen_chat_id=message.chat_id,
            seen_account_id=message.sender_account_id,
            seen_at=message.sent_at,
            found_in=records.InviteSource.URL_IN_TEXT,
        )


def unread(found: Found, stream: Stream, damages: Iterable[Damage]) -> Iterator[records.Unread]:
    """What of a JSON file could not be read, and how many records hold bytes that are no text."""
    for damage in damages:
        yield found.unread(damage.locator, damage.code, **damage.values)
    if stream.mended:
        yield found.unread("file", "encoding:records", n=stream.mended)


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


class Passage(msgspec.Struct):
    """The account of an export's messages: how many, from when to when."""

    tally: Tally
    first_at: datetime | None = None
    last_at: datetime | None = None

    def passed(self, at: datetime | None) -> None:
        """Count a message that was emitted."""
        self.tally.emitted("message", records.Message)
        if at is not None:
            self.first_at = at if self.first_at is None or at < self.first_at else self.first_at
            self.last_at = at if self.last_at is None or at > self.last_at else self.last_at

    def source(self, found: Found, **columns: Any) -> Iterator[Row]:
        """The row of the source, and the account of its rows."""
        seen = self.tally.count("message")
        yield found.source(
            rows_seen=seen,
            rows_skipped=seen - self.tally.count("message", records.Message.table_name),
            first_at=self.first_at,
            last_at=self.last_at,
            **columns,
        )
        yield from self.tally.rows(found)
