"""Messages of a Telegram export, with the files, reactions and contacts they carry."""

from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec

from clew import records
from clew.facts import exports
from clew.facts.json_stream import Record
from clew.facts.json_values import Json, a_dict, a_list, a_number, a_text
from clew.facts.readers.telegram_desktop.people import CODES, Chat
from clew.facts.readers.telegram_desktop.service import Service
from clew.records import Message
from clew.schema import Id, Row

_NOT_THERE = "("


class Said(msgspec.Struct):
    """Who sent a message, and its text: plain, with the links and people behind words."""

    sender: Id[records.Account] | None
    text: str = ""
    hidden: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()


class Messages(Service):
    """Makes rows of messages, in the order of the file."""

    _has_utc = _has_local = False

    def message(self, chat: Chat, found: Record) -> Iterator[Row]:
        """One message and what it carries."""
        message = found.value
        if not isinstance(message, dict):
            self.tally.skipped("message", "not_a_message")
            return
        said = self._said(chat, message, found.pointer)
        row = self._message(chat, message, found.pointer, said)
        self.passed(row.sent_at)
        yield row
        if "action" in message or row.kind is records.MessageKind.SYSTEM:
            yield from self.service(chat, message, row)
        yield from self._shares(message, row)
        if "reactions" in message:
            yield from self._reactions(chat, message, row)
        if "contact_information" in message:
            columns = card(a_dict(message["contact_information"]))
            at = self.at(row.locator)
            yield records.Contact(**at, **columns, event_id=row.event_id)
        yield from exports.invites(row, *said.hidden)

    def end(self, chats: Iterable[Chat]) -> Iterator[Row]:
        """What only the whole export tells: migrations, and chats that the owner had left."""
        yield from self.migrations()
        owner = self.owner
        for chat in chats if owner else ():
            if chat.chat_type in (records.ChatType.ONE_TO_ONE, records.ChatType.UNKNOWN):
                continue
            basis = records.MembershipBasis.ROSTER
            member = self.member(chat.chat_id, str(owner), chat.pointer, basis)
            member.basis = basis
            if member.state is records.MemberState.UNKNOWN_PAST or chat.is_left:
                left = records.MemberState.LEFT if chat.is_left else records.MemberState.CURRENT
                member.state, member.locator = left, chat.pointer

    def _sender(self, chat: Chat, message: Json, where: str) -> Id[records.Account] | None:
        if "actor" in message or "actor_id" in message:
            return self.person(chat, message.get("actor_id"), message.get("actor"), where)
        sender = self.person(chat, message.get("from_id"), message.get("from"), where)
        is_shared = chat.chat_type is not records.ChatType.ONE_TO_ONE
        if sender and is_shared and str(sender) != str(chat.chat_id):
            self.member(chat.chat_id, sender, where)
        return sender

    def _message(self, chat: Chat, message: Json, where: str, said: Said) -> Message:
        sender, owner = said.sender, self.owner
        sent_at, local = self._when(message)
        number = a_number(message.get("id"))
        replied = a_number(message.get("reply_to_message_id"))
        replied_to = chat.key(replied) or (None if replied is None else f"#{replied}")
        is_elsewhere = "reply_to_peer_id" in message
        kind, raw = _kind(message)
        columns = exports.texts(said.text or _spoken(message))
        if said.hidden:
            more = exports.texts(" ".join(said.hidden)).get("urls") or ()
            columns["urls"] = ((columns.get("urls") or ()) + more) or None
        if "forwarded_from" in message or "saved_from" in message:
            name = message.get("forwarded_from") or message.get("saved_from")
            columns |= {"is_forwarded": True, "forwarded_from_name": a_text(name)}
        return Message(
            **self.at(where),
            event_id=self.found.event(where),
            message_key=chat.key(number),
            chat_id=chat.chat_id,
            sender_account_id=sender,
            from_owner=sender == owner if owner and sender else None,
            kind=kind,
            type_raw=raw,
            sent_at=sent_at,
            sent_local=local,
            ts_precision=records.TimePrecision.SECOND if sent_at or local else None,
            tz_basis=records.TimeBasis.UTC if sent_at else records.TimeBasis.EXPORT_LOCAL,
            edited_at=exports.seconds(message.get("edited_unixtime")),
            reply_to_key=None if is_elsewhere else replied_to,
            mentions=tuple(Id(one) for one in said.mentions or ()) or None,
            status_raw=_edited(message),
            **columns,
        )

    def _when(self, message: Json) -> tuple[datetime | None, str | None]:
        at, local = exports.seconds(message.get("date_unixtime")), a_text(message.get("date"))
        if at:
            self._has_utc = True
        elif local:
            self._has_local = True
        return at, local

    def _said(self, chat: Chat, message: Json, where: str) -> Said:
        sender = self._sender(chat, message, where)
        parts, hidden = message.get("text"), _buttons(message)
        if isinstance(parts, str):
            return Said(sender, parts, tuple(hidden))
        words, mentions = [], []
        for part in a_list(parts):
            if isinstance(part, str):
                words.append(part)
                continue
            entity = a_dict(part)
            words.append(a_text(entity.get("text")) or "")
            if link := a_text(entity.get("href")):
                hidden.append(link)
            if entity.get("type") == "mention" and words[-1]:
                mentions.append(self.username(words[-1], where))
            elif user := a_number(entity.get("user_id")):
                account = self.person(chat, f"user{user}", None, where)
                mentions += [account] if account else []
        return Said(sender, "".join(words), tuple(hidden), tuple(mentions))

    def _shares(self, message: Json, row: Message) -> Iterator[records.Share]:
        keys = ("photo", "file", "contact_vcard")
        stated = [(key, words) for key in keys if (words := a_text(message.get(key)))]
        for ordinal, (key, words) in enumerate(stated):
            yield self._share(message, row, key, words, ordinal)

    def _share(
        self, message: Json, row: Message, key: str, stated: str, ordinal: int
    ) -> records.Share:
        is_there = not stated.startswith(_NOT_THERE)
        thumbnail = a_text(message.get("thumbnail")) or _NOT_THERE
        has_thumbnail = key == "file" and not thumbnail.startswith(_NOT_THERE)
        state, raw = records.ShareState.ABSENT, None if is_there else stated
        if not is_there and has_thumbnail:
            state, raw = records.ShareState.THUMBNAIL_ONLY, f"{stated} thumbnail: {thumbnail}"
        seconds = a_number(message.get("duration_seconds"))
        name = a_text(message.get("file_name"))
        is_card = key == "contact_vcard"
        return exports.share(
            row,
            ordinal,
            media_type="text/vcard" if is_card else a_text(message.get("mime_type")),
            size=a_number(message.get(f"{key}_file_size" if is_card else f"{key}_size")),
            name=name or (stated.rpartition("/")[2] if is_there else None),
            path_stated=stated if is_there else None,
            state=state,
            state_raw=raw,
            width=a_number(message.get("width")),
            height=a_number(message.get("height")),
            duration_ms=None if seconds is None else seconds * 1000,
        )

    def _reactions(self, chat: Chat, message: Json, row: Message) -> Iterator[records.Reaction]:
        for reaction in map(a_dict, a_list(message["reactions"])):
            sign = a_text(reaction.get("emoji")) or a_text(reaction.get("document_id"))
            sign = sign or a_text(reaction.get("type"))
            givers = [
                self.person(chat, one.get("from_id"), one.get("from"), row.locator)
                for one in map(a_dict, a_list(reaction.get("recent")))
            ]
            for given in exports.reactions(row, sign, givers, reaction.get("count")):
                self.tally.emitted("reaction", records.Reaction)
                yield given


def card(known: Json) -> Json:
    """Columns of a contact: a name and a number, of an address book or sent in a message."""
    number = a_text(known.get("phone_number"))
    given, family = a_text(known.get("first_name")), a_text(known.get("last_name"))
    return {
        "display_name": " ".join(n for n in (given, family) if n) or None,
        "given_name": given,
        "family_name": family,
        "phones": (number,) if number else (),
    }


def _kind(message: Json) -> tuple[records.MessageKind, str | None]:
    """What a message is, and what the export calls it."""
    if message.get("type") == "service" or "action" in message:
        action = a_text(message.get("action")) or "service"
        is_call = action in ("phone_call", "conference_call")
        return (records.MessageKind.CALL if is_call else records.MessageKind.SYSTEM), action
    if message.get("type") == "unsupported":
        return records.MessageKind.UNKNOWN, "unsupported"
    media = a_text(message.get("media_type"))
    if media:
        return records.MessageKind(CODES["media"].get(media, "unknown")), media
    for key, kind in _BY_KEY.items():
        if key in message:
            return kind, key
    return records.MessageKind.TEXT, a_text(message.get("type"))


_BY_KEY = {
    "photo": records.MessageKind.IMAGE,
    "file": records.MessageKind.DOCUMENT,
    "poll": records.MessageKind.POLL,
    "contact_information": records.MessageKind.CONTACT,
    "live_location_period_seconds": records.MessageKind.LIVE_LOCATION,
    "location_information": records.MessageKind.LOCATION,
    "place_name": records.MessageKind.LOCATION,
}


def _spoken(message: Json) -> str | None:
    """Words of a message that stand elsewhere than in its text: a poll, a place, a notice."""
    if "poll" in message:
        poll = a_dict(message["poll"])
        answers = [a_text(a_dict(a).get("text")) for a in a_list(poll.get("answers"))]
        return "\n".join(t for t in (a_text(poll.get("question")), *answers) if t)
    parts = [a_text(message.get(k)) for k in ("place_name", "address", "information_text")]
    return "\n".join(t for t in parts if t) or None


def _buttons(message: Json) -> list[str]:
    """Links behind the buttons of a bot's message."""
    if "inline_bot_buttons" not in message:
        return []
    buttons = [a_dict(b) for row in a_list(message["inline_bot_buttons"]) for b in a_list(row)]
    return [t for b in buttons if b.get("type") == "url" and (t := a_text(b.get("data")))]


def _edited(message: Json) -> str | None:
    """The local time of an edit, where there is no other."""
    local = a_text(message.get("edited"))
    if local is None or "edited_unixtime" in message or local.startswith("1970-01-01"):
        return None
    return f"edited {local}"
