"""Messages and shared files, as columns: the same for every generation of the schema."""

from __future__ import annotations

import binascii
import hashlib
from collections.abc import Callable, Iterator, Mapping

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
    prefixes: tuple[str, str] = ("", "")
    """What stands before a message's id in its key."""


class Conversations(dict[object, ChatOf]):
    """Conversations by row; a message whose conversation is gone is kept under a name."""

    def __init__(self, unknown: Callable[[object], ChatOf]) -> None:
        super().__init__()
        self._unknown = unknown

    def __missing__(self, row: object) -> ChatOf:
        self[row] = self._unknown(row)
        return self[row]


class Page(msgspec.Struct, kw_only=True):
    """Some thousand messages as columns, whatever the schema they came from.

    A column is None where the source has none.
    """

    table: str
    """Table they stand in."""
    row: Values
    chat: list[ChatOf]
    from_me: Values | None = None
    key: list[str | None] | None = None
    """Key that every device of the conversation gives the same message."""
    sender: list[Id[records.Account] | None]
    """Account, or None; the holder's own where the message is from the device."""
    kind: list[str]
    type_raw: Values | None = None
    text: Values
    sent: Values
    received: Values | None = None
    server: Values | None = None
    edited: Values | None = None
    deleted: Values | None = None
    deleted_by: list[Id[records.Account] | None] | None = None
    forwarded: list[bool | None] | None = None
    forward_count: Values | None = None
    reply_key: list[str | None] | None = None
    reply_text: Values | None = None
    mentions: Values | None = None
    starred: Values | None = None
    status: Values | None = None
    precision: records.TimePrecision = records.TimePrecision.MILLISECOND

    def some(self, positions: list[int]) -> Page:
        """The messages at these positions."""
        columns = msgspec.structs.asdict(self).items()
        taken = {
            name: [column[n] for n in positions]
            for name, column in columns
            if isinstance(column, list | tuple)
        }
        return msgspec.structs.replace(self, **taken)


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
    sent = base.times(f"{table}.timestamp", page.sent, at)
    mine = pc.equal(base.ints(f"{table}.from_me", page.from_me, at), 1)
    kinds = pa.array(page.kind, pa.string())
    system = pc.equal(kinds, records.MessageKind.SYSTEM.value)
    return batch(
        records.Message,
        length,
        **base.at(locators),
        event_id=ids,
        message_key=page.key,
        chat_id=[chat.chat_id for chat in page.chat],
        sender_account_id=page.sender,
        from_owner=pc.if_else(system, pa.scalar(None, pa.bool_()), mine),
        kind=kinds,
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
        deleted_by=page.deleted_by,
        is_forwarded=page.forwarded,
        forward_count=base.ints(f"{table}.forward_score", page.forward_count, at),
        reply_to_key=page.reply_key,
        reply_text=replies,
        mentions=page.mentions,
        urls=text.links_column(texts),
        starred=pc.equal(base.ints(f"{table}.starred", page.starred, at), 1),
        status_raw=base.ints(f"{table}.status", page.status, at).cast(pa.string()),
        state="live",
    )


def _codes(values: Values | None) -> pa.Array | None:
    """Codes as text, whatever they are."""
    if values is None:
        return None
    try:
        return pa.array(values, pa.int64()).cast(pa.string())
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
        return pa.array([None if v is None else str(v) for v in values], pa.string())


def shares_at(
    base: Readout, page: Page, columns: Mapping[str, Values], names: Mapping[str, str],
    positions: list[int],
) -> Iterator[Batch]:  # fmt: skip
    """Files of the messages at these positions, if any; ``names`` of their columns by field."""
    if positions:
        taken = {part: [columns[name][n] for n in positions] for part, name in names.items()}
        yield share_batch(base, page.some(positions), Files(**taken))


class Files(msgspec.Struct, kw_only=True):
    """Files that messages carry, as columns; None where the source has no such column."""

    sha256: Values | None = None
    """Hash in base64 or as bytes, as the next two."""
    enc_sha256: Values | None = None
    original_sha256: Values | None = None
    media_type: Values | None = None
    size: Values | None = None
    length: Values | None = None
    """Size, where it stands in another column."""
    name: Values | None = None
    path: Values | None = None
    caption: Values | None = None
    width: Values | None = None
    height: Values | None = None
    seconds: Values | None = None
    ordinal: list[int] | int = 0
    """Rank among the files of one message."""


def share_batch(base: Readout, page: Page, files: Files, table: str = "message_media") -> Batch:
    """A page of shared files of ``table``, each with the message that carried it."""
    at = page.row
    locators, ids = events(base, page.table, at)
    hashes = _hashes(files.sha256, len(at))
    paths = base.texts(f"{table}.file_path", files.path, at)
    names = base.texts(f"{table}.media_name", files.name, at)
    basis = pa.scalar(records.HashBasis.APP_DATABASE.value)
    captions = base.texts(f"{table}.media_caption", files.caption, at)
    texts = base.texts(f"{page.table}.text", page.text, at)
    return batch(
        records.Share,
        len(at),
        **base.at(locators),
        event_id=ids,
        ordinal=files.ordinal,
        message_key=page.key,
        chat_id=[chat.chat_id for chat in page.chat],
        sender_account_id=page.sender,
        sent_at=base.times(f"{page.table}.timestamp", page.sent, at),
        is_forwarded=page.forwarded,
        forward_count=base.ints(f"{page.table}.forward_score", page.forward_count, at),
        sha256=hashes,
        hash_basis=pc.if_else(pc.is_valid(hashes), basis, pa.scalar(None, pa.string())),
        enc_sha256=_hashes(files.enc_sha256, len(at)),
        original_sha256=_hashes(files.original_sha256, len(at)),
        media_type=base.texts(f"{table}.mime_type", files.media_type, at),
        size=pc.coalesce(
            base.ints(f"{table}.file_size", files.size, at),
            base.ints(f"{table}.file_length", files.length, at),
        ),
        name=pc.coalesce(names, pc.replace_substring_regex(paths, "^.*/", "")),
        path_stated=paths,
        state=records.ShareState.ABSENT.value,
        caption=pc.coalesce(captions, texts),
        width=base.ints(f"{table}.width", files.width, at),
        height=base.ints(f"{table}.height", files.height, at),
        duration_ms=pc.multiply(base.ints(f"{table}.media_duration", files.seconds, at), 1000),
        record_state="live",
    )


def _hashes(stored: Values | None, rows: int) -> pa.Array:
    hashes = [None] * rows if stored is None else map(sha256_hex, stored)
    return pa.array(hashes, pa.string())


def sha256_hex(stored: object) -> str | None:
    """SHA-256 in hexadecimal from base64 or bytes, as messengers keep it; None where it is none."""
    if isinstance(stored, str) and len(stored) == _SHA256_IN_BASE64:
        try:
            stored = binascii.a2b_base64(stored, strict_mode=True)
        except ValueError:
            return None
    if isinstance(stored, bytes) and len(stored) == hashlib.sha256().digest_size:
        return stored.hex()
    return None
