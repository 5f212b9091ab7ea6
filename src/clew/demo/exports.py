"""Chats exported as text by a phone, in the language and with the labels of its holder."""

import hashlib
import random
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from importlib import resources
from itertools import cycle, islice
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from clew.demo import archives
from clew.demo.accounts import Account
from clew.demo.groups import Group
from clew.demo.messages import milliseconds
from clew.demo.people import saved_name
from clew.demo.retained import Kept, file_name
from clew.demo.seizure import Device, time_zone
from clew.demo.world import Network

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
    text = resources.files("clew.demo").joinpath("exports.toml").read_text("utf-8")
    return msgspec.toml.decode(text, type=dict[str, Style])


class Export(msgspec.Struct, frozen=True):
    """A chat as text, with the files sent along, and the message that each line begins."""

    name: str
    text: bytes
    files: dict[str, bytes]
    lines: int
    keys: dict[str, str]

    def members(self) -> dict[str, bytes]:
        """All files of it, the text first."""
        return {self.name: self.text, **self.files}

    def true_messages(self, jid: str) -> dict[str, str]:
        """The messages of the group that those of the export are, by file and position."""
        digest = hashlib.sha256(self.text).hexdigest()
        return {f"{digest}#{where}": f"whatsapp:{jid}/{key}" for where, key in self.keys.items()}


class TextExports:
    """Writes exports of one holder's chats, and gives each with its group."""

    def __init__(self, network: Network, device: Device, chance: random.Random) -> None:
        self._network, self._device, self._chance = network, device, chance
        self._me = network.accounts.people[device.holder]
        self._zone = ZoneInfo(time_zone(device))
        self._labels: dict[int, str] = {}

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
            yield (
                self._network.groups.all[number],
                sorted(sent, key=lambda k: (k.sent, k.message.number)),
            )

    def _export(
        self, style: Style, group: Group, sent: list[Kept], *, notices: bool = False
    ) -> Export:
        lines = [self._created(style, group)] if notices else []
        files: dict[str, bytes] = {}
        keys: dict[str, str] = {}
        for one in sent:
            keys[f"line/{sum(line.count(_FEED) + 1 for line in lines) + 1}"] = one.message.key
            lines.append(self._line(style, one, files, attach=style.ios or not notices))
        lines += [self._left(style, group, sent[-1])] if notices else []
        ending = "\r\n" if style.ios else _FEED
        text = (ending.join(lines) + ending).encode()
        return Export(style.name.format(t=group.title), text, files, len(lines), keys)

    def _line(self, style: Style, one: Kept, files: dict[str, bytes], *, attach: bool) -> str:
        message = one.message
        body = message.text or ""
        if message.variant is not None and not one.revoked:
            data = self._network.files.of(message.variant).data if attach else None
            mark = style.media if data is None or style.ios else style.attached
            body = f"{_MARK if style.ios else ''}{mark.format(f=file_name(one))}"
            if data is not None:
                files[file_name(one)] = data
        if message.invites is not None:
            code = self._network.groups.all[message.invites].code
            body = f"https://chat.whatsapp.com/{code}"
        label = self._label(message.person, message.account)
        return f"{self._header(style, one.sent)}{label}: {body}"

    def _created(self, style: Style, group: Group) -> str:
        creator = self._network.accounts.people[group.admins[0]]
        text = style.created.format(a=self._label(creator.number, creator.accounts[0]),
                                    t=group.title)  # fmt: skip
        return self._notice(style, group, milliseconds(group.since), text)

    def _left(self, style: Style, group: Group, last: Kept) -> str:
        gone = last.message
        text = style.left.format(a=self._label(gone.person, gone.account))
        return self._notice(style, group, last.sent + 60_000, text)

    def _notice(self, style: Style, group: Group, at: int, text: str) -> str:
        who = f"{group.title}: {_MARK}" if style.ios else ""
        return f"{self._header(style, at)}{who}{text}"

    def _header(self, style: Style, at: int) -> str:
        written = datetime.fromtimestamp(at / 1000, self._zone).strftime(style.clock)
        return style.header.format(at=written)

    def _label(self, person: int, number: int) -> str:
        """What the exporting phone calls a sender: its own name for some, the number for others."""
        if person not in self._labels:
            accounts = self._network.accounts
            known = person == self._device.holder or self._chance.random() < 0.35
            self._labels[person] = (
                saved_name(accounts.people[person], self._me, self._chance).replace(":", "")
                if known else _number(self._network.numbered(accounts.all[number]))
            )  # fmt: skip
        return self._labels[person]


def copies(
    network: Network, folder: Path, messages: list[Kept], part: float, chance: random.Random
) -> list[str]:
    """Copy part of the files that were shared; hashes of those that were written are returned."""
    written = []
    for one in messages:
        if one.message.variant is None or chance.random() >= part:
            continue
        file = network.files.of(one.message.variant)
        if file.data is not None:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / file_name(one)).write_bytes(file.data)
            written.append(file.sha256)
    return written


def _number(account: Account) -> str:
    digits = account.phone or "0"
    return f"+{digits[:2]} {digits[2:5]} {digits[5:8]} {digits[8:]}".rstrip()
