"""Chats exported as text by a phone, in the language and with the labels of its holder."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from itertools import cycle, islice
from pathlib import Path
from random import Random

import msgspec

from clew.demo import archives
from clew.demo.groups import Group
from clew.demo.messages import milliseconds
from clew.demo.parameters import resource
from clew.demo.people import saved_name
from clew.demo.retained import Kept, file_name
from clew.demo.seizure import Device
from clew.demo.world import DeviceWriter, World

_MOST_LINES = 10_000
"""WhatsApp cuts an export with files here, and one without at about four times that."""
_MOST_ON_LAPTOP = 120
_MARK, _FEED = "\u200e", "\n"
_DATE = (2025, 12, 20, 0, 0, 0)


class Style(msgspec.Struct, frozen=True):
    """How a phone of one language writes an export."""

    name: str
    header: str
    clock: str
    created: str
    left: str
    media: str
    attached: str
    ios: bool = False


@cache
def styles() -> dict[str, Style]:
    """Styles by language."""
    return msgspec.toml.decode(resource("exports.toml"), type=dict[str, Style])


class Export(msgspec.Struct, frozen=True):
    """A chat as text, with the files sent along, and the message that each line begins."""

    name: str
    text: bytes
    files: dict[str, bytes]
    lines: int
    keys: dict[str, str]
    labels: dict[str, set[int]]
    """Persons whom each label stands for: two where the phone calls them alike."""

    def members(self) -> dict[str, bytes]:
        """All files of it, the text first."""
        return {self.name: self.text, **self.files}

    def true_messages(self, jid: str) -> dict[str, str]:
        """The messages of the group that those of the export are, by file and position."""
        return {
            f"{self._digest}#{where}": f"whatsapp:{jid}/{key}" for where, key in self.keys.items()
        }

    def persons(self) -> dict[str, set[int]]:
        """Persons behind the accounts that the export's labels are read as."""
        scope = f"whatsapp:label:{self._digest[:16]}"
        return {f"{scope}:{label}": persons for label, persons in self.labels.items()}

    @property
    def chat_id(self) -> str:
        """Conversation that the export is read as."""
        return f"whatsapp:export:{self._digest}"

    @property
    def _digest(self) -> str:
        return hashlib.sha256(self.text).hexdigest()


class TextExports(DeviceWriter):
    """Writes exports of one holder's chats, and gives each with its group."""

    def __init__(self, world: World, device: Device, chance: Random) -> None:
        super().__init__(world, device, chance)
        self._labels: dict[int, str] = {}
        self._named: defaultdict[str, set[int]] = defaultdict(set)

    def archives(self, folder: Path, messages: list[Kept]) -> Iterator[tuple[Group, Export]]:
        """Write an archive for each group, in the holder's language."""
        for group, sent in self._chats(messages):
            export = self._export(styles()[self._me.language], group, sent[-_MOST_LINES:])
            file = folder / f"WhatsApp Chat - {group.title} {group.number}.zip"
            file.write_bytes(archives.plain(dict(sorted(export.members().items())), _DATE))
            yield group, export

    def documents(
        self, folder: Path, messages: list[Kept], most: int
    ) -> Iterator[tuple[Group, Export]]:
        """Write some groups as they lie on a laptop: each in another language, with notices."""
        folder.mkdir(parents=True)
        chats = islice(self._chats(messages), most)
        for (group, sent), style in zip(chats, cycle(styles().values()), strict=False):
            export = self._export(style, group, sent[:_MOST_ON_LAPTOP], notices=True)
            if export.files:
                data = archives.plain(export.members())
                (folder / f"WhatsApp Chat - {group.title}.zip").write_bytes(data)
            else:
                (folder / export.name).write_bytes(export.text)
            yield group, export

    def _chats(self, messages: list[Kept]) -> Iterator[tuple[Group, list[Kept]]]:
        for number in sorted({k.message.group for k in messages if k.message.group is not None}):
            sent = [k for k in messages if k.message.group == number]
            sent.sort(key=lambda k: (k.sent, k.message.number))
            yield self._world.groups.all[number], sent

    def _export(
        self, style: Style, group: Group, sent: list[Kept], *, notices: bool = False
    ) -> Export:
        lines, creator = [], self._world.accounts.people[group.admins[0]]
        self._named = defaultdict(set)
        if notices:
            who = creator.number, creator.accounts[0]
            since = milliseconds(group.since)
            lines.append(self._notice(style, group, since, style.created, who))
        files: dict[str, bytes] = {}
        keys: dict[str, str] = {}
        for one in sent:
            keys[f"line/{sum(line.count(_FEED) + 1 for line in lines) + 1}"] = one.message.key
            lines.append(self._line(style, one, files, attach=style.ios or not notices))
        if notices:
            last = sent[-1]
            who = last.message.person, last.message.account
            lines.append(self._notice(style, group, last.sent + 60_000, style.left, who))
        ending = "\r\n" if style.ios else _FEED
        text = (ending.join(lines) + ending).encode()
        return Export(
            style.name.format(t=group.title), text, files, len(lines), keys, dict(self._named)
        )

    def _line(self, style: Style, one: Kept, files: dict[str, bytes], *, attach: bool) -> str:
        message = one.message
        body = message.text or ""
        if message.variant is not None and not one.revoked:
            data = self._world.files.of(message.variant).data if attach else None
            mark = style.media if data is None or style.ios else style.attached
            body = f"{_MARK if style.ios else ''}{mark.format(f=file_name(one))}"
            if data is not None:
                files[file_name(one)] = data
        if message.invites is not None:
            body = f"https://chat.whatsapp.com/{self._world.groups.all[message.invites].code}"
        return (
            f"{self._header(style, one.sent)}{self._label(message.person, message.account)}: {body}"
        )

    def _notice(self, style: Style, group: Group, at: int, words: str, who: tuple[int, int]) -> str:
        """A line that the messenger wrote by itself, about a person and the account used."""
        text = words.format(a=self._label(*who), t=group.title)
        return f"{self._header(style, at)}{f'{group.title}: {_MARK}' if style.ios else ''}{text}"

    def _header(self, style: Style, at: int) -> str:
        written = datetime.fromtimestamp(at / 1000, self._zone).strftime(style.clock)
        return style.header.format(at=written)

    def _label(self, person: int, number: int) -> str:
        """What the exporting phone calls a sender: its own name for some, the number for others."""
        if person not in self._labels:
            accounts = self._world.accounts
            if person == self._device.holder or self._chance.random() < 0.35:
                name = saved_name(accounts.people[person], self._me, self._chance)
                self._labels[person] = name.replace(":", "")
            else:
                digits = self._world.numbered(accounts.all[number]).phone or "0"
                parts = (digits[:2], digits[2:5], digits[5:8], digits[8:])
                self._labels[person] = "+" + " ".join(parts).rstrip()
        self._named[self._labels[person]].add(person)
        return self._labels[person]


def copies(
    world: World, folder: Path, messages: list[Kept], part: float, chance: Random
) -> list[str]:
    """Copy part of the files that were shared; hashes of those that were written are returned."""
    written = []
    for one in messages:
        if one.message.variant is None or chance.random() >= part:
            continue
        file = world.files.of(one.message.variant)
        if file.data is not None:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / file_name(one)).write_bytes(file.data)
            written.append(file.sha256)
    return written
