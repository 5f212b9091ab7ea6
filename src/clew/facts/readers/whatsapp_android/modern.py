"""Databases from 2021 on: ``message`` with its satellites, which come and go with versions."""

from __future__ import annotations

from collections.abc import Iterator

from clew.facts import whatsapp
from clew.facts.readers.whatsapp_android.database import Database, Values, name_of
from clew.facts.readers.whatsapp_android.messages import (
    MEDIA,
    ChatOf,
    Page,
    chat_of,
    media_of,
    message_batch,
    share_batch,
)
from clew.records.facts import ChatType, Message, MessageKind, Share
from clew.schema import Batch, Row

_SELF = (None, 0, -1)
"""Senders that stand for the holder of the device, or for nobody."""


class Modern:
    """What rows of a modern database refer to."""

    def __init__(self, base: Database) -> None:
        self.base = base
        self.jid: dict[object, str] = {}
        if base.has("jid", "_id", "raw_string"):
            for row, raw, user, server in base.rows(
                "jid",
                f"SELECT _id, {base.columns('jid', 'raw_string user server')} FROM jid",
                "_id",
            ):
                self.jid[row] = raw or (f"{user}@{server}" if user and server else "")
        self.account = {row: base.account(jid) for row, jid in self.jid.items()}
        self.chats: dict[object, ChatOf] = {}
        if base.has("chat", "_id", "jid_row_id"):
            for row, jid_row in base.rows("chat", "SELECT _id, jid_row_id FROM chat", "_id"):
                if jid := self.jid.get(jid_row):
                    self.chats[row] = chat_of(jid)

    def chat(self, row: object) -> ChatOf:
        """Conversation of a row of ``chat``; messages without one are kept under a name."""
        if row not in self.chats:
            name = f"whatsapp:unknown-chat:{self.base.found.item_id}:{row}"
            prefixes = whatsapp.key_prefixes(name, ChatType.UNKNOWN)
            self.chats[row] = ChatOf(name, ChatType.UNKNOWN, prefixes)
        return self.chats[row]

    def sender(self, chat: ChatOf, from_me: object, row: object) -> str | None:
        """Who sent a message: the holder, the sender on record, or the other side of the chat."""
        if from_me == 1:
            return self.base.owner
        if row not in _SELF and (account := self.account.get(row)):
            return str(account)
        if chat.kind == ChatType.ONE_TO_ONE:
            return self.base.account(chat.chat_id.partition(":")[2])
        return None


def read_messages(modern: Modern, where: str = "1") -> Iterator[Row | Batch]:
    """Every message of ``message`` for which ``where`` holds."""
    base = modern.base
    for columns in base.pages("message", _select(base, "", where), "m._id"):
        page = _page(modern, columns)
        base.tally.emitted("message", Message, len(page.row))
        yield from message_batch(base, page)


def read_shares(modern: Modern) -> Iterator[Row | Batch]:
    """Every file of ``message_media``, with the message that carried it."""
    base = modern.base
    if not base.has("message_media", "message_row_id"):
        return
    media = base.columns("message_media", MEDIA, "mm")
    select = _select(base, f", {media}", "1").replace(
        "FROM message AS m",
        "FROM message_media AS mm LEFT JOIN message AS m ON m._id = mm.message_row_id",
    )
    select = select.replace("SELECT m._id", "SELECT mm.message_row_id", 1)
    for columns in base.pages("message_media", select, "mm.message_row_id"):
        held = len(MEDIA.split())
        page = _page(modern, columns[:-held])
        base.tally.emitted("message_media", Share, len(page.row))
        yield share_batch(base, page, media_of(columns[-held:]))


_FOLDED = (
    "message_forwarded", "message_quoted", "message_revoked", "message_edit_info",
    "message_mentions",
)  # fmt: skip


def count_folded(base: Database) -> None:
    """Account for the satellites whose rows became part of a message."""
    for table in _FOLDED:
        base.tally.emitted(table, Message, base.count(table))


def _select(base: Database, more: str, where: str) -> str:
    """The one SELECT over a message and its satellites, as this schema has them."""
    mentioned = "NULL"
    mentions = ""
    if base.has("message_mentions", "message_row_id", "jid_row_id"):
        mentioned = "mn.who"
        mentions = (
            "LEFT JOIN (SELECT message_row_id, group_concat(jid_row_id) AS who "
            "FROM message_mentions GROUP BY message_row_id) AS mn ON mn.message_row_id = m._id"
        )
    fields = (
        base.columns(
            "message",
            "chat_row_id from_me key_id sender_jid_row_id status origination_flags timestamp "
            "received_timestamp receipt_server_timestamp message_type text_data starred",
            "m",
        ),
        base.columns("message_forwarded", "forward_score", "fw"),
        base.columns(
            "message_quoted", "key_id parent_message_chat_row_id chat_row_id text_data", "qu"
        ),
        base.columns("message_revoked", "revoke_timestamp admin_jid_row_id", "rv"),
        base.columns("message_edit_info", "edited_timestamp", "ed"),
        mentioned,
    )
    joins = (
        base.join("message_forwarded", "fw", "fw.message_row_id = m._id"),
        base.join("message_quoted", "qu", "qu.message_row_id = m._id"),
        base.join("message_revoked", "rv", "rv.message_row_id = m._id"),
        base.join("message_edit_info", "ed", "ed.message_row_id = m._id"),
        mentions,
    )
    listed = ", ".join(fields)
    return f"SELECT m._id, {listed}{more} FROM message AS m {' '.join(joins)} WHERE {where}"  # noqa: S608 - names from the schema


def _page(modern: Modern, columns: list[Values]) -> Page:
    (
        row, chat_row, from_me, key, sender_row, status, flags, sent, received, server, kind, text,
        starred, score, quoted_key, quoted_parent, quoted_chat, quoted_text, revoked, revoker,
        edited, mentioned,
    ) = columns  # fmt: skip
    chats = [modern.chat(c) for c in chat_row]
    senders = [
        None if k == _SYSTEM and s in _SELF else modern.sender(c, 0 if k == _SYSTEM else m, s)
        for c, m, s, k in zip(chats, from_me, sender_row, kind, strict=True)
    ]
    return Page(
        table="message",
        row=row,
        chat=chats,
        from_me=from_me,
        key=key,
        sender=senders,
        kind=[name_of("message", k) or MessageKind.UNKNOWN.value for k in kind],
        type_raw=kind,
        text=text,
        sent=sent,
        received=received,
        server=server,
        edited=edited,
        deleted=revoked,
        deleted_by=[
            _deleter(modern, k, r, s) for k, r, s in zip(kind, revoker, senders, strict=True)
        ],
        forwarded=[
            (f is not None and f > 0) or (isinstance(g, int) and bool(g & 1))
            for f, g in zip(map(_number, score), flags, strict=True)
        ],
        forward_count=score,
        reply_key=[
            None if k is None else whatsapp.message_key(k, modern.chat(p if p else c).prefixes)
            for k, p, c in zip(quoted_key, quoted_parent, quoted_chat, strict=True)
        ],
        reply_text=quoted_text,
        mentions=[_mentions(modern, m) for m in mentioned],
        starred=starred,
        status=status,
    )


_SYSTEM, _BY_SENDER, _BY_ADMIN = 7, 15, 64


def _deleter(modern: Modern, kind: object, admin: object, sender: str | None) -> str | None:
    if kind == _BY_ADMIN:
        return modern.account.get(admin)
    return sender if kind == _BY_SENDER else None


def _mentions(modern: Modern, rows: str | None) -> list[str] | None:
    if not rows:
        return None
    found = [modern.account.get(int(r)) for r in str(rows).split(",") if r.strip().isdigit()]
    return [account for account in found if account] or None


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None
