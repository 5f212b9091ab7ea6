"""In a worker: a file in another's format becomes rows, every element of it accounted for."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec

from clew.exchange.foreign import case, ftm, misp, stix, vics
from clew.exchange.foreign.elements import (
    Element,
    MalformedError,
    StatedAccount,
    StatedChat,
    StatedHashes,
    StatedMember,
    StatedMessage,
)
from clew.records import (
    Account,
    AccountName,
    Chat,
    ChatType,
    Item,
    Membership,
    MembershipBasis,
    MemberState,
    Message,
    MessageKind,
    NameKind,
    Role,
    Severity,
    Source,
    SourceRows,
    StatedFile,
    TimeBasis,
    Unread,
)
from clew.sandbox.frames import Yielded
from clew.schema import Batch, Id, Row, to_arrow
from clew.words.characters import normal
from clew.words.reasons import figures, weight

TASK = "clew.exchange.foreign.worker:read_file"
FORMATS: dict[str, Callable[[Iterable[bytes]], Iterator[Element]]] = {
    "case": case.elements,
    "vics": vics.elements,
    "stix": stix.elements,
    "ftm": ftm.elements,
    "misp": misp.elements,
}
VERSION = "2"
_UNNAMED = "token:"
"""Begins what stands for a person whom Clew's packages do not name: no account."""
_CHUNK = 1 << 20
_ROWS = 4096
_REPORTED = 1000
"""Failures that are listed one by one; the rest is counted."""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What a task is given."""

    form: str
    exhibit_id: str
    item_id: str
    source_id: str
    """SHA-256 of the file."""
    path: str
    file: int
    """The file, open for reading."""


class Refused(msgspec.Struct, frozen=True):
    """Why a file as a whole is not of its format."""

    refused: str


def read_file(argument: dict[str, Any]) -> Iterator[Yielded]:
    """Task: rows of a file; or one value that says why it is not of the format at all."""
    made = _Rows(msgspec.convert(argument, Asked))
    try:
        yield from _batches(made.rows())
    except MalformedError as error:
        yield msgspec.to_builtins(Refused(str(error)[:500]))


def _batches(rows: Iterable[Row]) -> Iterator[Batch]:
    waiting: dict[type[Row], list[Row]] = {}
    for row in rows:
        gathered = waiting.setdefault(type(row), [])
        gathered.append(row)
        if len(gathered) >= _ROWS:
            yield from _batch(type(row), waiting.pop(type(row)))
    for table, rest in waiting.items():
        yield from _batch(table, rest)


def _batch(table: type[Row], rows: list[Row]) -> Iterator[Batch]:
    for part in to_arrow(table, rows).combine_chunks().to_batches():
        yield Batch(table, part)


class _Rows:
    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.fact: dict[str, Any] = {"exhibit_id": asked.exhibit_id, "source_id": asked.source_id}
        self.tally: Counter[tuple[str, str, str | None]] = Counter()
        self.known: set[str] = set()
        self.chats: set[str] = set()
        self.named: set[tuple[str, str]] = set()
        self.failures = 0

    def chunks(self) -> Iterator[bytes]:
        offset = 0
        while chunk := os.pread(self.asked.file, _CHUNK, offset):
            yield chunk
            offset += len(chunk)

    def rows(self) -> Iterator[Row]:
        """Rows of every element, then the account of all of them."""
        for element in FORMATS[self.asked.form](self.chunks()):
            yield from self.of(element)
        if self.failures > _REPORTED:
            yield self.unread("file", "more", n=self.failures - _REPORTED)
        yield from self.account()

    def of(self, element: Element) -> Iterator[Row]:
        at = {**self.fact, "locator": element.locator}
        if element.failed is not None:
            self.failures += 1
            self.tally[element.kind, "skipped", "damaged"] += 1
            if self.failures <= _REPORTED:
                yield self.unread(element.locator, "element", cause=element.failed)
            return
        accounts = [one for one in element.accounts if _is_named(one)]
        parts: dict[type[Row], object] = {
            Message: element.messages, Chat: element.chats, Membership: element.members,
            Account: accounts, StatedFile: element.files,
        }  # fmt: skip
        became = next((row for row, found in parts.items() if found), None)
        if became is None:
            self.tally[element.kind, "skipped", "not_used"] += 1
            return
        self.tally[element.kind, became.table_name, None] += 1
        for account in accounts:
            yield from self.accounts(at, account)
        yield from (_file(at, file) for file in element.files)
        yield from self.conversations(at, element)

    def conversations(self, at: dict[str, Any], element: Element) -> Iterator[Row]:
        """Groups, who is in them, and what was said, each with the accounts that it names."""
        for chat in element.chats:
            yield from self.chat(at, chat)
        for member in element.members:
            yield from self.chat(at, member.chat)
            if _is_named(member.account):
                yield from self.accounts(at, member.account)
                yield _member(at, member)
        for number, said in enumerate(element.messages):
            yield from self.chat(at, said.chat)
            if said.sender and _is_named(said.sender):
                yield from self.accounts(at, said.sender)
            yield self.message(at, f"{at['locator']}/{number}", said)

    def chat(self, at: dict[str, Any], said: StatedChat) -> Iterator[Row]:
        """A conversation once."""
        if said.chat_id not in self.chats:
            self.chats.add(said.chat_id)
            kind = ChatType.GROUP if said.is_group else ChatType.ONE_TO_ONE
            yield Chat(**at, chat_id=Id[Chat](said.chat_id), platform=said.platform, chat_type=kind,
                       subject=said.subject)  # fmt: skip

    def message(self, at: dict[str, Any], locator: str, said: StatedMessage) -> Row:
        """What somebody said, as the partner states it; it has no id of the messenger's own."""
        named = said.sender if said.sender and _is_named(said.sender) else None
        return Message(
            **at | {"locator": locator}, event_id=Id[Message](f"{self.asked.item_id}#{locator}"),
            chat_id=Id[Chat](said.chat.chat_id), kind=MessageKind.TEXT, text=said.text,
            sender_account_id=Id[Account](named.account_id) if named else None,
            text_normal=normal(said.text) if said.text else None, sent_at=said.sent_at,
            sent_local=said.sent_local,
            tz_basis=TimeBasis.EXPORT_LOCAL if said.sent_local else TimeBasis.UTC,
        )  # fmt: skip

    def accounts(self, at: dict[str, Any], said: StatedAccount) -> Iterator[Row]:
        """An account once, with every name that it is given."""
        key = Id[Account](said.account_id)
        if said.account_id not in self.known:
            self.known.add(said.account_id)
            yield Account(**at, account_id=key, platform=said.platform, id_type=said.id_type,
                          identifier=said.identifier, e164=said.e164)  # fmt: skip
        for name in said.names:
            if (said.account_id, name) not in self.named:
                self.named.add((said.account_id, name))
                kind = NameKind.EXPORT_LABEL
                yield AccountName(**at, account_id=key, name=name, name_kind=kind)

    def account(self) -> Iterator[Row]:
        """The file's own row, and what became of its elements by kind."""
        skipped = sum(n for (_, became, _), n in self.tally.items() if became == "skipped")
        seen = self.tally.total()
        yield Source(
            **self.fact, locator="file", item_id=Id[Item](self.asked.item_id),
            kind=f"partner.{self.asked.form}", reader=f"partner-{self.asked.form}",
            reader_version=VERSION, tz_basis=TimeBasis.UTC, rows_seen=seen,
            rows_emitted=seen - skipped, rows_skipped=skipped,
        )  # fmt: skip
        order = sorted(self.tally.items(), key=lambda one: (*one[0][:2], one[0][2] or ""))
        for (kind, became, reason), count in order:
            yield SourceRows(**self.fact, locator=kind, source_table=kind, became=became,
                             reason=reason, rows=count)  # fmt: skip

    def unread(self, locator: str, code: str, **about: object) -> Row:
        return Unread(
            **self.fact, locator=locator, item_id=Id[Item](self.asked.item_id), code=code,
            path=self.asked.path, reader=f"partner-{self.asked.form}",
            severity=Severity(weight("unread", code)), figures=figures(**about),
        )  # fmt: skip


def _is_named(account: StatedAccount) -> bool:
    """Whether an account is somebody's; a token stands for whom a package does not name."""
    return not account.identifier.startswith(_UNNAMED)


def _member(at: dict[str, Any], said: StatedMember) -> Membership:
    state = MemberState.UNKNOWN_PAST if said.ended_at else MemberState.CURRENT
    return Membership(
        **at, chat_id=Id[Chat](said.chat.chat_id), account_id=Id[Account](said.account.account_id),
        role=Role.MEMBER, state=state, basis=MembershipBasis.ROSTER, joined_at=said.joined_at,
        ended_at=said.ended_at,
    )  # fmt: skip


def _file(at: dict[str, Any], file: StatedHashes) -> StatedFile:
    return StatedFile(
        **at, md5=file.md5, sha1=file.sha1, sha256=file.sha256, size=file.size,
        media_type=file.media_type, path_stated=file.name, category=file.category,
        details=file.details,
    )  # fmt: skip
