"""A message of a report, with the files, cards, events and invitations in it."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from clew.facts import geolocation
from clew.facts import text as texts
from clew.facts.readers.ufed.activities import event
from clew.facts.readers.ufed.chats import OpenChat
from clew.facts.readers.ufed.contacts import contact
from clew.facts.readers.ufed.model import (
    CODES,
    Fields,
    fields,
    is_live,
    is_true,
    locator,
    models,
    said,
    time_of,
)
from clew.facts.readers.ufed.people import platform_of
from clew.facts.readers.ufed.report import Report
from clew.facts.readers.ufed.shares import shares
from clew.facts.readers.ufed.stream import local
from clew.records import (
    Invite,
    InviteSource,
    Message,
    MessageKind,
    MessagePlace,
    RecordState,
    RecoveredFrom,
    RecoveredMessage,
    TimeBasis,
)
from clew.schema import Row

_QUOTES = ("ReplyMessageData", "QuotedMessageData")


def message(report: Report, chat: OpenChat, model: ET.Element) -> Iterator[Row]:
    """Every row of a message; of one that was deleted, only rows that say so."""
    told = fields(model)
    where, event_id = locator(model), report.event(model)
    extra = _Extra(report, told)
    sent = time_of(told.get("TimeStamp"))
    body = said(told.get("Body")) or said(told.get("Subject")) or extra.forwarded_text
    source = said(told.get("Source"))
    platform = platform_of(source) if source else chat.platform
    sender, mine = _sender(report, platform, told, where)
    live, extraction = is_live(model), model.get("extractionId")
    attached = models(told.get("Attachments")) or models(told.get("Attachment"))
    attached = extra.attachments(report, attached)
    carried: dict[str, Any] = {
        "message_key": chat.key(platform, said(told.get("Identifier")), extraction),
        "chat_id": chat.chat_id,
        "sender_account_id": sender,
        "sent_at": sent.at,
        "sent_local": sent.local,
        "is_forwarded": extra.forwarded or None,
    }
    row = {
        **report.fact,
        **carried,
        "locator": where,
        "event_id": event_id,
        "from_owner": mine,
        "kind": _kind(told, extra, attached),
        "type_raw": said(told.get("Type")),
        "text": body,
        "text_normal": texts.normal(body) if body else None,
        "sent_text": sent.text,
        "ts_precision": sent.precision,
        "tz_basis": TimeBasis.DEVICE_LOCAL if sent.local else TimeBasis.UTC,
        "date_order": sent.order,
        "received_at": time_of(told.get("DateDelivered")).at,
        "edited_at": time_of(told.get("DateEdited")).at,
        "deleted_at": time_of(told.get("DateDeleted")).at,
        "reply_to_key": chat.key(platform, extra.reply_id, extraction),
        "reply_text": extra.reply_text,
        "urls": texts.links(body) or None if body and _may_link(body) else None,
        "starred": True if "Starred" in extra.labels else None,
        "status_raw": said(told.get("Status")),
    }
    if sent.text and sent.at is None and sent.local is None:
        yield from report.unread(where, "time", value=sent.text)
    if live:
        chat.live_messages = True
        report.tally.emitted("InstantMessage", Message)
        if sent.at is not None:
            _span(report.span, sent.at)
        yield Message(**row)
        yield from _around(report, chat, told, row)
    else:
        report.tally.emitted("InstantMessage", RecoveredMessage)
        yield RecoveredMessage(**row, **_DELETED)
    for place, attachment in enumerate(attached):
        yield from shares(report, attachment, {**carried, "event_id": event_id}, place, live=live)


_DELETED: dict[str, Any] = {
    "state": RecordState.RECOVERED,
    "found_in": RecoveredFrom.TOOL_REPORT,
    "complete": True,
}


class _Extra:
    """What a message answers and whether it was forwarded; messages within are told there."""

    def __init__(self, report: Report, told: Fields) -> None:
        self.labels: set[str | None] = {said(told.get("Label"))}
        self.reply_id: str | None = None
        self.reply_text: str | None = None
        self.forwarded = False
        self._within: list[ET.Element] = []
        embedded = models(told.get("EmbeddedInstantMessage"))
        for model in models(told.get("MessageExtraData")):
            found, kind = fields(model), model.get("type")
            self.labels.add(said(found.get("Label")))
            self.forwarded |= kind == "ForwardedMessageData"
            quoted = models(found.get("InstantMessage"))
            self._within += quoted
            if kind in _QUOTES:
                self._reply(found, quoted or embedded)
        self._within += embedded
        self.forwarded |= "Forwarded" in self.labels
        if self._within:
            inner = [m for model in self._within for m in model.iter() if _is_message(m)]
            report.tally.skipped("InstantMessage", "quoted", len(inner))

    @property
    def forwarded_text(self) -> str | None:
        """Text of what a message forwards, for one that has none of its own."""
        if not self.forwarded:
            return None
        return next((b for m in self._within if (b := said(fields(m).get("Body")))), None)

    def attachments(self, report: Report, own: list[ET.Element]) -> list[ET.Element]:
        """Files of a message: its own, else those of what it forwards; quoted ones are counted."""
        told = [fields(model) for model in self._within]
        inner = [a for found in told for a in models(found.get("Attachments"))]
        if self.forwarded and not own:
            return inner
        report.tally.skipped("Attachment", "quoted", len(inner))
        return own

    def _reply(self, found: Fields, quoted: list[ET.Element]) -> None:
        self.reply_id = self.reply_id or said(found.get("OriginalMessageID"))
        if quoted:
            inner = fields(quoted[0])
            self.reply_id = self.reply_id or said(inner.get("Identifier"))
            self.reply_text = self.reply_text or said(inner.get("Body"))


def _is_message(element: ET.Element) -> bool:
    return element.get("type") == "InstantMessage" and local(element) == "model"


def _sender(
    report: Report, platform: str, told: Fields, where: str
) -> tuple[str | None, bool | None]:
    """Account that sent a message, and whether it is the holder's."""
    parties = models(told.get("From"))
    if not parties:
        return None, None
    found = fields(parties[0])
    account = report.party(platform, found, where)
    if account is None:
        return None, None
    return account, is_true(found.get("IsPhoneOwner")) or account in report.people.owners


def _kind(told: Fields, extra: _Extra, attached: list[ET.Element]) -> MessageKind:
    if "System" in extra.labels:
        return MessageKind.SYSTEM
    for attachment in attached:
        stated = said(fields(attachment).get("ContentType")) or ""
        kinds, whole = CODES["media"], stated.partition(";")[0].strip()
        return MessageKind(kinds.get(whole) or kinds.get(stated.partition("/")[0], "document"))
    if models(told.get("SharedContacts")):
        return MessageKind.CONTACT
    if is_true(told.get("IsLocationSharing")):
        return MessageKind.LIVE_LOCATION
    if models(told.get("Position")):
        return MessageKind.LOCATION
    return MessageKind.TEXT if said(told.get("Body")) else MessageKind.UNKNOWN


def _may_link(body: str | None) -> bool:
    """Whether a text may hold a link; a quick look that is never wrongly negative."""
    return body is not None and ("/" in body or "www." in body.casefold())


def _span(span: list[Any], at: datetime) -> None:
    """Widen the time from the first to the last message."""
    if span[0] is None or at < span[0]:
        span[0] = at
    if span[1] is None or at > span[1]:
        span[1] = at


def _around(report: Report, chat: OpenChat, told: Fields, row: dict[str, Any]) -> Iterator[Row]:
    """Events, cards and invitations of a live message."""
    for activity in models(told.get("ActivityLog")):
        if is_live(activity):
            yield event(report, chat.platform, activity, row)
        else:
            yield report.recovered(activity)
    for position in models(told.get("Position")):
        yield _place(report, position, row)
    for card in models(told.get("SharedContacts")):
        yield from contact(report, card, event=row["event_id"])
    body = row["text"]
    if _may_link(body):
        for link in texts.invite_links(body):
            yield Invite(
                **report.at(row["locator"]), code=link.code, platform=link.platform,
                url=link.url, event_id=row["event_id"], seen_chat_id=chat.chat_id,
                seen_account_id=row["sender_account_id"], seen_at=row["sent_at"],
                found_in=InviteSource.URL_IN_TEXT,
            )  # fmt: skip


def _place(report: Report, position: ET.Element, row: dict[str, Any]) -> Row:
    """The location of a message (a model ``Coordinate``); what can be none is reported."""
    told, where = fields(position), locator(position)
    held = [said(told.get(name)) for name in ("Latitude", "Longitude")]
    found = geolocation.degrees(*map(_number, held))
    if found is None:
        return report.found.unread(where, "location")
    report.tally.emitted("Coordinate", MessagePlace)
    return MessagePlace(
        **report.at(row["locator"]), event_id=row["event_id"], latitude=found[0],
        longitude=found[1], name=said(told.get("Name")), value_raw=", ".join(h or "" for h in held),
    )  # fmt: skip


def _number(text: str | None) -> float | None:
    try:
        return float(text or "")
    except ValueError:
        return None
