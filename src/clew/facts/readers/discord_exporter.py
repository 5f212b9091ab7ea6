"""DiscordChatExporter's JSON: one channel, thread or direct chat, or a part of one.

``guild`` and ``channel`` come first, then ``messages``, each with its author, and at the end how
many there are. Ids are snowflakes, the same for everybody, so that two exports of one channel, and
the parts of one export, hold the same messages under the same keys.

References:
    - docs/formats/discord.md
    - Tyrrrz/DiscordChatExporter, DiscordChatExporter.Core/Exporting/JsonMessageWriter.cs

"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from clew import records
from clew.facts import exports, text
from clew.facts.json_stream import Stream
from clew.facts.json_values import Json, a_dict, a_list, a_number, a_text
from clew.facts.reader_api import Found, Probe, Reader
from clew.facts.source_columns import Address
from clew.records import Message
from clew.schema import Batch, Id, Row

KIND = "discord.exporter.json"
_OPENED = ("/messages",)
_HEADS = {"/messages": (("id", "type"),)}
_GUILD = re.compile(r'"guild"\s*:\s*\{')
_CHANNEL = re.compile(r'"channel"\s*:\s*\{')
_TYPES = {
    "DirectTextChat": records.ChatType.ONE_TO_ONE,
    "DirectGroupTextChat": records.ChatType.GROUP,
    "GuildNews": records.ChatType.CHANNEL,
    "GuildAnnouncement": records.ChatType.CHANNEL,
}
_PLAIN = frozenset({"Default", "Reply", "20", "23", "ApplicationCommand", "ContextMenuCommand"})
_ACTIONS = {
    "RecipientAdd": records.GroupAction.ADDED,
    "RecipientRemove": records.GroupAction.REMOVED,
    "ChannelNameChange": records.GroupAction.SUBJECT_CHANGED,
    "ChannelIconChange": records.GroupAction.ICON_CHANGED,
    "ChannelPinnedMessage": records.GroupAction.PINNED,
    "GuildMemberJoin": records.GroupAction.UNKNOWN,
    "ThreadCreated": records.GroupAction.OTHER,
}
_JOINED = "GuildMemberJoin"


def probe(found: Found) -> Probe | None:
    """Take an object with a guild and a channel."""
    text = found.head("json")
    return Probe(KIND, 0.9) if _GUILD.search(text) and _CHANNEL.search(text) else None


def read(found: Found) -> Iterator[Row | Batch]:
    """Read in one pass: the channel stands before its messages."""
    export = _Export(found)
    with found.open() as file:
        for met in export.through(Stream(file, _OPENED, _HEADS)):
            if met.pointer.startswith("/messages/"):
                yield from export.rows(met.value, met.pointer)
            else:
                export.know(met.pointer[1:], met.value)
    yield from export.chats()
    seen = export.tally.count("message")
    if export.stated not in (None, seen):
        export.report("/messageCount", "count_differs", stated=export.stated, n=seen)
    basis = records.TimeBasis.EXPORT_LOCAL if export.has_local else records.TimeBasis.UTC
    yield from export.last(kind=KIND, generation=export.type_raw, tz_basis=basis)


class _Export(exports.Export):
    """One export while it is read: its channel, and rows of its messages in their order."""

    def __init__(self, found: Found) -> None:
        super().__init__(found, "discord")
        self.has_local = False
        self.chat_id = Id[records.Chat](f"discord:file:{found.source_id[:16]}")
        self.type_raw: str | None = None
        self.stated: int | None = None
        """Messages that the export says it holds."""
        self._guild: Json = {}
        self._channel: Json = {}
        self._people: dict[tuple[str, Any, Any], Id[records.Account]] = {}

    def know(self, name: str, value: Any) -> None:
        """Take a member of the export that is no message."""
        if name == "guild":
            self._guild = a_dict(value)
        elif name == "channel":
            self._channel = a_dict(value)
            self.type_raw = a_text(self._channel.get("type"))
            if number := a_text(self._channel.get("id")):
                self.chat_id = Id(f"discord:{number}")
        elif name == "messageCount":
            self.stated = a_number(value)

    @property
    def chat_type(self) -> records.ChatType:
        """Kind of chat."""
        raw = self.type_raw or ""
        is_of_guild = raw.startswith("Guild")
        return _TYPES.get(raw, records.ChatType.GROUP if is_of_guild else records.ChatType.UNKNOWN)

    def chats(self) -> Iterator[records.Chat]:
        """The guild, and the channel as part of it; a thread is part of its channel."""
        guild, name = a_text(self._guild.get("id")), a_text(self._guild.get("name"))
        parent: Id[records.Chat] | None = None
        if guild and guild != "0":
            parent = Id(f"discord:guild:{guild}")
            yield self.chat_row("/guild", parent, records.ChatType.COMMUNITY, subject=name)
        category = a_text(self._channel.get("categoryId"))
        if category and self.type_raw and "Thread" in self.type_raw:
            parent = Id(f"discord:{category}")
        subject, topic = (a_text(self._channel.get(key)) for key in ("name", "topic"))
        columns = {"subject": subject, "description": topic, "parent_chat_id": parent}
        yield self.chat_row("/channel", self.chat_id, self.chat_type, **columns)

    def rows(self, message: Any, where: str) -> Iterator[Row]:
        """One message and what it carries."""
        if not isinstance(message, dict):
            self.tally.skipped("message", "not_a_message")
            return
        forwarded = a_dict(message.get("forwardedMessage"))
        links = tuple(_links(message, forwarded))
        row = self._message(message, where, forwarded, links)
        self.passed(row.sent_at)
        yield row
        yield from self._shares(message, forwarded, row)
        yield from self._reactions(message, row)
        if row.kind is records.MessageKind.SYSTEM:
            yield self._came_or_went(message, row)
        if row.kind is records.MessageKind.CALL:
            ended = _time(message.get("callEndedTimestamp"))[0]
            seconds = int((ended - row.sent_at).total_seconds()) if ended and row.sent_at else None
            self.tally.emitted("call", records.Call)
            yield exports.call(row, "unknown", duration_s=seconds)
        yield from exports.invites(row, *links, *_of_embeds(message, forwarded))

    def _person(self, user: Json, where: str) -> Id[records.Account] | None:
        number, name, shown = (user.get(k) for k in ("id", "name", "nickname"))
        if not a_text(number):
            return None
        key = (str(number), name, shown)
        if key in self._people:
            return self._people[key]
        kind = records.IdType.SERVICE if user.get("isBot") is True else records.IdType.USER_ID
        named = Address(Id(f"discord:user:{number}"), kind, str(number))
        account = self.account(named, where)
        tail = user.get("discriminator")
        full = (
            f"{name}#{tail}" if a_text(name) and tail not in ("0000", "0", None) else a_text(name)
        )
        self.name(account, full, records.NameKind.PROFILE, where)
        self.name(account, a_text(shown), records.NameKind.GROUP_LABEL, where)
        self._people[key] = account
        return account

    def _sender(self, message: Json, where: str) -> Id[records.Account] | None:
        user = a_dict(message.get("author"))
        account = self._person(user, where)
        if account and self.chat_type is not records.ChatType.ONE_TO_ONE:
            member = self.member(self.chat_id, account, where)
            if roles := a_list(user.get("roles")):
                names = (a_text(a_dict(role).get("name")) for role in roles)
                member.role_raw = ", ".join(n for n in names if n) or None
            member.label = a_text(user.get("nickname"))
        return account

    def _message(
        self, message: Json, where: str, forwarded: Json, links: tuple[str, ...]
    ) -> Message:
        sent_at, local = _time(message.get("timestamp"))
        self.has_local |= sent_at is None and local is not None
        words = [a_text(message.get("content")), a_text(forwarded.get("content"))]
        words = words if any(words) else list(_of_embeds(message, forwarded))
        people = (self._person(a_dict(u), where) for u in a_list(message.get("mentions")))
        mentions = tuple(p for p in people if p)
        return Message(
            **self.at(where),
            event_id=self.found.event(where),
            message_key=self._key(self.chat_id, message.get("id")),
            chat_id=self.chat_id,
            sender_account_id=self._sender(message, where),
            kind=_kind(message, forwarded),
            type_raw=a_text(message.get("type")),
            sent_at=sent_at,
            sent_local=local,
            ts_precision=records.TimePrecision.MILLISECOND if sent_at or local else None,
            tz_basis=records.TimeBasis.UTC if sent_at else records.TimeBasis.EXPORT_LOCAL,
            edited_at=_time(message.get("timestampEdited"))[0],
            is_forwarded=True if forwarded else None,
            reply_to_key=self._replied(message, forwarded),
            mentions=mentions or None,
            status_raw="pinned" if message.get("isPinned") is True else None,
            **exports.texts("\n".join(w for w in words if w), links),
        )

    def _key(self, chat_id: str, number: Any) -> str | None:
        known = a_text(number)
        return f"{chat_id}/{known}" if known and chat_id.count(":") == 1 else None

    def _replied(self, message: Json, forwarded: Json) -> str | None:
        reference = a_dict(message.get("reference"))
        number, channel = a_text(reference.get("messageId")), a_text(reference.get("channelId"))
        if forwarded or not number:
            return None
        chat = f"discord:{channel}" if channel else str(self.chat_id)
        return self._key(chat, number)

    def _shares(self, message: Json, forwarded: Json, row: Message) -> Iterator[records.Share]:
        files = [*a_list(message.get("attachments")), *a_list(forwarded.get("attachments"))]
        stickers = [*a_list(message.get("stickers")), *a_list(forwarded.get("stickers"))]
        for ordinal, file in enumerate(map(a_dict, [*files, *stickers])):
            url = a_text(file.get("url")) or a_text(file.get("sourceUrl")) or ""
            is_elsewhere = "://" in url
            yield exports.share(
                row,
                ordinal,
                size=a_number(file.get("fileSizeBytes")),
                name=a_text(file.get("fileName")) or a_text(file.get("name")),
                path_stated=None if is_elsewhere or not url else url.replace("\\", "/"),
                state_raw=text.defang(url) if is_elsewhere else None,
            )

    def _reactions(self, message: Json, row: Message) -> Iterator[records.Reaction]:
        for reaction in map(a_dict, a_list(message.get("reactions"))):
            emoji = a_dict(reaction.get("emoji"))
            sign = a_text(emoji.get("name")) or a_text(emoji.get("id"))
            users = (self._person(a_dict(u), row.locator) for u in a_list(reaction.get("users")))
            given: list[Id[records.Account] | None] = [user for user in users if user]
            yield from exports.reactions(row, sign, given, reaction.get("count"))

    def _came_or_went(self, message: Json, row: Message) -> records.GroupEvent:
        raw = row.type_raw or ""
        action = _ACTIONS.get(raw, records.GroupAction.UNKNOWN)
        actor = row.sender_account_id
        targets = row.mentions or ()
        if raw == _JOINED:
            action, targets = records.GroupAction.OTHER, (actor,) if actor else ()
        if action is records.GroupAction.REMOVED and actor in targets:
            action = records.GroupAction.LEFT
        if action in (records.GroupAction.ADDED, *exports.ENDS) or raw == _JOINED:
            for account in targets:
                self.moved(row.chat_id, account, action, row.sent_at, row.locator)
        self.tally.emitted("notice", records.GroupEvent)
        is_title = action is records.GroupAction.SUBJECT_CHANGED
        title = a_text(message.get("content")) if is_title else None
        return exports.group_event(row, action, targets=targets, new_value=title)


def _kind(message: Json, forwarded: Json) -> records.MessageKind:
    raw = a_text(message.get("type")) or "Default"
    if raw == "Call":
        return records.MessageKind.CALL
    if raw not in _PLAIN:
        return records.MessageKind.SYSTEM
    files = a_list(message.get("attachments")) or a_list(forwarded.get("attachments"))
    if files:
        kinds = {exports.kind_of_file(a_text(a_dict(f).get("fileName")) or "") for f in files}
        return kinds.pop() if len(kinds) == 1 else records.MessageKind.MEDIA
    if message.get("stickers") or forwarded.get("stickers"):
        return records.MessageKind.STICKER
    return records.MessageKind.TEXT


def _embeds(message: Json, forwarded: Json) -> Iterator[Json]:
    for embed in (*a_list(message.get("embeds")), *a_list(forwarded.get("embeds"))):
        yield a_dict(embed)


def _links(message: Json, forwarded: Json) -> Iterator[str]:
    """Links of the embeds, and behind buttons."""
    for embed in _embeds(message, forwarded):
        if url := a_text(embed.get("url")):
            yield url
    waiting = list(map(a_dict, a_list(message.get("components"))))
    while waiting:
        component = waiting.pop(0)
        if url := a_text(component.get("url")):
            yield url
        waiting += map(a_dict, a_list(component.get("components")))


def _of_embeds(message: Json, forwarded: Json) -> Iterator[str]:
    """Words of the embeds."""
    for embed in _embeds(message, forwarded):
        fields = map(a_dict, a_list(embed.get("fields")))
        words = (embed.get("title"), embed.get("description"))
        pairs = (v for field in fields for v in (field.get("name"), field.get("value")))
        yield from filter(None, map(a_text, (*words, *pairs)))


def _time(value: Any) -> tuple[datetime | None, str | None]:
    """A time in UTC, and as written; without an offset it is local."""
    written = a_text(value)
    if written is None:
        return None, None
    try:
        read = datetime.fromisoformat(written)
        return (read.astimezone(UTC) if read.tzinfo else None), written
    except (ValueError, OverflowError):
        return None, written


READER = Reader(
    name="discord-exporter",
    version="2",
    files=("*.json",),
    forms=("json",),
    probe=probe,
    rows_of=read,
    yields=(*exports.TABLES, records.Invite, records.Call, records.Reaction, records.Unread),
    knows=("DiscordChatExporter 2.x, JSON, whole or in parts",),
    cannot=(
        "its HTML, CSV and text exports",
        "members who posted nothing",
        "pictures that are only linked to",
    ),
)  # fmt: skip
