"""Databases before 2021: ``messages`` holds everything in one row; people stand as addresses."""

from collections.abc import Iterator

from clew import records
from clew.facts import whatsapp
from clew.facts.messages import (
    ChatOf,
    Page,
    message_batch,
    share_batch,
)
from clew.facts.readers.whatsapp_android.database import CARRIES_FILE, Database, Values, name_of
from clew.facts.whatsapp import chat_of
from clew.schema import Batch, Id, Row

PLACEHOLDER = "key_remote_jid = '-1'"
_SYSTEM_STATUS = 6
_COLUMNS = (
    "key_remote_jid key_from_me key_id status data timestamp received_timestamp "
    "receipt_server_timestamp media_wa_type media_size remote_resource starred forwarded "
    "mentioned_jids media_hash media_enc_hash media_mime_type media_name media_caption "
    "media_duration"
)


def holds_messages(base: Database) -> bool:
    """Whether the old table holds messages: its content decides, not that it is there."""
    return base.has("messages", "_id", "key_remote_jid", "key_id") and bool(
        base.count("messages", f"NOT ({PLACEHOLDER})")
    )


def read_messages(base: Database) -> Iterator[Row | Batch]:
    """Every message, file and group event of ``messages``."""
    base.tally.skipped("messages", "placeholder", base.count("messages", PLACEHOLDER))
    chats: dict[object, ChatOf] = {}
    for columns in base.pages("messages", _select(base), "m._id"):
        page, system, files = _page(base, columns, chats)
        base.tally.emitted("messages", records.Message, len(page.row))
        yield message_batch(base, page)
        if files:
            yield _shares(base, page, columns, files)
        for place in system:
            yield from _event(base, page, columns, place)
    base.tally.emitted("messages_quotes", records.Message, base.count("messages_quotes"))


def read_receipts(base: Database) -> Iterator[Row]:
    """Receipts by address and message id."""
    needs = "key_remote_jid key_id"
    rows = {}
    if base.count("receipts"):
        mine = "SELECT _id, key_remote_jid, key_id FROM messages WHERE key_from_me = 1"
        rows = {(chat, key): row for row, chat, key in base.rows("messages", mine, "_id")}
    wanted = (
        "key_remote_jid key_id remote_resource receipt_device_timestamp read_device_timestamp "
        "played_device_timestamp"
    )
    for row, chat, key, who, delivered, read, played in base.each("receipts", wanted, needs=needs):
        message, account = rows.get((chat, key)), base.account(who or chat)
        if message is None or account is None:
            reason = "message_gone" if message is None else "no_recipient"
            base.tally.skipped("receipts", reason)
            continue
        base.tally.emitted("receipts", records.Receipt)
        yield records.Receipt(
            **base.at(f"receipts/{row}"),
            event_id=base.found.event(f"messages/{message}"),
            account_id=account,
            delivered_at=base.time("receipts.receipt_device_timestamp", delivered, row),
            read_at=base.time("receipts.read_device_timestamp", read, row),
            played_at=base.time("receipts.played_device_timestamp", played, row),
        )


def _select(base: Database) -> str:
    quoted = "NULL, NULL, NULL"
    join = ""
    if base.has("messages_quotes", "_id") and base.has("messages", "quoted_row_id"):
        quoted = base.columns("messages_quotes", "key_id key_remote_jid data", "q")
        join = "LEFT JOIN messages_quotes AS q ON q._id = m.quoted_row_id"
    return (
        f"SELECT m._id, {base.columns('messages', _COLUMNS, 'm')}, {quoted} "
        f"FROM messages AS m {join} WHERE NOT (m.{PLACEHOLDER})"
    )


def _page(
    base: Database, columns: list[Values], chats: dict[object, ChatOf]
) -> tuple[Page, list[int], list[int]]:
    """A page, and the places in it of system messages and of messages that carry a file."""
    (
        row, jid, from_me, key, status, data, sent, received, server, wa_type, _, who, starred,
        forwarded, mentioned, media_hash, *_, quoted_key, quoted_chat, quoted_text,
    ) = columns  # fmt: skip
    for address in set(jid) - set(chats):
        chats[address] = _chat(base, address)
    held = [chats[j] for j in jid]
    types = [_number(t) for t in wa_type]
    system = [n for n, s in enumerate(status) if s == _SYSTEM_STATUS]
    is_system = set(system)
    page = Page(
        table="messages",
        row=row,
        chat=held,
        from_me=from_me,
        key=whatsapp.message_keys(key, held),
        sender=[
            base.account(w) if n in is_system else _sender(base, c, m, w)
            for n, (c, m, w) in enumerate(zip(held, from_me, who, strict=True))
        ],
        kind=[
            records.MessageKind.SYSTEM.value
            if n in is_system
            else name_of("message", t) or records.MessageKind.UNKNOWN.value
            for n, t in enumerate(types)
        ],
        type_raw=wa_type,
        text=data,
        sent=sent,
        received=received,
        server=server,
        edited=[None] * len(row),
        deleted=[None] * len(row),
        deleted_by=[None] * len(row),
        forwarded=[isinstance(n, int) and n > 0 for n in forwarded],
        forward_count=[n if isinstance(n, int) and n > 0 else None for n in forwarded],
        reply_key=[
            None if k is None else whatsapp.message_key(k, (_chat(base, q) if q else c).prefixes)
            for k, q, c in zip(quoted_key, quoted_chat, held, strict=True)
        ],
        reply_text=quoted_text,
        mentions=[_mentions(base, m) for m in mentioned],
        starred=starred,
        status=status,
    )
    files = [
        n
        for n, (t, h) in enumerate(zip(types, media_hash, strict=True))
        if n not in is_system and (h or t in CARRIES_FILE)
    ]
    return page, system, files


def _shares(base: Database, page: Page, columns: list[Values], places: list[int]) -> Batch:
    """The files among a page of messages."""
    *_, hashes, enc, mime, name, caption, seconds, _, _, _ = columns
    size = columns[10]
    base.tally.emitted("messages (files)", records.Share, len(places))
    empty = [None] * len(places)

    def taken(values: Values) -> Values:
        return [values[n] for n in places]

    media = {
        "file_hash": taken(hashes), "enc_file_hash": taken(enc), "original_file_hash": empty,
        "mime_type": taken(mime), "file_size": taken(size), "file_length": empty,
        "media_name": taken(name), "file_path": empty, "media_caption": taken(caption),
        "width": empty, "height": empty, "media_duration": taken(seconds),
    }  # fmt: skip
    return share_batch(base, page.some(places), media)


def _event(base: Database, page: Page, columns: list[Values], place: int) -> Iterator[Row]:
    """The group event behind a system message: its code stands in the column of the size."""
    if page.chat[place].kind != records.ChatType.GROUP:
        return
    code = columns[10][place]
    action = records.GroupAction(name_of("action", code) or "unknown")
    who = page.sender[place]
    titled = action in (records.GroupAction.SUBJECT_CHANGED, records.GroupAction.CREATED)
    text = page.text[place]
    locator = f"messages/{page.row[place]}"
    moved = action in (
        records.GroupAction.ADDED,
        records.GroupAction.REMOVED,
        records.GroupAction.PROMOTED,
    )
    targets = _mentions(base, columns[14][place]) or ([who] if who and moved else [])
    yield records.GroupEvent(
        **base.at(locator),
        event_id=base.found.event(locator),
        chat_id=page.chat[place].chat_id,
        at=base.time("messages.timestamp", page.sent[place], page.row[place]),
        action=action,
        action_raw=str(code),
        actor=None if moved else who,
        targets=tuple(Id(one) for one in targets),
        new_value=str(text) if titled and text is not None else None,
        certainty=records.Certainty.STATED,
    )


def _chat(base: Database, jid: object) -> ChatOf:
    if isinstance(jid, str) and jid:
        return chat_of(jid)
    name: Id[records.Chat] = Id(f"whatsapp:unknown-chat:{base.found.item_id}:{jid}")
    return ChatOf(
        name, records.ChatType.UNKNOWN, whatsapp.key_prefixes(name, records.ChatType.UNKNOWN)
    )


def _sender(
    base: Database, chat: ChatOf, from_me: object, who: object
) -> Id[records.Account] | None:
    if from_me == 1:
        return base.owner
    if account := base.account(who):
        return account
    other = chat.kind == records.ChatType.ONE_TO_ONE
    return base.account(chat.chat_id.partition(":")[2]) if other else None


def _mentions(base: Database, jids: object) -> list[str] | None:
    if not isinstance(jids, str):
        return None
    return [a for j in jids.split(",") if (a := base.account(j.strip()))] or None


def _number(value: object) -> int | None:
    """A type code, which this table keeps as text."""
    if isinstance(value, str) and value.lstrip("-").isdigit():
        return int(value)
    return value if isinstance(value, int) else None
