"""Messages of Signal's Android database, in whichever tables its version keeps them."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pyarrow as pa

from clew import records
from clew.facts.database import Values, said
from clew.facts.messages import ChatOf, Page, media_of, message_batch, share_batch
from clew.facts.readers.signal import ids
from clew.facts.readers.signal.attached import read_reactions, read_receipts
from clew.facts.readers.signal.database import (
    BASE,
    BASE_MASK,
    EVENTS,
    MEDIA,
    OUTGOING,
    Recipients,
    SignalDatabase,
    Threads,
)
from clew.facts.readers.signal.groups import Update, changes
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
_VIEW_ONCE = {
    "image": records.MessageKind.VIEW_ONCE_IMAGE,
    "video": records.MessageKind.VIEW_ONCE_VIDEO,
    "audio": records.MessageKind.VIEW_ONCE_VOICE,
}


class Columns(msgspec.Struct):
    """A page of a table of messages, column by column."""

    row: Values
    held: dict[str, Values]

    def of(self, *names: str) -> list[Any]:
        """The first value of several columns that is there, row by row."""
        columns = [self.held[n] for n in names]
        return [next((v for v in row if v is not None), None) for row in zip(*columns, strict=True)]


class Messages:
    """Reads the messages of one database."""

    def __init__(self, base: SignalDatabase, recipients: Recipients, threads: Threads) -> None:
        self._base = base
        self._recipients = recipients
        self._threads = threads
        self._files = _files_table(base)

    def read(self) -> Iterator[Row | Batch]:
        """Every message with what hangs on it; then files, reactions and receipts."""
        for table in TABLES:
            if self._base.has(table, "_id", "thread_id"):
                yield from self._table(table)
        yield from self._lost_files()
        yield from read_reactions(self._base, self._recipients)
        yield from read_receipts(self._base, self._recipients)

    def _table(self, table: str) -> Iterator[Row | Batch]:
        base = self._base
        for columns in base.pages(table, self._select(table), "m._id"):
            held = dict(zip([*_WORDS.split(), "who", "kind", "voice", "sticker", "asked"],
                            columns[1:], strict=True))  # fmt: skip
            found = Columns(columns[0], held)
            page = self._page(table, found)
            base.tally.emitted(table, records.Message, len(page.row))
            yield message_batch(base, page)
            yield from self._events(page, found)
            if table != "sms":
                yield from self._shares(page)

    def _select(self, table: str) -> str:
        """The one SELECT over messages: mentions, the kind of the first file, a poll's question."""
        base = self._base
        files, owner = self._files
        first, mentions, poll = "NULL, NULL, NULL", "NULL", "NULL"
        joins: list[str] = []
        if files and table != "sms":
            kind = "content_type" if base.has(files, "content_type") else "ct"
            first = "f.kind, f.voice, f.sticker"
            listed = (
                f"{base.column(files, kind)} AS kind, {base.column(files, 'voice_note')} AS voice, "
                f"{base.column(files, 'sticker_pack_id')} AS sticker"
            )
            own = "WHERE quote = 0 OR quote IS NULL" if base.has(files, "quote") else ""
            joins.append(
                f"LEFT JOIN (SELECT {owner} AS of_message, min(_id), {listed} FROM {files} {own} "
                f"GROUP BY {owner}) AS f ON f.of_message = m._id"
            )
        if table != "sms" and base.has("mention", "message_id", "recipient_id"):
            mentions = "mn.who"
            joins.append(
                "LEFT JOIN (SELECT message_id, group_concat(recipient_id) AS who FROM mention "
                "GROUP BY message_id) AS mn ON mn.message_id = m._id"
            )
        if table == "message" and base.has("poll", "message_id", "question"):
            poll = "po.question"
            joins.append(
                "LEFT JOIN (SELECT message_id, min(_id), question FROM poll GROUP BY message_id) "
                "AS po ON po.message_id = m._id"
            )
        words = base.columns(table, _WORDS, "m")
        fields = f"{words}, {mentions}, {first}, {poll}"
        return f"SELECT m._id, {fields} FROM {table} AS m {' '.join(joins)}"

    def _page(self, table: str, found: Columns) -> Page:
        types = found.of("type", "msg_box")
        received = (
            found.of("date_received", "date") if table == "sms" else found.held["date_received"]
        )
        sent = found.held["date_sent"] if table == "sms" else found.of("date_sent", "date")
        chats = [self._threads[t] for t in found.held["thread_id"]]
        mine = [_base(t) in OUTGOING for t in types]
        senders = self._senders(found, mine)
        marks = zip(found.held["remote_deleted"], found.held["deleted_by"], strict=True)
        gone = [bool(removed) or bool(by) for removed, by in marks]
        deleters = zip(found.held["deleted_by"], gone, senders, strict=True)
        edited = zip(found.held["revision_number"], sent, strict=True)
        quotes = zip(found.held["quote_id"], found.held["quote_author"], strict=True)
        texts = zip(found.held["body"], found.held["asked"], types, strict=True)
        return Page(
            table=table,
            row=found.row,
            chat=chats,
            from_me=[int(m) for m in mine],
            key=[ids.message_key(s, at) for s, at in zip(senders, sent, strict=True)],
            sender=senders,
            kind=[
                records.MessageKind.DELETED.value if out else self._kind(found, place, types[place])
                for place, out in enumerate(gone)
            ],
            type_raw=types,
            text=[None if _has(t, _GROUP_UPDATE) else (asked or body) for body, asked, t in texts],
            sent=sent,
            received=received,
            server=found.held["date_server"],
            edited=[at if n else None for n, at in edited],
            deleted=[None] * len(gone),
            deleted_by=[
                (self._recipients.who(by) if by else sender) if out else None
                for by, out, sender in deleters
            ],
            forwarded=[None] * len(gone),
            forward_count=[None] * len(gone),
            reply_key=[
                ids.message_key(self._recipients.who(author), quoted) if quoted else None
                for quoted, author in quotes
            ],
            reply_text=found.held["quote_body"],
            mentions=[self._mentioned(who) for who in found.held["who"]],
            starred=[None] * len(gone),
            status=[None] * len(gone),
        )

    def _senders(self, found: Columns, mine: list[bool]) -> list[Id[records.Account] | None]:
        """Senders: on record since 2023; before, the holder or the other one."""
        known = found.held["from_recipient_id"]
        others = found.of("recipient_id", "address")
        senders: list[Id[records.Account] | None] = []
        for sent_here, sender, other in zip(mine, known, others, strict=True):
            if sent_here:
                senders.append(self._base.owner)
            else:
                senders.append(self._recipients.who(other if sender is None else sender))
        return senders

    def _kind(self, found: Columns, place: int, code: object) -> str:
        if any(_has(code, bit) for bit in EVENTS):
            return records.MessageKind.SYSTEM.value
        kind = BASE.get(_base(code), records.MessageKind.UNKNOWN.value)
        if kind != records.MessageKind.TEXT.value:
            return kind
        media = str(found.held["kind"][place] or "").partition("/")[0]
        if found.held["view_once"][place] == 1:
            return str(_VIEW_ONCE.get(media, records.MessageKind.VIEW_ONCE_IMAGE))
        if found.held["asked"][place]:
            return records.MessageKind.POLL.value
        cards = found.held["shared_contacts"][place]
        if cards and cards != "[]":
            return records.MessageKind.CONTACT.value
        return self._of_file(found, place, media) if media else kind

    def _of_file(self, found: Columns, place: int, media: str) -> str:
        if found.held["sticker"][place]:
            return records.MessageKind.STICKER.value
        if found.held["voice"][place] == 1:
            return records.MessageKind.VOICE.value
        if found.held["kind"][place] == "text/x-signal-plain":
            return records.MessageKind.TEXT.value
        return MEDIA.get(media, records.MessageKind.DOCUMENT.value)

    def _mentioned(self, rows: object) -> list[str] | None:
        found = [self._recipients.who(int(r)) for r in str(rows or "").split(",") if r.isdigit()]
        return [account for account in found if account] or None

    def _events(self, page: Page, found: Columns) -> Iterator[Row]:
        """Group events behind the notices of a page."""
        base = self._base
        for place, code in enumerate(page.type_raw):
            bit = next((b for b in EVENTS if _has(code, b)), None)
            if bit is None or page.chat[place].kind != records.ChatType.GROUP:
                continue
            locator = f"{page.table}/{page.row[place]}"
            update = Update(
                locator=locator,
                chat_id=page.chat[place].chat_id,
                at=base.time(f"{page.table}.date_sent", page.sent[place], page.row[place]),
                body=found.held["body"][place],
                extras=found.held["message_extras"][place],
            )
            rows = list(changes(base, update))
            yield from rows
            if not rows:
                yield records.GroupEvent(
                    **base.at(locator),
                    event_id=base.found.event(locator),
                    chat_id=update.chat_id,
                    at=update.at,
                    action=records.GroupAction(EVENTS[bit]),
                    action_raw=said(code) or "",
                    actor=page.sender[place],
                    certainty=records.Certainty.STATED,
                )

    def _shares(self, page: Page) -> Iterator[Batch]:
        """Files of the messages of a page, in the order in which they were sent."""
        base = self._base
        table, owner = self._files
        rows = [row for row in page.row if isinstance(row, int)]
        if not table or not rows:
            return
        fields = base.columns(table, _FILE)
        order = base.column(table, "display_order")
        select = (
            f"SELECT {owner}, {fields} FROM {table} WHERE {owner} BETWEEN {min(rows)} AND "
            f"{max(rows)} ORDER BY {owner}, {order}, _id"
        )
        places = {row: place for place, row in enumerate(page.row)}
        kept: list[tuple[int, int, dict[str, Any]]] = []
        ordinals: dict[int, int] = {}
        for of_message, *values in base.fetch(table, select):
            held = dict(zip(_FILE.split(), values, strict=True))
            place = places.get(of_message)
            if place is None:
                continue
            if held["quote"]:
                base.tally.skipped(table, "quoted")
                continue
            ordinals[place] = ordinals.get(place, -1) + 1
            kept.append((place, ordinals[place], held))
        if kept:
            base.tally.emitted(table, records.Share, len(kept))
            shared = share_batch(base, page.some([k[0] for k in kept]), _shared(kept), table)
            yield _ordered(shared, [k[1] for k in kept])

    def _lost_files(self) -> Iterator[Batch]:
        """Files whose message is gone: the record of the file is kept, and is the event."""
        base = self._base
        table, owner = self._files
        if not table:
            return
        there = [t for t in ("message", "mms") if base.has(t, "_id")]
        gone = " AND ".join(f"{owner} NOT IN (SELECT _id FROM {t})" for t in there) or "1"
        select = f"SELECT _id AS n, {base.columns(table, _FILE)} FROM {table} WHERE ({gone})"
        for columns in base.pages(table, select, "n", size=2_000):
            rows = [
                dict(zip(_FILE.split(), r, strict=True)) for r in zip(*columns[1:], strict=True)
            ]
            base.tally.emitted(table, records.Share, len(rows))
            page = _nameless(table, columns[0], self._threads[None])
            yield share_batch(base, page, _shared([(0, 0, row) for row in rows]), table)


def count_folded(base: SignalDatabase) -> None:
    """Account for what became part of a message."""
    for table in ("mention", "poll"):
        base.tally.emitted(table, records.Message, base.count(table))


def _files_table(base: SignalDatabase) -> tuple[str, str]:
    """Table of files in this version, and its column of the message."""
    if base.has("attachment", "_id", "message_id"):
        return "attachment", "message_id"
    return ("part", "mid") if base.has("part", "_id", "mid") else ("", "")


def _shared(kept: list[tuple[int, int, dict[str, Any]]]) -> dict[str, Values]:
    """The columns of files by the names that a share is made of."""
    rows = [k[2] for k in kept]

    def column(*names: str) -> Values:
        return [next((r[n] for n in names if r[n] is not None), None) for r in rows]

    empty: Values = [None] * len(rows)
    return media_of(
        (
            column("data_hash_end", "data_hash"), column("remote_digest", "digest"),
            column("data_hash_start"),
            column("content_type", "ct"), column("data_size"), empty, column("file_name"),
            column("data_file", "_data"), column("caption"), column("width"), column("height"),
            empty,
        )
    )  # fmt: skip


def _nameless(table: str, rows: Values, chat: ChatOf) -> Page:
    """Files whose message is not known, as a page."""
    empty: dict[str, Any] = {name: [None] * len(rows) for name in Page.__struct_fields__}
    known: dict[str, Any] = {"row": rows, "chat": [chat] * len(rows)}
    named: dict[str, Any] = {
        n: v for n, v in (empty | known).items() if n not in ("table", "precision")
    }
    return Page(table=table, **named)


def _ordered(shared: Batch, ordinals: list[int]) -> Batch:
    """Shares with their place among the files of one message."""
    data = shared.data
    place = data.schema.get_field_index("ordinal")
    return Batch(shared.table, data.set_column(place, data.schema.field(place),
                                               pa.array(ordinals, pa.int64())))  # fmt: skip


def _base(code: object) -> int:
    return code & BASE_MASK if isinstance(code, int) else -1


def _has(code: object, bit: int) -> bool:
    return isinstance(code, int) and bool(code & bit)
