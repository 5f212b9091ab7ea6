"""Exports of Signal Desktop as lines of JSON: the community's ``data.json`` and Signal's own.

*data.json* of signal-export (one file a chat, named by its folder) has names where Signal has
accounts, and the local time of the computer that wrote it. *main.jsonl* is Signal's own plaintext
export: each line is one frame of a backup (Backup.proto) in the JSON form of Protocol Buffers:
numbers of 64 bits are text, bytes are base64. Recipients and chats stand before what names them.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any

import msgspec

from clew import records
from clew.facts import exports, signal
from clew.facts.json_values import a_list, dicts
from clew.facts.reader_api import Found
from clew.facts.source_columns import Address, Readout, said
from clew.records import MessageKind
from clew.schema import Batch, Id, Row

_LONGEST_LINE = 1 << 24
_ME = "Me"
_NOBODY = ("", "No-Sender", "None")
_KINDS = {
    "deleted": MessageKind.DELETED,
    "call": MessageKind.CALL,
    "sticker": MessageKind.STICKER,
}


class Export(Readout, ABC):
    """An export being read, line by line."""

    platform = signal.PLATFORM
    basis = records.TimeBasis.UTC

    def __init__(self, found: Found) -> None:
        super().__init__(found)
        self.lines = 0

    @abstractmethod
    def read(self) -> Iterator[Row | Batch]:
        """Every row of the export."""

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

    def _no_object(self, code: str, **figures: Any) -> None:
        self.tally.skipped("line", "no_object")
        self.report(f"line/{self.lines}", code, **figures)


class Community(Export):
    """A ``data.json`` of signal-export, where names stand for accounts."""

    basis = records.TimeBasis.EXPORT_LOCAL

    def read(self) -> Iterator[Row]:
        """Messages with what hangs on each; then the names that stand for accounts."""
        chat: Id[records.Chat] = Id(f"signal:export:{self.found.source_id}")
        folder = self.found.path.rpartition("/")[0].rpartition("/")[2]
        yield records.Chat(
            **self.at("file"),
            chat_id=chat,
            platform=signal.PLATFORM,
            chat_type=records.ChatType.UNKNOWN,
            subject=folder or None,
        )
        names: dict[str, str] = {}
        for number, line in self.objects():
            where, name = f"line/{number}", str(line.get("sender") or "")
            if not isinstance(line.get("date"), str):
                self.tally.skipped("line", "no_message")
                self.report(where, "no_date")
                continue
            self.tally.emitted("line", records.Message)
            names.setdefault(name, where)
            message = self._message(chat, where, name, line)
            yield message
            yield from self._hanging(message, line)
        for name, where in names.items():
            yield from self._named(name, where)

    def _message(
        self, chat: Id[records.Chat], where: str, name: str, line: dict[str, Any]
    ) -> records.Message:
        file = MessageKind.MEDIA if dicts(line.get("attachments")) else MessageKind.TEXT
        return records.Message(
            **self.at(where),
            **exports.texts(said(_body(line.get("body")))),
            event_id=self.found.event(where),
            chat_id=chat,
            sender_account_id=self._sender(name),
            from_owner=name == _ME,
            kind=next((kind for part, kind in _KINDS.items() if line.get(part)), file),
            sent_local=line["date"],
            sent_text=line["date"],
            ts_precision=records.TimePrecision.MILLISECOND,
            tz_basis=self.basis,
            reply_text=said(_quoted(line.get("quote"))),
        )

    def _hanging(self, message: records.Message, line: dict[str, Any]) -> Iterator[Row]:
        """Files and reactions of one message."""
        for ordinal, file in enumerate(dicts(line.get("attachments"))):
            name, path = file.get("name"), file.get("path")
            yield exports.share(
                message,
                ordinal,
                caption=None,
                name=str(name) if name else None,
                path_stated=str(path).replace("%20", " ") if path else None,
            )
        for reaction in a_list(line.get("reactions")):
            if isinstance(reaction, list) and len(reaction) == 2:  # name and sign
                name, sign = map(str, reaction)
                yield exports.reaction(message, self._sender(name), sign)

    def _sender(self, name: str) -> Id[records.Account] | None:
        if name in _NOBODY:
            return None
        return self.owner if name == _ME else Id(f"signal:label:{self.found.source_id}:{name}")

    def _named(self, name: str, where: str) -> Iterator[Row]:
        """The account that a name stands for in this file."""
        account = self._sender(name)
        if name == _ME:
            yield self.owner_row(where)
        elif account:
            yield self.account_row(where, Address(account, records.IdType.LABEL, name))
            yield from self.named(where, account, name, records.NameKind.EXPORT_LABEL)


def _body(body: object) -> object:
    """Text without the two spaces that the tool puts behind every one."""
    return (body.removesuffix("  ") or None) if isinstance(body, str) else body


def _quoted(quote: object) -> object:
    """Text of a quote without the marks that the tool puts before its lines."""
    if not isinstance(quote, str):
        return quote
    lines = [line.removeprefix("> ") for line in quote.strip().splitlines()]
    return "\n".join(lines) or None
