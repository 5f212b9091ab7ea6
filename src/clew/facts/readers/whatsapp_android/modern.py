"""Databases from 2021 on: ``message`` with its satellites, which come and go with versions."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from clew.facts import whatsapp
from clew.facts.database import Join, Selection
from clew.facts.messages import ChatOf, Conversations, Page, message_batch, shares_at
from clew.facts.readers.whatsapp_android.database import Database, name_of
from clew.facts.source_columns import Values, once_each
from clew.facts.whatsapp import chat_of
from clew.records import Account, Message, MessageKind, Share
from clew.schema import Batch, Id, Row

_SELF = (None, 0, -1)
"""Senders that stand for the holder of the device, or for nobody."""
_SYSTEM, _BY_SENDER, _BY_ADMIN = 7, 15, 64
_FIELDS = (
    "chat_row_id from_me key_id sender_jid_row_id status origination_flags timestamp "
    "received_timestamp receipt_server_timestamp message_type text_data starred"
)
_FILE = {
    "sha256": "mm.file_hash",
    "enc_sha256": "mm.enc_file_hash",
    "original_sha256": "mm.original_file_hash",
    "media_type": "mm.mime_type",
    "size": "mm.file_size",
    "length": "mm.file_length",
    "name": "mm.media_name",
    "path": "mm.file_path",
    "caption": "mm.media_caption",
    "width": "mm.width",
    "height": "mm.height",
    "seconds": "mm.media_duration",
}
_MEDIA = " ".join(("message_row_id", *(name.removeprefix("mm.") for name in _FILE.values())))
_QUOTED = "key_id parent_message_chat_row_id chat_row_id text_data"


class Modern:
    """What rows of a modern database refer to."""

    def __init__(self, base: Database) -> None:
        self.base = base
        self.jid: dict[object, str] = {}
        for row in base.each("jid", "raw_string user server", needs="raw_string"):
            user, server = row["user"], row["server"]
            built = f"{user}@{server}" if user and server else ""
            self.jid[row.key] = row.text("raw_string") or built
        self.account = {row: base.account(jid) for row, jid in self.jid.items()}
        self.chats = Conversations(partial(whatsapp.unknown_chat, base.found.item_id))
        for row in base.each("chat", "jid_row_id", needs="jid_row_id"):
            if jid := self.jid.get(row["jid_row_id"]):
                self.chats[row.key] = chat_of(jid)
        self._mentioned = self.named_in("message_mentions", "jid_row_id")

    def sender(self, chat: ChatOf, from_me: object, row: object) -> Id[Account] | None:
        """Who sent a message: the holder, the sender on record, or the other side of the chat."""
        if from_me == 1:
            return self.base.owner
        if row not in _SELF and (account := self.account.get(row)):
            return account
        return self.base.other_side(chat)

    def named_in(self, table: str, jid_row: str) -> dict[object, list[Id[Account]]]:
        """Accounts that a table names for messages, in its order."""
        found = defaultdict[object, list[Id[Account]]](list)
        needs = f"message_row_id {jid_row}"
        for row in self.base.each(table, needs, needs=needs, key="rowid"):
            if account := self.account.get(row[jid_row]):
                found[row["message_row_id"]].append(account)
        return found

    def page(self, columns: dict[str, Values]) -> Page:
        """Columns of messages and their satellites as messages."""

        def each(meaning: Callable[..., Any], *names: str) -> list[Any]:
            asked = zip(*(columns[name] for name in names), strict=True)
            return once_each(lambda values: meaning(*values), asked)

        chats = [self.chats[row] for row in columns["m.chat_row_id"]]
        senders = each(
            self._sender, "m.message_type", "m.chat_row_id", "m.from_me", "m.sender_jid_row_id"
        )
        kinds, admins = columns["m.message_type"], columns["rv.admin_jid_row_id"]
        return Page(
            table="message",
            row=columns["key"],
            chat=chats,
            from_me=columns["m.from_me"],
            key=whatsapp.message_keys(columns["m.key_id"], chats),
            sender=senders,
            kind=each(_kind, "m.message_type"),
            type_raw=kinds,
            text=columns["m.text_data"],
            sent=columns["m.timestamp"],
            received=columns["m.received_timestamp"],
            server=columns["m.receipt_server_timestamp"],
            edited=columns["ed.edited_timestamp"],
            deleted=columns["rv.revoke_timestamp"],
            deleted_by=[
                self.account.get(admin)
                if kind == _BY_ADMIN
                else (sender if kind == _BY_SENDER else None)
                for kind, admin, sender in zip(kinds, admins, senders, strict=True)
            ],
            forwarded=each(_forwarded, "fw.forward_score", "m.origination_flags"),
            forward_count=columns["fw.forward_score"],
            reply_key=[
                None if k is None else whatsapp.message_key(k, self.chats[p or c].prefixes)
                for k, p, c, _ in zip(*(columns[f"qu.{n}"] for n in _QUOTED.split()), strict=True)
            ],
            reply_text=columns["qu.text_data"],
            mentions=[self._mentioned.get(row) for row in columns["key"]],
            starred=columns["m.starred"],
            status=columns["m.status"],
        )

    def _sender(
        self, kind: object, chat: object, from_me: object, row: object
    ) -> Id[Account] | None:
        if kind != _SYSTEM:
            return self.sender(self.chats[chat], from_me, row)
        return None if row in _SELF else self.sender(self.chats[chat], 0, row)


_SATELLITES = (
    Join("message_forwarded", "fw", "message_row_id = m._id", "forward_score"),
    Join("message_quoted", "qu", "message_row_id = m._id", _QUOTED),
    Join("message_revoked", "rv", "message_row_id = m._id", "revoke_timestamp admin_jid_row_id"),
    Join("message_edit_info", "ed", "message_row_id = m._id", "edited_timestamp"),
)


def read_messages(modern: Modern, where: str = "") -> Iterator[Row | Batch]:
    """Every message of ``message`` for which ``where`` holds, with the file that it carries."""
    base = modern.base
    media = Join("message_media", "mm", "message_row_id = m._id", _MEDIA)
    wanted = Selection("message", _FIELDS, (*_SATELLITES, media), alias="m", where=where)
    for columns in base.columns_of(wanted):
        page = modern.page(columns)
        base.tally.emitted("message", Message, len(page.row))
        yield message_batch(base, page)
        yield from _files(base, page, columns)


def read_lost_files(modern: Modern) -> Iterator[Row | Batch]:
    """Files whose message is gone: the record of the file is kept."""
    base, table = modern.base, "message_media"
    if base.has(table, "message_row_id"):
        message = Join("message", "m", "_id = mm.message_row_id", _FIELDS)
        wanted = Selection(
            table, _MEDIA, (message, *_SATELLITES), "message_row_id", "mm", "m._id IS NULL"
        )
        for columns in base.columns_of(wanted):
            yield from _files(base, modern.page(columns), columns)


def _files(base: Database, page: Page, columns: dict[str, Values]) -> Iterator[Batch]:
    """Files among the rows of a page."""
    carrying = [n for n, row in enumerate(columns["mm.message_row_id"]) if row is not None]
    base.tally.emitted("message_media", Share, len(carrying))
    yield from shares_at(base, page, columns, _FILE, carrying)


def count_folded(base: Database) -> None:
    """Account for the satellites whose rows became part of a message."""
    for table in ("message_mentions", "message_details", *(join.table for join in _SATELLITES)):
        base.tally.emitted(table, Message, base.count(table))


def _kind(code: object) -> str:
    return name_of("message", code) or MessageKind.UNKNOWN.value


def _forwarded(score: object, flags: object) -> bool:
    """Forwarded by its score, or by the lowest bit of its flags."""
    scored = isinstance(score, int) and score > 0
    return scored or (isinstance(flags, int) and bool(flags & 1))
