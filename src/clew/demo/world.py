"""All of the operation as it happened, before anything of it is written."""

from random import Random
from zoneinfo import ZoneInfo

import msgspec

from clew.demo.accounts import Account, Accounts
from clew.demo.cascades import Cascades
from clew.demo.files import Files
from clew.demo.groups import Group, Groups
from clew.demo.messages import Message, all_messages
from clew.demo.parameters import Parameters
from clew.demo.people import give_parts
from clew.demo.seizure import Device, search_homes, time_zone


class World(msgspec.Struct, frozen=True):
    """All that happened, and all that was seized."""

    parameters: Parameters
    accounts: Accounts
    groups: Groups
    cascades: Cascades
    devices: list[Device]
    messages: dict[int, list[Message]]
    """Messages of each group, in the order of time."""
    private: list[Message]
    files: Files

    def account(self, number: int) -> Account:
        """An account by its number."""
        return self.accounts.all[number]

    def numbered(self, account: Account) -> Account:
        """The account with a number: the one behind a hidden id, or itself."""
        return account if account.alias_of is None else self.accounts.all[account.alias_of]

    def on_telegram(self, message: Message) -> bool:
        """Whether a message was sent in a group of Telegram's."""
        return message.group is not None and self.groups.all[message.group].telegram


class DeviceWriter:
    """What every writer of a device draws on: the world, the device, its holder and zone."""

    def __init__(self, world: World, device: Device, chance: Random | None = None) -> None:
        self._world, self._device, self._chance = world, device, chance or Random(0)
        self._me = world.accounts.people[device.holder]
        self._zone = ZoneInfo(time_zone(device))

    def _groups(self) -> list[Group]:
        """Groups of WhatsApp's that the device kept, in the order in which they were founded."""
        groups = (self._world.groups.all[number] for number in sorted(self._device.since))
        return [group for group in groups if not group.telegram]

    def _partner(self, message: Message) -> Account:
        """Who is on the other side of a message outside the groups."""
        if message.account not in self._device.accounts:
            return self._world.account(message.account)
        assert message.to is not None
        return self._world.account(self._world.accounts.people[message.to].accounts[0])


def imagine(parameters: Parameters) -> World:
    """Make up the operation; nothing is written."""
    chance = Random(parameters.seed)
    accounts = Accounts(parameters, chance)
    give_parts(accounts.people, parameters, chance)
    accounts.present()
    groups = Groups(accounts, chance)
    cascades = Cascades(groups, chance)
    devices = search_homes(groups, chance)
    by_group: dict[int, list[Message]] = {}
    private: list[Message] = []
    for message in all_messages(cascades, chance):
        into = private if message.group is None else by_group.setdefault(message.group, [])
        into.append(message)
    origin = {s.variant: (s.content, s.generation) for s in cascades.shares}
    files = Files(parameters.seed, parameters.media, origin)
    return World(parameters, accounts, groups, cascades, devices, by_group, private, files)
