"""Telegram Desktop's export of one holder's chats, ``result.json``."""

import json
import random
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from clew.demo.accounts import Account, AccountKind
from clew.demo.groups import Group, Membership
from clew.demo.messages import DAY, START, Message
from clew.demo.people import Person, saved_name
from clew.demo.retained import near
from clew.demo.seizure import Device, time_zone
from clew.demo.world import Network

_NOT_INCLUDED = "(File not included. Change data exporting settings to download.)"


class TelegramExport:
    """Writes what the holder of a device exported of Telegram."""

    def __init__(self, network: Network, device: Device) -> None:
        self._network, self._device = network, device
        self._me = network.accounts.people[device.holder]
        self._zone = ZoneInfo(time_zone(device))

    def write(self, file: Path) -> int:
        """Write the export; how many messages stand in it is returned."""
        groups = (self._network.groups.all[n] for n in sorted({m.group for m in self._joined()}))
        chats = [self._chat(group) for group in groups if group.telegram]
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
        groups = sorted({m.group for m in self._joined()})
        chance = random.Random(f"{network.parameters.seed} contacts {self._me.number}")  # noqa: S311 - a demo
        for number in near(network, self._me.number, groups, chance):
            one = network.accounts.people[number]
            if network.accounts.of(one, AccountKind.TELEGRAM):
                account, phone = self._registered(one)
                yield {
                    "user_id": account.telegram, "first_name": saved_name(one, self._me, chance),
                    "last_name": "", "phone_number": f"+{phone}",
                }  # fmt: skip

    def _registered(self, one: Person) -> tuple[Account, str]:
        """A person's Telegram account, and the number that it is registered with."""
        accounts = self._network.accounts
        first, account = (
            accounts.of(one, kind)[0] for kind in (AccountKind.FIRST, AccountKind.TELEGRAM)
        )
        assert first.phone is not None
        return account, first.phone

    def _joined(self) -> list[Membership]:
        found = self._network.groups.of_person.get(self._device.holder, [])
        return [m for m in found if m.since < self._device.seized]

    def _chat(self, group: Group) -> dict[str, Any]:
        """A supergroup: the cloud shows its whole history to whoever is in it."""
        until = min(
            max(m.until for m in self._joined() if m.group == group.number), self._device.seized
        )
        messages = [
            self._record(n, m)
            for n, m in enumerate(self._network.messages.get(group.number, ()), start=1)
            if m.at < START + until * DAY
        ]
        return {"name": group.title, "type": "private_supergroup", "id": group.peer,
                "messages": messages}  # fmt: skip

    def _record(self, number: int, message: Message) -> dict[str, Any]:
        account = self._network.accounts.all[message.account]
        record: dict[str, Any] = {
            "id": number, "type": "message",
            "date": datetime.fromtimestamp(message.at, self._zone).strftime("%Y-%m-%dT%H:%M:%S"),
            "date_unixtime": str(int(message.at)),
            "from": account.shown or "Deleted Account", "from_id": f"user{account.telegram}",
        }  # fmt: skip
        if message.forwarded:
            record["forwarded_from"] = "Somebody"
        if message.variant is not None:
            record["photo"] = _NOT_INCLUDED
            record |= {"width": 320, "height": 240}
        record["text"] = message.text or ""
        return record
