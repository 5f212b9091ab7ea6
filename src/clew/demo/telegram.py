"""Telegram Desktop's export of one holder's chats, ``result.json``."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

from clew.demo.accounts import Account, AccountKind
from clew.demo.groups import Group
from clew.demo.messages import DAY, START, Message
from clew.demo.people import Person, saved_name
from clew.demo.retained import near
from clew.demo.world import DeviceWriter

_NOT_INCLUDED = "(File not included. Change data exporting settings to download.)"


class TelegramExport(DeviceWriter):
    """Writes what the holder of a device exported of Telegram."""

    def write(self, file: Path) -> int:
        """Write the export; how many messages stand in it is returned."""
        joined = self._joined()
        groups = [self._world.groups.all[n] for n in joined]
        chats = [self._chat(g, joined[g.number]) for g in groups if g.telegram]
        chats = [c for c in chats if c["messages"]]
        if not chats:
            return 0
        me, number = self._registered(self._me)
        about = {
            "about": "Here is the data you requested.",
            "personal_information": {
                "user_id": me.telegram, "first_name": me.shown, "last_name": "",
                "phone_number": f"+{number}", "username": f"@{me.username or ''}", "bio": "",
            },
            "contacts": {"about": "Contacts.", "list": list(self._contacts(joined))},
            "chats": {"about": "This page lists all chats from this export.", "list": chats},
        }  # fmt: skip
        file.write_text(json.dumps(about, ensure_ascii=False, indent=1), encoding="utf-8")
        return sum(len(c["messages"]) for c in chats)

    def _contacts(self, joined: dict[int, float]) -> Iterator[dict[str, object]]:
        """People of the address book whose first number is registered with Telegram."""
        world = self._world
        chance = Random(f"{world.parameters.seed} contacts {self._me.number}")
        for number in near(world, self._me.number, joined, chance):
            one = world.accounts.people[number]
            if world.accounts.of(one, AccountKind.TELEGRAM):
                account, phone = self._registered(one)
                yield {
                    "user_id": account.telegram, "first_name": saved_name(one, self._me, chance),
                    "last_name": "", "phone_number": f"+{phone}",
                }  # fmt: skip

    def _registered(self, one: Person) -> tuple[Account, str]:
        """A person's Telegram account, and the number that it is registered with."""
        first = self._world.accounts.of(one, AccountKind.FIRST)[0]
        assert first.phone is not None
        return self._world.accounts.of(one, AccountKind.TELEGRAM)[0], first.phone

    def _joined(self) -> dict[int, float]:
        """Groups that the holder had joined, and the last day there, in the order of numbers."""
        found: dict[int, float] = {}
        for member in self._world.groups.of_person.get(self._device.holder, []):
            if member.since < self._device.seized:
                found[member.group] = max(found.get(member.group, 0.0), member.until)
        return dict(sorted(found.items()))

    def _chat(self, group: Group, until: float) -> dict[str, Any]:
        """A supergroup: the cloud shows its whole history to whoever is in it."""
        end = START + min(until, self._device.seized) * DAY
        sent = enumerate(self._world.messages.get(group.number, ()), start=1)
        messages = [self._record(n, m) for n, m in sent if m.at < end]
        return {"name": group.title, "type": "private_supergroup", "id": group.peer,
                "messages": messages}  # fmt: skip

    def _record(self, number: int, message: Message) -> dict[str, Any]:
        account = self._world.account(message.account)
        record: dict[str, Any] = {
            "id": number, "type": "message",
            "date": datetime.fromtimestamp(message.at, self._zone).strftime("%Y-%m-%dT%H:%M:%S"),
            "date_unixtime": str(int(message.at)),
            "from": account.shown or "Deleted Account", "from_id": f"user{account.telegram}",
        }  # fmt: skip
        if message.forwarded:
            record["forwarded_from"] = "Somebody"
        if message.variant is not None:
            record |= {"photo": _NOT_INCLUDED, "width": 320, "height": 240}
        record["text"] = message.text or ""
        return record
