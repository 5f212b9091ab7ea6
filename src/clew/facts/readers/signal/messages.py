"""Messages of Signal's Android database, in whichever tables its version keeps them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from clew import records
from clew.facts import signal
from clew.facts.database import PAGE, Join, Selection
from clew.facts.messages import Files, Page, message_batch, share_batch
from clew.facts.readers.signal import database
from clew.facts.readers.signal.attached import read_reactions, read_receipts
from clew.facts.readers.signal.database import CODES, Recipients, SignalDatabase, Threads
from clew.facts.readers.signal.groups import Update, changes
from clew.facts.source_columns import Values, said
from clew.records import MessageKind
from clew.schema import Batch, Id, Row

TABLES = ("message", "mms", "sms")
_WORDS = (
    "thread_id type msg_box from_recipient_id recipient_id address date_sent date date_received "
    "date_server body quote_id quote_author quote_body view_once remote_deleted deleted_by "
    "shared_contacts revision_number message_extras"
)
_FILE = (
    "_id content_type ct data_hash_end data_hash data_hash_start remote_digest digest data_size "
    "file_name caption width height voice_note sticker_pack_id quote data_file _data"
)
_GROUP_UPDATE = 0x10000
_NOTICES = CODES.of("event")
_VIEW_ONCE = {
    "image": MessageKind.VIEW_ONCE_IMAGE,
    "video": MessageKind.VIEW_ONCE_VIDEO,
    "audio": MessageKind.VIEW_ONCE_VOICE,
}
_PLAIN_TEXT = "text/x-signal-plain"
Columns = dict[str, Values]
File = dict[str, Any]


class Messages:
    """Reads the messages of one database."""

    def __init__(self, base: SignalDatabase, recipients: Recipients, threads: Threads) -> None:
        self._base = base
        self._recipients = recipients
        self._threads = threads
        self._table, self._owner = _files_table(base)
        self._mentioned = defaultdict[object, list[Id[records.Account]]](list)
        needs = "message_id recipient_id"
        for row in base.each("mention", needs, needs=needs, key="rowid"):
            if account := recipients.who(row["recipient_id"]):
                self._mentioned[row["message_id"]].append(account)

    def read(self) -> Iterator[Row | Batch]:
        """Every message with what hangs on it; then files, reactions and receipts."""
        for table in TABLES:
            if self._base.has(table, "_id", "thread_id"):
                yield from self._messages(table)
        yield from self._lost_files()
        yield from read_reactions(self._base, self._recipients)
        yield from read_receipts(self._base, self._recipients)
        for folded in ("mention", "poll"):
            self._base.tally.emitted(folded, records.Message, self._base.count(folded))

    def _messages(self, table: str) -> Iterator[Row | Batch]:
        base = self._base
        poll = Join(
            "poll" if table == "message" else "", "po", f"message_id = {table}._id", "question"
        )
        for columns in base.columns_of(Selection(table, _WORDS, (poll,))):
            files = self._files(columns["key"]) if table != "sms" else {}
            page = self._page(table, columns, files)
            base.tally.emitted(table, records.Message, len(page.row))
            yield message_batch(base, page)
            yield from self._events(page, columns)
            yield from self._shares(page, files)

    def _page(self, table: str, columns: Columns, files: dict[object, list[File]]) -> Page:
        rows, types = columns["key"], _first(columns, "type", "msg_box")
        dates = ("date_received", "date") if table == "sms" else ("date_received",)
        sent = columns["date_sent"] if table == "sms" else _first(columns, "date_sent", "date")
        mine = list(map(database.is_outgoing, types))
        others = _first(columns, "from_recipient_id", "recipient_id", "address")
        who = self._recipients.who
        senders = [
            self._base.owner if own else who(other) for own, other in zip(mine, others, strict=True)
        ]
        marks = list(zip(columns["remote_deleted"], columns["deleted_by"], senders, strict=True))
        quotes = zip(columns["quote_id"], columns["quote_author"], strict=True)
        texts = zip(columns["body"], columns["po.question"], types, strict=True)
        mentioned = self._mentioned if table != "sms" else {}
        return Page(
            table=table,
            row=rows,
            chat=[self._threads[thread] for thread in columns["thread_id"]],
            from_me=[int(own) for own in mine],
            key=list(map(signal.message_key, senders, sent)),
            sender=senders,
            kind=[
                MessageKind.DELETED.value
                if removed or by
                else _kind(columns, n, types[n], files.get(rows[n], ()))
                for n, (removed, by, _) in enumerate(marks)
            ],
            type_raw=types,
            text=[
                None if _has(code, _GROUP_UPDATE) else asked or body for body, asked, code in texts
            ],
            sent=sent,
            received=_first(columns, *dates),
            server=columns["date_server"],
            edited=[
                at if n else None for n, at in zip(columns["revision_number"], sent, strict=True)
            ],
            deleted_by=[
                (who(by) if by else sender) if removed or by else None
                for removed, by, sender in marks
            ],
            reply_key=[
                signal.message_key(who(author), quoted) if quoted else None
                for quoted, author in quotes
            ],
            reply_text=columns["quote_body"],
            mentions=[mentioned.get(row) for row in rows],
        )

    def _events(self, page: Page, columns: Columns) -> Iterator[Row]:
        """Group events behind the notices of a page."""
        base = self._base
        for n, code in enumerate(page.type_raw or ()):
            action = next((stated for bit, stated in _NOTICES.items() if _has(code, bit)), None)
            if action is None or page.chat[n].kind != records.ChatType.GROUP:
                continue
            update = Update(
                locator=f"{page.table}/{page.row[n]}",
                chat_id=page.chat[n].chat_id,
                at=base.time(f"{page.table}.date_sent", page.sent[n], page.row[n]),
                body=columns["body"][n],
                extras=columns["message_extras"][n],
            )
            rows = list(changes(base, update))
            if not rows:
                raw, actor = said(code) or "", page.sender[n]
                rows = [update.event(base, records.GroupAction(action), raw, actor=actor)]
            yield from rows

    def _files(self, rows: Values) -> dict[object, list[File]]:
        """Files of the messages with these row numbers, in the order in which they were sent."""
        base, table, owner = self._base, self._table, self._owner
        numbers = [row for row in rows if isinstance(row, int)]
        found = defaultdict[object, list[File]](list)
        if not table or not numbers:
            return found
        order = base.column(table, "display_order")
        select = (
            f"SELECT {owner}, {base.columns(table, _FILE)} FROM {table} WHERE {owner} BETWEEN "
            f"{min(numbers)} AND {max(numbers)} ORDER BY {owner}, {order}, _id"
        )
        there = set(rows)
        for message, *values in base.fetch(table, select):
            file = dict(zip(_FILE.split(), values, strict=True))
            if message in there and file["quote"]:
                base.tally.skipped(table, "quoted")
            elif message in there:
                found[message].append(file)
        return found

    def _shares(self, page: Page, files: dict[object, list[File]]) -> Iterator[Batch]:
        """Files of the messages of a page."""
        position = {row: n for n, row in enumerate(page.row)}
        listed = [
            (position[row], ordinal, file)
            for row, kept in files.items()
            for ordinal, file in enumerate(kept)
        ]
        if listed:
            positions, ordinals, kept = map(list, zip(*listed, strict=True))
            self._base.tally.emitted(self._table, records.Share, len(kept))
            shared = _shared(kept, ordinals)
            yield share_batch(self._base, page.some(positions), shared, self._table)

    def _lost_files(self) -> Iterator[Batch]:
        """Files whose message is gone: the record of the file is kept, and is the event."""
        base, table = self._base, self._table
        if not table:
            return
        there = [t for t in ("message", "mms") if base.has(t, "_id")]
        gone = " AND ".join(f"{self._owner} NOT IN (SELECT _id FROM {t})" for t in there) or "1"
        for columns in base.columns_of(Selection(table, _FILE, where=f"({gone})"), size=PAGE // 10):
            rows = columns["key"]
            files = [
                dict(zip(columns, r, strict=True)) for r in zip(*columns.values(), strict=True)
            ]
            nothing: list[Any] = [None] * len(rows)
            base.tally.emitted(table, records.Share, len(rows))
            page = Page(
                table=table, row=rows, chat=[self._threads[None]] * len(rows),
                sender=nothing, kind=nothing, text=nothing, sent=nothing,
            )  # fmt: skip
            yield share_batch(base, page, _shared(files), table)


def _kind(columns: Columns, n: int, code: object, files: Sequence[File]) -> str:
    """Kind of a message: by its code or, of those with a text, by what they carry."""
    if any(_has(code, bit) for bit in _NOTICES):
        return MessageKind.SYSTEM.value
    kind = CODES.meaning("base", database.base_of(code)) or MessageKind.UNKNOWN.value
    if kind != MessageKind.TEXT.value:
        return kind
    file = min(files, key=lambda one: one["_id"], default=None)
    media_type = str(_media_type(file) or "") if file else ""
    media = media_type.partition("/")[0]
    if columns["view_once"][n] == 1:
        return str(_VIEW_ONCE.get(media, MessageKind.VIEW_ONCE_IMAGE))
    if columns["po.question"][n]:
        return MessageKind.POLL.value
    if (columns["shared_contacts"][n] or "[]") != "[]":
        return MessageKind.CONTACT.value
    return _of_file(file, media_type) if file and media else kind


def of_media(media_type: str) -> str:
    """Kind of a message by the content type of its file."""
    media = media_type.partition("/")[0]
    return media if media in _VIEW_ONCE else MessageKind.DOCUMENT.value


def _of_file(file: File, media_type: str) -> str:
    if file["sticker_pack_id"]:
        return MessageKind.STICKER.value
    if file["voice_note"] == 1:
        return MessageKind.VOICE.value
    return MessageKind.TEXT.value if media_type == _PLAIN_TEXT else of_media(media_type)


def _media_type(file: File) -> object:
    return file["ct"] if file["content_type"] is None else file["content_type"]


def _files_table(base: SignalDatabase) -> tuple[str, str]:
    """Table of files in this version, and its column of the message."""
    if base.has("attachment", "_id", "message_id"):
        return "attachment", "message_id"
    return ("part", "mid") if base.has("part", "_id", "mid") else ("", "")


def _shared(kept: list[File], ordinals: list[int] | int = 0) -> Files:
    """Files as a share is made of them."""
    columns: Columns = {name: [file[name] for file in kept] for name in _FILE.split()}
    return Files(
        sha256=_first(columns, "data_hash_end", "data_hash"),
        enc_sha256=_first(columns, "remote_digest", "digest"),
        original_sha256=columns["data_hash_start"],
        media_type=list(map(_media_type, kept)),
        size=columns["data_size"],
        name=columns["file_name"],
        path=_first(columns, "data_file", "_data"),
        caption=columns["caption"],
        width=columns["width"],
        height=columns["height"],
        ordinal=ordinals,
    )


def _first(columns: Columns, *names: str) -> list[Any]:
    """The first value of several columns that is there, row by row."""
    rows = zip(*(columns[name] for name in names), strict=True)
    return [next((value for value in row if value is not None), None) for row in rows]


def _has(code: object, bit: int) -> bool:
    return isinstance(code, int) and bool(code & bit)
