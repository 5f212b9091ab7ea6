"""Chats exported as text, in five languages, as phones write them."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import msgspec

from clew.demo.pictures import Picture
from clew.demo.world import Group, Message, World

_LRM = "\u200e"
_MOST = 120
_FEED = "\n"


class Export(msgspec.Struct, frozen=True):
    """A text export: its name, its text, and the pictures sent with it."""

    name: str
    text: str
    messages: int
    pictures: dict[str, bytes] = {}
    keys: dict[str, str] = {}
    """Key of each message by its place in the export."""

    def true_messages(self, jid: str) -> dict[str, str]:
        """The messages of the group that those of the export are, by file and place."""
        digest = hashlib.sha256(self.text.encode()).hexdigest()
        return {f"{digest}#{where}": f"whatsapp:{jid}/{key}" for where, key in self.keys.items()}


class Style(msgspec.Struct, frozen=True):
    """How a phone of one language writes an export."""

    name: str
    header: str
    clock: str
    created: str
    added: str
    left: str
    media: str
    ios: bool = False


STYLES = {
    "es": Style(
        "_chat.txt", "[{at}] ", "%d/%m/%y, %H:%M:%S", "{a} creó el grupo “{t}”",
        "{a} añadió a {b}", "{a} salió del grupo", "<adjunto: {f}>", ios=True,
    ),
    "pt": Style(
        "Conversa do WhatsApp com {t}.txt", "{at} - ", "%d/%m/%Y %H:%M",
        "{a} criou o grupo “{t}”", "{a} adicionou {b}", "{a} saiu", "<Mídia oculta>",
    ),
    "it": Style(
        "Chat WhatsApp con {t}.txt", "{at} - ", "%d/%m/%y, %H:%M",
        "{a} ha creato il gruppo “{t}”", "{a} ha aggiunto {b}", "{a} ha abbandonato",
        "<Media omessi>",
    ),
    "de": Style(
        "WhatsApp Chat mit {t}.txt", "{at} - ", "%d.%m.%y, %H:%M",
        "{a} hat die Gruppe „{t}“ erstellt", "{a} hat {b} hinzugefügt",
        "{a} hat die Gruppe verlassen", "<Medien ausgeschlossen>",
    ),
    "en": Style(
        "WhatsApp Chat with {t}.txt", "{at} - ", "%m/%d/%y, %I:%M\u202f%p",
        '{a} created group "{t}"', "{a} added {b}", "{a} left", "<Media omitted>",
    ),
}  # fmt: skip


def write(world: World, group: Group, pictures: list[Picture]) -> Export:
    """Export the first messages of a group in its language."""
    style = STYLES[group.language]
    sent = [m for m in world.messages if m.group == group.number][:_MOST]
    lines = [
        _notice(style, group, group.created, style.created.format(a=_label(0), t=group.title)),
        _notice(
            style, group, group.created + 1000,
            style.added.format(a=_label(group.members[0]), b=_label(group.members[1])),
        ),
    ]  # fmt: skip
    files: dict[str, bytes] = {}
    keys: dict[str, str] = {}
    for number, message in enumerate(sent):
        keys[f"line/{sum(line.count(_FEED) + 1 for line in lines) + 1}"] = message.key
        lines.append(_line(world, style, message, number, pictures, files))
    if group.left is not None:
        at = max(group.ended, sent[-1].at)
        lines.append(_notice(style, group, at, style.left.format(a=_label(group.left))))
    ending = "\r\n" if style.ios else "\n"
    text = ending.join(lines) + ending
    return Export(style.name.format(t=group.title), text, len(lines), files, keys)


def _line(  # noqa: PLR0913, PLR0917 - what a line is made of
    world: World,
    style: Style,
    message: Message,
    number: int,
    pictures: list[Picture],
    files: dict[str, bytes],
) -> str:
    body = message.text or ""
    if message.picture is not None:
        day = datetime.fromtimestamp(message.at / 1000, UTC)
        name = f"{number:08d}-PHOTO-{day:%Y-%m-%d-%H-%M-%S}.jpg"
        mark = style.media.format(f=name)
        body = f"{_LRM}{mark}" if style.ios else mark
        if style.ios:
            files[name] = pictures[message.picture].data
    elif message.invites is not None:
        body = f"https://chat.whatsapp.com/{world.groups[message.invites].code}"
    elif number % 9 == 4:
        body = f"{body}\n{body}"
    return f"{_header(style, message.at)}{_label(message.sender)}: {body}"


def _notice(style: Style, group: Group, at: int, text: str) -> str:
    who = f"{group.title}: {_LRM}" if style.ios else ""
    return f"{_header(style, at)}{who}{text}"


def _header(style: Style, at: int) -> str:
    written = datetime.fromtimestamp(at / 1000, UTC).strftime(style.clock)
    return style.header.format(at=written)


def _label(person: int) -> str:
    return f"Contact {person:02d}"
