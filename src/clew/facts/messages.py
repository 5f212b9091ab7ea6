"""Messages and shared files, as columns: the same for every generation of the schema."""

from __future__ import annotations

import binascii
import hashlib
from collections.abc import Sequence
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from clew import records
from clew.facts import text
from clew.facts.source_columns import Readout, Values
from clew.schema import Batch, Id, batch

_SHA256_IN_BASE64 = 44


class ChatOf(msgspec.Struct, frozen=True):
    """A conversation as messages need it."""

    chat_id: Id[records.Chat]
    kind: records.ChatType
    prefixes: tuple[str, str]
    """What stands before a message's id in its key."""


class Page(msgspec.Struct, kw_only=True):
    """Some thousand messages as columns, whatever the schema they came from."""

    table: str
    """Table they stand in."""
    row: Values
    chat: list[ChatOf]
    from_me: Values
    key: Sequence[str | None]
    """Key that every device of the conversation gives the same message."""
    sender: list[Id[records.Account] | None]
    """Account, or None; the holder's own where the message is from the device."""
    kind: list[str]
    type_raw: Values
    text: Values
    sent: Values
    received: Values
    server: Values
    edited: Values
    deleted: Values
    deleted_by: list[Id[records.Account] | None]
    forwarded: list[bool | None]
    forward_count: Values
    reply_key: list[str | None]
    reply_text: Values
    mentions: list[list[str] | None]
    starred: Values
    status: Values
    precision: records.TimePrecision = records.TimePrecision.MILLISECOND

    def some(self, places: list[int]) -> Page:
        """The messages at these places."""
        taken = {
            name: [column[n] for n in places]
            for name in self.__struct_fields__
            if not isinstance(column := getattr(self, name), str)  # one value for all
        }
        return Page(table=self.table, precision=self.precision, **taken)


def events(base: Readout, table: str, rows: Values) -> tuple[pa.Array, pa.Array]:
    """Locators and event ids of rows."""
    locators = pc.binary_join_element_wise(table, pa.array(rows).cast(pa.string()), "/")
    ids = pc.binary_join_element_wise(base.found.item_id, locators, "#")
    return locators, ids


def message_batch(base: Readout, page: Page) -> Batch:
    """A page of messages."""
    at, length = page.row, len(page.row)
    table = page.table
    locators, ids = events(base, table, page.row)
    texts = base.texts(f"{table}.text", page.text, at)
    replies = base.texts(f"{table}.quoted", page.reply_text, at)
    chats = pa.array([chat.chat_id for chat in page.chat], pa.string())
    sent = base.times(f"{table}.timestamp", page.sent, at)
    mine = pc.equal(base.ints(f"{table}.from_me", page.from_me, at), 1)
    senders = pa.array(page.sender, pa.string())
    system = pc.equal(pa.array(page.kind, pa.string()), records.MessageKind.SYSTEM.value)
    return batch(
        records.Message,
        length,
        **base.at(locators),
        event_id=ids,
        message_key=pa.array(page.key, pa.string()),
        chat_id=chats,
        sender_account_id=senders,
        from_owner=pc.if_else(system, pa.scalar(None, pa.bool_()), mine),
        kind=pa.array(page.kind, pa.string()),
        type_raw=_codes(page.type_raw),
        text=texts,
        text_normal=text.normal_column(texts),
        sent_at=sent,
        ts_precision=page.precision.value,
        tz_basis=records.TimeBasis.UTC.value,
        received_at=base.times(f"{table}.received_timestamp", page.received, at),
        server_at=base.times(f"{table}.receipt_server_timestamp", page.server, at),
        edited_at=base.times(f"{table}.edited_timestamp", page.edited, at),
        deleted_at=base.times(f"{table}.revoke_timestamp", page.deleted, at),
        deleted_by=pa.array(page.deleted_by, pa.string()),
        is_forwarded=pa.array(page.forwarded, pa.bool_()),
        forward_count=base.ints(f"{table}.forward_score", page.forward_count, at),
        reply_to_key=pa.array(page.reply_key, pa.string()),
        reply_text=replies,
        mentions=pa.array(page.mentions, pa.list_(pa.string())),
        urls=text.links_column(texts),
        starred=pc.equal(base.ints(f"{table}.starred", page.starred, at), 1),
        status_raw=base.ints(f"{table}.status", page.status, at).cast(pa.string()),
        state="live",
    )


def _codes(values: Values) -> pa.Array:
    """Codes as text, whatever they are."""
    try:
        return pa.array(values, pa.int64()).cast(pa.string())
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
        return pa.array([None if v is None else str(v) for v in values], pa.string())


def share_batch(
    base: Readout, page: Page, media: dict[str, Values], held_in: str = "message_media"
) -> Batch:
    """A page of shared files, each with the message that carried it.

    ``media`` has the columns of the file by the names of ``MEDIA``; they stand in ``held_in``.
    """
    at, table = page.row, page.table
    locators, ids = events(base, table, page.row)
    hashes = pa.array(map(sha256_hex, media["file_hash"]), pa.string())
    paths = base.texts(f"{held_in}.file_path", media["file_path"], at)
    names = base.texts(f"{held_in}.media_name", media["media_name"], at)
    basis = pa.scalar(records.HashBasis.APP_DATABASE.value)
    size = pc.coalesce(
        base.ints(f"{held_in}.file_size", media["file_size"], at),
        base.ints(f"{held_in}.file_length", media["file_length"], at),
    )
    seconds = base.ints(f"{held_in}.media_duration", media["media_duration"], at)
    captions = base.texts(f"{held_in}.media_caption", media["media_caption"], at)
    return batch(
        records.Share,
        len(page.row),
        **base.at(locators),
        event_id=ids,
        ordinal=0,
        message_key=pa.array(page.key, pa.string()),
        chat_id=pa.array([chat.chat_id for chat in page.chat], pa.string()),
        sender_account_id=pa.array(page.sender, pa.string()),
        sent_at=base.times(f"{table}.timestamp", page.sent, at),
        is_forwarded=pa.array(page.forwarded, pa.bool_()),
        forward_count=base.ints(f"{table}.forward_score", page.forward_count, at),
        sha256=hashes,
        hash_basis=pc.if_else(pc.is_valid(hashes), basis, pa.scalar(None, pa.string())),
        enc_sha256=pa.array(map(sha256_hex, media["enc_file_hash"]), pa.string()),
        original_sha256=pa.array(map(sha256_hex, media["original_file_hash"]), pa.string()),
        media_type=base.texts(f"{held_in}.mime_type", media["mime_type"], at),
        size=size,
        name=pc.coalesce(names, pc.replace_substring_regex(paths, "^.*/", "")),
        path_stated=paths,
        state=records.ShareState.ABSENT.value,
        caption=pc.coalesce(captions, base.texts(f"{table}.text", page.text, at)),
        width=base.ints(f"{held_in}.width", media["width"], at),
        height=base.ints(f"{held_in}.height", media["height"], at),
        duration_ms=pc.multiply(seconds, 1000),
        record_state="live",
    )


MEDIA = (
    "file_hash enc_file_hash original_file_hash mime_type file_size file_length media_name "
    "file_path media_caption width height media_duration"
)
"""Columns of modern ``message_media`` that a share is made of."""


def media_of(columns: Sequence[Values]) -> dict[str, Any]:
    """The columns of a file by their names."""
    return dict(zip(MEDIA.split(), columns, strict=True))


def sha256_hex(text: object) -> str | None:
    """SHA-256 in hexadecimal from base64 or bytes, as messengers keep it; None where it is none."""
    if isinstance(text, bytes) and len(text) == hashlib.sha256().digest_size:
        return text.hex()
    if not isinstance(text, str) or len(text) != _SHA256_IN_BASE64:
        return None
    try:
        raw = binascii.a2b_base64(text, strict_mode=True)
    except (binascii.Error, ValueError):
        return None
    return raw.hex()
