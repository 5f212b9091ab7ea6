"""A message of a report, with the files, cards, events and invitations in it."""

import re
from collections.abc import Iterator
from typing import Any

from clew import records
from clew.facts import exports, geolocation
from clew.facts.readers.ufed.chats import OpenChat
from clew.facts.readers.ufed.contacts import contact
from clew.facts.readers.ufed.model import CODES, Model
from clew.facts.readers.ufed.people import platform_of
from clew.facts.readers.ufed.report import Report
from clew.facts.readers.ufed.stream import local
from clew.records import MessageKind
from clew.schema import Row

_QUOTES = ("ReplyMessageData", "QuotedMessageData")
_DURATION = re.compile(r"Duration: (\d+):(\d{2}):(\d{2})")


def message(report: Report, chat: OpenChat, model: Model) -> Iterator[Row]:
    """Every row of a message; of one that was deleted, only rows that say so."""
    extra = _Extra(report, model)
    row = _row(report, chat, model, extra)
    if row.sent_text and row.sent_at is None and row.sent_local is None:
        yield from report.unread(row.locator, "time", value=row.sent_text)
    if model.is_live:
        chat.live_messages = True
        report.tally.emitted("InstantMessage", records.Message)
        report.seen_at(row.sent_at)
        yield row
        yield from _around(report, chat, model, row)
    else:
        report.tally.emitted("InstantMessage", records.RecoveredMessage)
        yield _deleted(records.RecoveredMessage, row, "state")
    for rank, attachment in enumerate(extra.attached):
        share = _share(report, attachment, row, rank, live=model.is_live)
        if (known := report.files.with_file(share, attachment.element.get("file_id"))) is not None:
            yield known


def _row(report: Report, chat: OpenChat, model: Model, extra: "_Extra") -> records.Message:
    source = model.text("Source")
    platform = platform_of(source) if source else chat.platform
    where, event_id = model.locator, report.event(model)
    parties, extraction = model.models("From"), model.element.get("extractionId")
    sender = report.party(platform, parties[0], where) if parties else None
    mine = sender and (parties[0].is_true("IsPhoneOwner") or sender in report.owners)
    sent = model.time("TimeStamp")
    return records.Message(
        **report.at(where),
        message_key=chat.key(platform, model.text("Identifier"), extraction),
        event_id=event_id,
        chat_id=chat.chat_id,
        sender_account_id=sender,
        from_owner=bool(mine) if sender else None,
        kind=_kind(model, extra),
        type_raw=model.text("Type"),
        sent_at=sent.at,
        sent_local=sent.local,
        sent_text=sent.text,
        ts_precision=sent.precision,
        tz_basis=records.TimeBasis.DEVICE_LOCAL if sent.local else records.TimeBasis.UTC,
        date_order=sent.order,
        received_at=model.time("DateDelivered").at,
        edited_at=model.time("DateEdited").at,
        deleted_at=model.time("DateDeleted").at,
        is_forwarded=extra.forwarded or None,
        reply_to_key=chat.key(platform, extra.reply_id, extraction),
        reply_text=extra.reply_text,
        starred=True if "Starred" in extra.labels else None,
        status_raw=model.text("Status"),
        **exports.texts(model.text("Body") or model.text("Subject") or extra.forwarded_text),
    )


class _Extra:
    """What a message answers and whether it was forwarded; messages within stand there."""

    def __init__(self, report: Report, message: Model) -> None:
        self.labels: set[str | None] = {message.text("Label")}
        self.reply_id: str | None = None
        self.reply_text: str | None = None
        self.forwarded = False
        self._within: list[Model] = []
        embedded = message.models("EmbeddedInstantMessage")
        for model in message.models("MessageExtraData"):
            self.labels.add(model.text("Label"))
            self.forwarded |= model.kind == "ForwardedMessageData"
            quoted = model.models("InstantMessage")
            self._within += quoted
            if model.kind in _QUOTES:
                self.reply_id = self.reply_id or model.text("OriginalMessageID")
                for first in (quoted or embedded)[:1]:
                    self.reply_id = self.reply_id or first.text("Identifier")
                    self.reply_text = self.reply_text or first.text("Body")
        self._within += embedded
        self.forwarded |= "Forwarded" in self.labels
        if self._within:
            inner = (e for model in self._within for e in model.element.iter())
            quotes = sum(e.get("type") == "InstantMessage" and local(e) == "model" for e in inner)
            report.tally.skipped("InstantMessage", "quoted", quotes)
        self.attached = self._attached(report, message)

    @property
    def forwarded_text(self) -> str | None:
        """Text of what a message forwards, for one that has none of its own."""
        bodies = (m.text("Body") for m in self._within if self.forwarded)
        return next(filter(None, bodies), None)

    def _attached(self, report: Report, message: Model) -> list[Model]:
        """Files of a message: its own, else those of what it forwards; quoted ones are counted."""
        own = message.models("Attachments") or message.models("Attachment")
        inner = [a for model in self._within for a in model.models("Attachments")]
        if self.forwarded and not own:
            return inner
        report.tally.skipped("Attachment", "quoted", len(inner))
        return own


def _kind(model: Model, extra: _Extra) -> MessageKind:
    if "System" in extra.labels:
        return MessageKind.SYSTEM
    if extra.attached:
        stated, kinds = extra.attached[0].text("ContentType") or "", CODES["media"]
        whole = stated.partition(";")[0].strip()
        return MessageKind(kinds.get(whole) or kinds.get(stated.partition("/")[0], "document"))
    if model.models("SharedContacts"):
        return MessageKind.CONTACT
    if model.is_true("IsLocationSharing"):
        return MessageKind.LIVE_LOCATION
    if model.models("Position"):
        return MessageKind.LOCATION
    return MessageKind.TEXT if model.text("Body") else MessageKind.UNKNOWN


def _around(report: Report, chat: OpenChat, model: Model, row: records.Message) -> Iterator[Row]:
    """Events, cards and invitations of a live message."""
    yield from chat.events(model, row)
    for position in model.models("Position"):
        yield _location(report, position, row)
    for card in model.models("SharedContacts"):
        event, is_live = row.event_id, card.is_live
        yield from contact(report, card, event) if is_live else [report.recovered(card)]
    yield from exports.invites(row)


def _location(report: Report, position: Model, row: records.Message) -> Row:
    """The location of a message (a model ``Coordinate``); what can be none is reported."""
    written = [position.text(name) for name in ("Latitude", "Longitude")]
    found = geolocation.degrees(*map(_number, written))
    if found is None:
        return report.found.unread(position.locator, "location")
    report.tally.emitted("Coordinate", records.MessagePlace)
    return records.MessagePlace(
        **report.at(row.locator), event_id=row.event_id, latitude=found[0], longitude=found[1],
        name=position.text("Name"), value_raw=", ".join(w or "" for w in written),
    )  # fmt: skip


def _number(text: str | None) -> float | None:
    try:
        return float(text or "")
    except ValueError:
        return None


def _share(
    report: Report, model: Model, row: records.Message, rank: int, *, live: bool
) -> records.Share | records.RecoveredShare:
    """The share of an attachment, before the entry of its file is known."""
    title, exported = model.text("Title"), model.text("attachment_extracted_path")
    duration = _DURATION.search(title or "")
    hours, minutes, seconds = map(int, duration.groups()) if duration else (0, 0, 0)
    lengths = (source.get("length") or "" for source in model.fields.get("Data", ()))
    share = exports.share(
        row,
        rank,
        locator=model.locator,
        media_type=model.text("ContentType"),
        size=next((int(n) for n in lengths if n.isdecimal()), None),
        name=model.text("Filename"),
        path_exported=exported.replace("\\", "/") if exported else None,
        caption=None if duration else title,
        duration_ms=((hours * 60 + minutes) * 60 + seconds) * 1000 if duration else None,
    )
    is_live = live and model.is_live
    report.tally.emitted("Attachment", records.Share if is_live else records.RecoveredShare)
    return share if is_live else _deleted(records.RecoveredShare, share, "record_state")


def _deleted(table: type[Row], row: Row, state: str) -> Any:
    """A row as one of what the tool found among what was deleted."""
    columns = {name: getattr(row, name) for name in row.__struct_fields__}
    said = {state: records.RecordState.RECOVERED, "found_in": records.RecoveredFrom.TOOL_REPORT}
    return table(**{**columns, **said, "complete": True})
