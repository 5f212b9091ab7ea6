"""Databases from 2021 on: ``message`` with its satellites, which come and go with versions."""

from __future__ import annotations

from collections.abc import Iterator

from clew.facts import whatsapp
from clew.facts.messages import (
    MEDIA,
    ChatOf,
    Page,
    media_of,
    message_batch,
    share_batch,
)
from clew.facts.readers.whatsapp_android.database import Database, Values, name_of
from clew.facts.whatsapp import chat_of
from clew.records import Account, ChatType, Message, MessageKind, Share
from clew.schema import Batch, Id, Row

_SELF = (None, 0, -1)
"""Senders that stand for the holder of the device, or for nobody."""


class _Senders(dict[tuple[object, ...], Id[Account] | None]):
    """Senders by (type, conversation, sent from here, sender) as they stand in a row."""

    def __init__(self, modern: Modern) -> None:
        super().__init__()
        self._modern = modern

    def __missing__(self, key: tuple[object, ...]) -> Id[Account] | None:
        kind, chat_row, from_me, sender_row = key
        found: Id[Account] | None = None
        if kind != _SYSTEM or sender_row not in _SELF:
            sent_here = 0 if kind == _SYSTEM else from_me
            found = self._modern.sender(self._modern.chats[chat_row], sent_here, sender_row)
        self[key] = found
        return found


class _Kinds(dict[object, str]):
    """Kinds of message by code."""

    def __missing__(self, code: object) -> str:
        self[code] = name_of("message", code) or MessageKind.UNKNOWN.value
        return self[code]


class Modern:
    """What rows of a modern database refer to."""

    def __init__(self, base: Database) -> None:
        self.base = base
        self.jid: dict[object, str] = {}
        names = "raw_string user server"
        for row, raw, user, server in base.each("jid", names, needs="raw_string"):
            self.jid[row] = raw or (f"{user}@{server}" if user and server else "")
        self.account: dict[object, Id[Account] | None] = {
            row: base.account(jid) for row, jid in self.jid.items()
        }
        self.chats = whatsapp.Conversations(base.found.item_id)
        self.senders = _Senders(self)
        self.kinds = _Kinds()
        for row, jid_row in base.each("chat", "jid_row_id", needs="jid_row_id"):
            if jid := self.jid.get(jid_row):
                self.chats[row] = chat_of(jid)

    def chat(self, row: object) -> ChatOf:
        """Conversation of a row of ``chat``."""
        return self.chats[row]

    def sender(self, chat: ChatOf, from_me: object, row: object) -> Id[Account] | None:
        """Who sent a message: the holder, the sender on record, or the other side of the chat."""
        if from_me == 1:
            return self.base.owner
        if row not in _SELF and (account := self.account.get(row)):
            return account
        other = chat.kind == ChatType.ONE_TO_ONE
        return self.base.account(chat.chat_id.partition(":")[2]) if other else None


def read_messages(modern: Modern, where: str = "1") -> Iterator[Row | Batch]:
    """Every message of ``message`` for which ``where`` holds, with the file that it carries."""
    base = modern.base
    for columns in base.pages("message", _select(base, where), "m._id"):
        page = _page(modern, columns[:-_HELD])
        base.tally.emitted("message", Message, len(page.row))
        yield message_batch(base, page)
        files = [n for n, row in enumerate(columns[-_HELD]) if row is not None]
        if files:
            base.tally.emitted("message_media", Share, len(files))
            held = [[column[n] for n in files] for column in columns[1 - _HELD :]]
            yield share_batch(base, page.some(files), media_of(held))


def read_lost_files(modern: Modern) -> Iterator[Row | Batch]:
    """Files whose message is gone: the record of the file is kept."""
    base = modern.base
    if not base.has("message_media", "message_row_id"):
        return
    select = _select(base, "m._id IS NULL").replace("SELECT m._id", "SELECT mm.message_row_id", 1)
    select = select.replace("FROM message AS m", f"FROM {_MEDIA_FIRST}", 1)
    select = select.replace(f"LEFT JOIN {_MEDIA_LAST}", "", 1)
    for columns in base.pages("message_media", select, "mm.message_row_id"):
        page = _page(modern, columns[:-_HELD])
        base.tally.emitted("message_media", Share, len(page.row))
        yield share_batch(base, page, media_of(columns[1 - _HELD :]))


_HELD = 1 + len(MEDIA.split())
"""Columns of a file at the end of the SELECT: its row number and what a share is made of."""
_MEDIA_LAST = "message_media AS mm ON mm.message_row_id = m._id"
_MEDIA_FIRST = "message_media AS mm LEFT JOIN message AS m ON m._id = mm.message_row_id"
_FOLDED = (
    "message_forwarded", "message_quoted", "message_revoked", "message_edit_info",
    "message_mentions",
    "message_details",
)  # fmt: skip


def count_folded(base: Database) -> None:
    """Account for the satellites whose rows became part of a message."""
    for table in _FOLDED:
        base.tally.emitted(table, Message, base.count(table))


def _select(base: Database, where: str) -> str:
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
        base.columns("message", _FIELDS, "m"),
        base.columns("message_forwarded", "forward_score", "fw"),
        base.columns(
            "message_quoted", "key_id parent_message_chat_row_id chat_row_id text_data", "qu"
        ),
        base.columns("message_revoked", "revoke_timestamp admin_jid_row_id", "rv"),
        base.columns("message_edit_info", "edited_timestamp", "ed"),
        mentioned,
        base.columns("message_media", f"message_row_id {MEDIA}", "mm"),
    )
    joins = (
        base.join("message_forwarded", "fw", "fw.message_row_id = m._id"),
        base.join("message_quoted", "qu", "qu.message_row_id = m._id"),
        base.join("message_revoked", "rv", "rv.message_row_id = m._id"),
        base.join("message_edit_info", "ed", "ed.message_row_id = m._id"),
        mentions,
        base.join("message_media", "mm", "mm.message_row_id = m._id"),
    )
    listed = ", ".join(fields)
    return f"SELECT m._id, {listed} FROM message AS m {' '.join(joins)} WHERE {where}"


_FIELDS = (
    "chat_row_id from_me key_id sender_jid_row_id status origination_flags timestamp "
    "received_timestamp receipt_server_timestamp message_type text_data starred"
)


def _page(modern: Modern, columns: list[Values]) -> Page:
    (
        row, chat_row, from_me, key, sender_row, status, flags, sent, received, server, kind, text,
        starred, score, quoted_key, quoted_parent, quoted_chat, quoted_text, revoked, revoker,
        edited, mentioned,
    ) = columns  # fmt: skip
    chats = [modern.chats[c] for c in chat_row]
    senders = [modern.senders[k] for k in zip(kind, chat_row, from_me, sender_row, strict=True)]
    return Page(
        table="message",
        row=row,
        chat=chats,
        from_me=from_me,
        key=whatsapp.message_keys(key, chats),
        sender=senders,
        kind=[modern.kinds[k] for k in kind],
        type_raw=kind,
        text=text,
        sent=sent,
        received=received,
        server=server,
        edited=edited,
        deleted=revoked,
        deleted_by=[
            _deleter(modern, k, r, s) if k in _DELETED else None
            for k, r, s in zip(kind, revoker, senders, strict=True)
        ],
        forwarded=[_forwarded(f, g) for f, g in zip(score, flags, strict=True)],
        forward_count=score,
        reply_key=[
            None if k is None else whatsapp.message_key(k, modern.chat(p or c).prefixes)
            for k, p, c in zip(quoted_key, quoted_parent, quoted_chat, strict=True)
        ],
        reply_text=quoted_text,
        mentions=[None if m is None else _mentions(modern, m) for m in mentioned],
        starred=starred,
        status=status,
    )


_SYSTEM, _BY_SENDER, _BY_ADMIN = 7, 15, 64
_DELETED = (_BY_SENDER, _BY_ADMIN)


def _deleter(
    modern: Modern, kind: object, admin: object, sender: Id[Account] | None
) -> Id[Account] | None:
    if kind == _BY_ADMIN:
        return modern.account.get(admin)
    return sender if kind == _BY_SENDER else None


def _mentions(modern: Modern, rows: str | None) -> list[str] | None:
    if not rows:
        return None
    found = [modern.account.get(int(r)) for r in str(rows).split(",") if r.strip().isdigit()]
    return [account for account in found if account] or None


def _forwarded(score: object, flags: object) -> bool:
    """Forwarded by its score, or by the lowest bit of its flags."""
    if score is None and not flags:
        return False
    scored = isinstance(score, int) and score > 0
    return scored or (isinstance(flags, int) and bool(flags & 1))
