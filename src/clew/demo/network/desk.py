"""What lies beside the phones: chats exported as text, Telegram's export, copies of files."""

from __future__ import annotations

import io
import json
import random
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from clew.demo.exports import STYLES, Style
from clew.demo.network.accounts import Account, AccountKind
from clew.demo.network.groups import Group
from clew.demo.network.messages import Message
from clew.demo.network.people import Person, saved_name
from clew.demo.network.phones import Kept, Network, file_name, near
from clew.demo.network.seizure import Device, time_zone

_MOST_LINES = 10_000
"""WhatsApp cuts an export with files here, and one without at about four times that."""
_ATTACHED = {
    "es": "{f} (archivo adjunto)", "pt": "{f} (ficheiro anexado)", "it": "{f} (file allegato)",
    "de": "{f} (Datei angehängt)", "en": "{f} (file attached)",
}  # fmt: skip


class Desk:
    """Writes exports of one holder's chats."""

    def __init__(self, network: Network, device: Device, chance: random.Random) -> None:
        self._network, self._device, self._chance = network, device, chance
        self._me = network.held.people[device.holder]
        self._labels: dict[int, str] = {}

    def text_exports(self, folder: Path, messages: list[Kept]) -> int:
        """Write an archive for each group; how many messages stand in them is returned."""
        total = 0
        for number in sorted(self._device.since):
            group = self._network.groups.all[number]
            mine = [k for k in messages if k.message.group == number and not group.telegram]
            mine = sorted(mine, key=lambda k: (k.sent, k.message.number))[-_MOST_LINES:]
            if mine:
                total += len(mine)
                self._archive(folder / f"WhatsApp Chat - {group.title} {number}.zip", group, mine)
        return total

    def _archive(self, file: Path, group: Group, messages: list[Kept]) -> None:
        style = STYLES[self._me.language]
        zone = ZoneInfo(time_zone(self._device))
        members: dict[str, bytes] = {}
        lines = [self._line(style, zone, one, members) for one in messages]
        ending = "\r\n" if style.ios else "\n"
        members[style.name.format(t=group.title)] = (ending.join(lines) + ending).encode()
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in sorted(members.items()):
                entry = zipfile.ZipInfo(name, (2025, 12, 20, 0, 0, 0))
                archive.writestr(entry, data, zipfile.ZIP_DEFLATED)
        file.write_bytes(held.getvalue())

    def _line(self, style: Style, zone: ZoneInfo, one: Kept, members: dict[str, bytes]) -> str:
        message = one.message
        at = datetime.fromtimestamp(one.sent / 1000, zone).strftime(style.clock)
        body = message.text or ""
        if message.variant is not None and not one.revoked:
            file = self._network.files.of(message.variant)
            body = style.media.format(f=file_name(one))
            if file.data is not None:
                members[file_name(one)] = file.data
                body = body if style.ios else _ATTACHED[self._me.language].format(f=file_name(one))
            body = f"\u200e{body}" if style.ios else body
        if message.invites is not None:
            code = self._network.groups.all[message.invites].code
            body = f"https://chat.whatsapp.com/{code}"
        return f"{style.header.format(at=at)}{self._label(message)}: {body}"

    def _label(self, message: Message) -> str:
        """What the exporting phone calls a sender: its own name for some, the number for others."""
        if message.person not in self._labels:
            one, held = self._network.held.people[message.person], self._network.held
            known = message.person == self._device.holder or self._chance.random() < 0.35
            account = held.all[message.account]
            shown = held.all[account.alias_of] if account.alias_of is not None else account
            self._labels[message.person] = (
                saved_name(one, self._me, self._chance).replace(":", "")
                if known else _number(shown)
            )  # fmt: skip
        return self._labels[message.person]

    def telegram(self, file: Path) -> int:
        """Write Telegram Desktop's ``result.json``; how many messages stand in it is returned."""
        chats = [
            self._chat(group)
            for number in sorted({m.group for m in self._memberships()})
            if (group := self._network.groups.all[number]).telegram
        ]
        chats = [c for c in chats if c["messages"]]
        if not chats:
            return 0
        about = {
            "about": "Here is the data you requested.",
            "personal_information": self._personal(),
            "contacts": {"about": "Contacts.", "list": list(self._contacts())},
            "chats": {"about": "This page lists all chats from this export.", "list": chats},
        }
        file.write_text(json.dumps(about, ensure_ascii=False, indent=1), encoding="utf-8")
        return sum(len(c["messages"]) for c in chats)

    def _personal(self) -> dict[str, object]:
        """Whose account it is, with the number that it is registered with."""
        account, number = self._registered(self._me)
        return {
            "user_id": account.telegram, "first_name": account.shown, "last_name": "",
            "phone_number": f"+{number}", "username": f"@{account.username or ''}", "bio": "",
        }  # fmt: skip

    def _contacts(self) -> Iterator[dict[str, object]]:
        """People of the address book whose first number is registered with Telegram."""
        network = self._network
        groups = sorted({m.group for m in self._memberships()})
        chance = random.Random(f"{network.parameters.seed} contacts {self._me.number}")  # noqa: S311 - a demo
        for number in near(network, self._me.number, groups, chance):
            one = network.held.people[number]
            if network.held.of(one, AccountKind.TELEGRAM):
                account, phone = self._registered(one)
                yield {
                    "user_id": account.telegram, "first_name": saved_name(one, self._me, chance),
                    "last_name": "", "phone_number": f"+{phone}",
                }  # fmt: skip

    def _registered(self, one: Person) -> tuple[Account, str]:
        """A person's Telegram account, and the number that it is registered with."""
        held = self._network.held
        (first, *_), (account, *_) = (
            held.of(one, AccountKind.FIRST), held.of(one, AccountKind.TELEGRAM)
        )  # fmt: skip
        assert first.phone is not None
        return account, first.phone

    def _memberships(self) -> list:  # type: ignore[type-arg]
        found = self._network.groups.of_person.get(self._device.holder, [])
        return [m for m in found if m.since < self._device.seized]

    def _chat(self, group: Group) -> dict:  # type: ignore[type-arg]
        """A supergroup: the cloud shows its whole history to whoever is in it."""
        until = min(
            max(m.until for m in self._memberships() if m.group == group.number),
            self._device.seized,
        )
        messages = [
            self._record(n, m)
            for n, m in enumerate(self._network.messages.get(group.number, ()), start=1)
            if m.at < _second(until)
        ]
        return {"name": group.title, "type": "private_supergroup", "id": group.peer,
                "messages": messages}  # fmt: skip

    def _record(self, number: int, message: Message) -> dict:  # type: ignore[type-arg]
        account = self._network.held.all[message.account]
        zone = ZoneInfo(time_zone(self._device))
        record = {
            "id": number, "type": "message",
            "date": datetime.fromtimestamp(message.at, zone).strftime("%Y-%m-%dT%H:%M:%S"),
            "date_unixtime": str(int(message.at)),
            "from": account.shown or "Deleted Account", "from_id": f"user{account.telegram}",
        }  # fmt: skip
        if message.forwarded:
            record["forwarded_from"] = "Somebody"
        if message.variant is not None:
            record["photo"] = "(File not included. Change data exporting settings to download.)"
            record |= {"width": 320, "height": 240}
        record["text"] = message.text or ""
        return record

    def copies(self, folder: Path, messages: list[Kept], part: float) -> int:
        """Copy files that were shared; how many files were written is returned."""
        written = 0
        for one in messages:
            variant = one.message.variant
            if variant is None or self._chance.random() >= part:
                continue
            data = self._network.files.of(variant).data
            if data is not None:
                folder.mkdir(parents=True, exist_ok=True)
                (folder / file_name(one)).write_bytes(data)
                written += 1
        return written


def _number(account: Account) -> str:
    digits = account.phone or "0"
    return f"+{digits[:2]} {digits[2:5]} {digits[5:8]} {digits[8:]}".rstrip()


def _second(day: float) -> float:
    return datetime(2024, 1, 1, tzinfo=UTC).timestamp() + day * 86_400
