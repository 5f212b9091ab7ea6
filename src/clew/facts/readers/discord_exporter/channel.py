"""The channel of a Discord export, and the guild it belongs to."""

from collections.abc import Iterator
from typing import Any

from clew.facts.json_values import Json, a_dict, a_number, a_text
from clew.facts.reader_api import Found
from clew.records import Chat, ChatType
from clew.schema import Id

_TYPES = {
    "DirectTextChat": ChatType.ONE_TO_ONE,
    "DirectGroupTextChat": ChatType.GROUP,
    "GuildNews": ChatType.CHANNEL,
    "GuildAnnouncement": ChatType.CHANNEL,
}


class Channel:
    """What an export says of its channel."""

    def __init__(self, found: Found) -> None:
        self.chat_id: Id[Chat] = Id(f"discord:file:{found.source_id[:16]}")
        self.type_raw: str | None = None
        self.stated: int | None = None
        """Messages that the export says it holds."""
        self._guild: Json = {}
        self._channel: Json = {}

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
    def chat_type(self) -> ChatType:
        """Kind of chat."""
        if self.type_raw is None:
            return ChatType.UNKNOWN
        is_of_guild = ChatType.GROUP if self.type_raw.startswith("Guild") else ChatType.UNKNOWN
        return _TYPES.get(self.type_raw, is_of_guild)

    def rows(self, fact: Json) -> Iterator[Chat]:
        """The guild, and the channel as part of it; a thread is part of its channel."""
        guild = a_text(self._guild.get("id"))
        parent: Id[Chat] | None = None
        if guild and guild != "0":
            parent = Id(f"discord:guild:{guild}")
            yield Chat(
                **fact,
                locator="/guild",
                chat_id=parent,
                platform="discord",
                chat_type=ChatType.COMMUNITY,
                subject=a_text(self._guild.get("name")),
            )
        category = a_text(self._channel.get("categoryId"))
        if category and self.type_raw and "Thread" in self.type_raw:
            parent = Id(f"discord:{category}")
        yield Chat(
            **fact,
            locator="/channel",
            chat_id=self.chat_id,
            platform="discord",
            chat_type=self.chat_type,
            subject=a_text(self._channel.get("name")),
            description=a_text(self._channel.get("topic")),
            parent_chat_id=parent,
        )
