"""Databases before 2021: ``messages`` holds everything in one row; people stand as addresses."""

import re
from collections.abc import Iterator
from functools import partial

from clew import records
from clew.facts import whatsapp
from clew.facts.database import Join, Selection
from clew.facts.messages import ChatOf, Page, message_batch, shares_at
from clew.facts.readers.whatsapp_android.database import CARRIES_FILE, Database, name_of
from clew.facts.source_columns import Values, once_each
from clew.facts.whatsapp import TITLED, Notice, chat_of
from clew.records import GroupAction, MessageKind
from clew.schema import Batch, Id, Row

PLACEHOLDER = "key_remote_jid = '-1'"
_SYSTEM_STATUS = 6
_WHOLE = re.compile(r"-?[0-9]{1,18}")
_MOVED = (GroupAction.ADDED, GroupAction.REMOVED, GroupAction.PROMOTED)
_FILE = {
    "sha256": "media_hash",
    "enc_sha256": "media_enc_hash",
    "media_type": "media_mime_type",
    "size": "media_size",
    "name": "media_name",
    "caption": "media_caption",
    "seconds": "media_duration",
}
_WANTED = Selection(
    "messages",
    "key_remote_jid key_from_me key_id status data timestamp received_timestamp "
    "receipt_server_timestamp media_wa_type remote_resource starred forwarded "
    f"mentioned_jids {' '.join(_FILE.values())}",
    (Join("messages_quotes", "q", "_id = messages.quoted_row_id", "key_id key_remote_jid data"),),
    where=f"NOT (messages.{PLACEHOLDER})",
)


def holds_messages(base: Database) -> bool:
    """Whether the old table holds messages: its content decides, not that it is there."""
    return base.has("messages", "_id", "key_remote_jid", "key_id") and bool(
        base.count("messages", f"NOT ({PLACEHOLDER})")
    )


def read_messages(base: Database) -> Iterator[Row | Batch]:
    """Every message, file and group event of ``messages``."""
    base.tally.skipped("messages", "placeholder", base.count("messages", PLACEHOLDER))
    for columns in base.columns_of(_WANTED):
        system = {n for n, s in enumerate(columns["status"]) if s == _SYSTEM_STATUS}
        page = _page(base, columns, system)
        base.tally.emitted("messages", records.Message, len(page.row))
        yield message_batch(base, page)
        yield from _shares(base, page, columns, system)
        for position in sorted(system):
            yield from _event(base, page, columns, position)
    base.tally.emitted("messages_quotes", records.Message, base.count("messages_quotes"))


def read_receipts(base: Database) -> Iterator[Row]:
    """Receipts by address and message id."""
    rows = {}
    if base.count("receipts"):
        mine = Selection("messages", "key_remote_jid key_id", where="key_from_me = 1")
        rows = {(m["key_remote_jid"], m["key_id"]): m.key for m in base.rows_of(mine)}
    needs, times = "key_remote_jid key_id", ("receipt", "read", "played")
    stamps = " ".join(f"{name}_device_timestamp" for name in times)
    for row in base.each("receipts", f"{needs} remote_resource {stamps}", needs=needs):
        chat = row["key_remote_jid"]
        message, account = (
            rows.get((chat, row["key_id"])),
            base.account(row["remote_resource"] or chat),
        )
        if message is None or account is None:
            row.skipped("message_gone" if message is None else "no_recipient")
            continue
        delivered, read, played = (row.time(f"{name}_device_timestamp") for name in times)
        yield records.Receipt(
            **row.became(records.Receipt),
            event_id=base.found.event(f"messages/{message}"),
            account_id=account,
            delivered_at=delivered,
            read_at=read,
            played_at=played,
        )


def _page(base: Database, columns: dict[str, Values], system: set[int]) -> Page:
    chat_at = partial(_chat, base)
    chats = once_each(chat_at, columns["key_remote_jid"])
    senders = zip(chats, columns["key_from_me"], columns["remote_resource"], strict=True)
    quotes = zip(columns["q.key_id"], columns["q.key_remote_jid"], chats, strict=True)
    forwarded = [n if isinstance(n, int) and n > 0 else None for n in columns["forwarded"]]
    return Page(
        table="messages",
        row=columns["key"],
        chat=chats,
        from_me=columns["key_from_me"],
        key=whatsapp.message_keys(columns["key_id"], chats),
        sender=[
            base.account(who) if n in system else _sender(base, chat, mine, who)
            for n, (chat, mine, who) in enumerate(senders)
        ],
        kind=[
            MessageKind.SYSTEM.value
            if n in system
            else name_of("message", _number(code)) or MessageKind.UNKNOWN.value
            for n, code in enumerate(columns["media_wa_type"])
        ],
        type_raw=columns["media_wa_type"],
        text=columns["data"],
        sent=columns["timestamp"],
        received=columns["received_timestamp"],
        server=columns["receipt_server_timestamp"],
        forwarded=[n is not None for n in forwarded],
        forward_count=forwarded,
        reply_key=[
            None if k is None else whatsapp.message_key(k, (chat_at(q) if q else c).prefixes)
            for k, q, c in quotes
        ],
        reply_text=columns["q.data"],
        mentions=[list(base.accounts(m)) or None for m in columns["mentioned_jids"]],
        starred=columns["starred"],
        status=columns["status"],
    )


def _shares(
    base: Database, page: Page, columns: dict[str, Values], system: set[int]
) -> Iterator[Batch]:
    """The files among a page of messages."""
    files = zip(columns["media_wa_type"], columns["media_hash"], strict=True)
    carrying = [
        n
        for n, (code, file) in enumerate(files)
        if n not in system and (file or _number(code) in CARRIES_FILE)
    ]
    base.tally.emitted("messages (files)", records.Share, len(carrying))
    yield from shares_at(base, page, columns, _FILE, carrying)


def _event(base: Database, page: Page, columns: dict[str, Values], position: int) -> Iterator[Row]:
    """The group event behind a system message: its code stands in the column of the size."""
    chat, at, row = page.chat[position], columns["timestamp"][position], page.row[position]
    if chat.kind != records.ChatType.GROUP:
        return
    code, text = columns["media_size"][position], columns["data"][position]
    action = GroupAction(name_of("action", code) or "unknown")
    who = base.account(columns["remote_resource"][position])
    moved = action in _MOVED
    targets = base.accounts(columns["mentioned_jids"][position])
    yield base.event(
        Notice(
            locator=f"messages/{row}",
            chat=chat,
            at=base.time("messages.timestamp", at, row),
            action=action,
            action_raw=str(code),
            actor=None if moved else who,
            targets=targets or ((who,) if who and moved else ()),
            new=str(text) if action in TITLED and text is not None else None,
        )
    )


def _chat(base: Database, jid: object) -> ChatOf:
    if isinstance(jid, str) and jid:
        return chat_of(jid)
    return whatsapp.unknown_chat(base.found.item_id, jid)


def _sender(
    base: Database, chat: ChatOf, from_me: object, who: object
) -> Id[records.Account] | None:
    return base.owner if from_me == 1 else (base.account(who) or base.other_side(chat))


def _number(value: object) -> int | None:
    """A type code, which this table keeps as text."""
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        return int(value)
    return value if isinstance(value, int) else None
