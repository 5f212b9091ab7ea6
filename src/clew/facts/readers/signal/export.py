"""Exports of Signal Desktop as lines of JSON: the community's ``data.json`` and Signal's own.

*data.json* of signal-export (one file a chat, named by its folder) has names where Signal has
accounts, and the local time of the computer that wrote it. *main.jsonl* is Signal's own plaintext
export: each line is one frame of a backup (Backup.proto) in the JSON form of Protocol Buffers:
numbers of 64 bits are text, bytes are base64. Recipients and chats stand before what names them.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec
import pyarrow as pa

from clew import records
from clew.facts import text
from clew.facts.reader_api import Found
from clew.facts.readers.signal import ids
from clew.facts.source_columns import Readout
from clew.schema import Batch, Id, Row, batch

PAGE = 5_000
_LONGEST_LINE = 1 << 24
_ME = "Me"


class Export(Readout):
    """An export being read, line by line."""

    platform = ids.PLATFORM

    def __init__(self, found: Found) -> None:
        super().__init__(found)
        self.lines = 0
        self.first: datetime | None = None
        self.last: datetime | None = None

    def objects(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Each line that is a JSON object, with its number from 1; the others are reported."""
        decode = msgspec.json.Decoder().decode
        with self.found.open() as file:
            while line := file.readline(_LONGEST_LINE):
                self.lines += 1
                if not line.strip():
                    self.tally.skipped("line", "empty_line")
                    continue
                try:
                    value = decode(line.removeprefix(b"\xef\xbb\xbf"))
                except (msgspec.DecodeError, UnicodeDecodeError) as error:
                    self._no_object("json:broken", cause=error)
                    continue
                if isinstance(value, dict):
                    yield self.lines, value
                else:
                    self._no_object("json:no_object")

    def seen(self, at: datetime | None) -> None:
        """Take a message's time into the span of the source."""
        if at is not None:
            self.first = min(self.first or at, at)
            self.last = max(self.last or at, at)

    def label(self, name: str) -> Id[records.Account]:
        """Account of a name that means nothing outside this file."""
        return Id(f"signal:label:{self.found.source_id}:{name}")

    def _no_object(self, code: str, **figures: Any) -> None:
        self.tally.skipped("line", "no_object")
        self.report(f"line/{self.lines}", code, **figures)


def read_community(export: Export) -> Iterator[Row | Batch]:
    """Messages of a ``data.json``, with the names that stand for accounts."""
    chat: Id[records.Chat] = Id(f"signal:export:{export.found.source_id}")
    folder = export.found.path.rpartition("/")[0].rpartition("/")[2]
    yield records.Chat(
        **export.at("file"), chat_id=chat, platform=ids.PLATFORM,
        chat_type=records.ChatType.UNKNOWN, subject=folder or None,
    )  # fmt: skip
    names: dict[str, int] = {}
    page: list[tuple[int, dict[str, Any]]] = []
    for number, line in export.objects():
        if not isinstance(line.get("date"), str):
            export.tally.skipped("line", "no_message")
            export.report(f"line/{number}", "no_date")
            continue
        names.setdefault(_name(line), number)
        page.append((number, line))
        if len(page) == PAGE:
            yield from _page(export, chat, page)
            page = []
    yield from _page(export, chat, page)
    for name, number in names.items():
        yield from _named(export, name, number)


def _page(
    export: Export, chat: Id[records.Chat], page: list[tuple[int, dict[str, Any]]]
) -> Iterator[Row | Batch]:
    if not page:
        return
    export.tally.emitted("line", records.Message, len(page))
    at = [number for number, _ in page]
    locators = [f"line/{number}" for number in at]
    events = [export.found.event(where) for where in locators]
    senders = [_sender(export, _name(line)) for _, line in page]
    bodies = [line.get("body") for _, line in page]
    texts = export.texts("line.body", [_body(b) for b in bodies], at)
    dates = [line["date"] for _, line in page]
    yield batch(
        records.Message,
        len(page),
        **export.at(locators),
        event_id=events,
        chat_id=chat,
        sender_account_id=pa.array(senders, pa.string()),
        from_owner=[_name(line) == _ME for _, line in page],
        kind=[_kind(line) for _, line in page],
        text=texts,
        text_normal=text.normal_column(texts),
        sent_local=dates,
        sent_text=dates,
        ts_precision=records.TimePrecision.MILLISECOND.value,
        tz_basis=records.TimeBasis.EXPORT_LOCAL.value,
        reply_text=export.texts("line.quote", [_quoted(line.get("quote")) for _, line in page], at),
        urls=text.links_column(texts),
        state="live",
    )
    for place, (_, line) in enumerate(page):
        yield from _hanging(export, chat, locators[place], line)


def _hanging(
    export: Export, chat: Id[records.Chat], where: str, line: dict[str, Any]
) -> Iterator[Row]:
    """Files and reactions of one message."""
    for ordinal, held in enumerate(_dicts(line.get("attachments"))):
        name, path = held.get("name"), held.get("path")
        yield records.Share(
            **export.at(where),
            event_id=Id(export.found.event(where)),
            ordinal=ordinal,
            chat_id=chat,
            sender_account_id=_sender(export, _name(line)),
            sent_local=line["date"],
            name=str(name) if name else None,
            path_stated=str(path).replace("%20", " ") if path else None,
            state=records.ShareState.ABSENT,
        )
    reactions = line.get("reactions")
    for reaction in reactions if isinstance(reactions, list) else ():
        if isinstance(reaction, list) and len(reaction) == 2:  # name and sign
            yield records.Reaction(
                **export.at(where),
                event_id=Id(export.found.event(where)),
                account_id=_sender(export, str(reaction[0])),
                reaction=str(reaction[1]),
            )


def _named(export: Export, name: str, number: int) -> Iterator[Row]:
    """The account that a name stands for in this file."""
    account = _sender(export, name)
    if account is None:
        return
    mine = name == _ME
    yield records.Account(
        **export.at(f"line/{number}"),
        account_id=account,
        platform=ids.PLATFORM,
        id_type=records.IdType.OWNER if mine else records.IdType.LABEL,
        identifier=export.found.item_id if mine else name,
        is_owner=mine,
    )
    if not mine:
        yield from export.named(f"line/{number}", account, name, records.NameKind.EXPORT_LABEL)


def _name(line: dict[str, Any]) -> str:
    return str(line.get("sender") or "")


def _sender(export: Export, name: str) -> Id[records.Account] | None:
    if name in ("", "No-Sender", "None"):
        return None
    return export.owner if name == _ME else export.label(name)


def _kind(line: dict[str, Any]) -> str:
    if line.get("deleted"):
        return records.MessageKind.DELETED.value
    if line.get("call"):
        return records.MessageKind.CALL.value
    if line.get("sticker"):
        return records.MessageKind.STICKER.value
    if _dicts(line.get("attachments")):
        return records.MessageKind.MEDIA.value
    return records.MessageKind.TEXT.value


def _body(body: object) -> object:
    """Text without the two spaces that the tool puts behind every one."""
    return (body.removesuffix("  ") or None) if isinstance(body, str) else body


def _quoted(quote: object) -> object:
    """Text of a quote without the marks that the tool puts before its lines."""
    if not isinstance(quote, str):
        return quote
    lines = [line.removeprefix("> ") for line in quote.strip().splitlines()]
    return "\n".join(lines) or None


def _dicts(value: object) -> list[dict[str, Any]]:
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []
