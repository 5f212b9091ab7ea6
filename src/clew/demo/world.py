"""All of the operation as it happened, before anything of it is written."""

import random

import msgspec

from clew.demo.accounts import Account, Accounts
from clew.demo.cascades import Cascades
from clew.demo.files import Files
from clew.demo.groups import Groups
from clew.demo.messages import Message, all_messages
from clew.demo.parameters import Parameters
from clew.demo.people import give_parts
from clew.demo.seizure import Device, search_homes


class Network(msgspec.Struct, frozen=True):
    """All of the truth that a device draws on."""

    parameters: Parameters
    accounts: Accounts
    groups: Groups
    messages: dict[int, list[Message]]
    """Messages of each group, in the order of time."""
    private: list[Message]
    files: Files

    def numbered(self, account: Account) -> Account:
        """The account with a number: the one behind a hidden id, or itself."""
        return account if account.alias_of is None else self.accounts.all[account.alias_of]


class World(msgspec.Struct, frozen=True):
    """All that happened, and all that was seized."""

    network: Network
    cascades: Cascades
    devices: list[Device]


def imagine(parameters: Parameters) -> World:
    """Make up the operation; nothing is written."""
    chance = random.Random(parameters.seed)  # noqa: S311 - a demo, not a secret
    accounts = Accounts(parameters, chance)
    give_parts(accounts.people, parameters, chance)
    accounts.present()
    groups = Groups(parameters, accounts, chance)
    cascades = Cascades(parameters, accounts, groups, chance)
    devices = search_homes(parameters, accounts, groups, chance)
    by_group: dict[int, list[Message]] = {}
    private: list[Message] = []
    for message in all_messages(parameters, accounts, groups, cascades, chance):
        into = private if message.group is None else by_group.setdefault(message.group, [])
        into.append(message)
    origin = {s.variant: (s.content, s.generation) for s in cascades.shares}
    files = Files(parameters.seed, parameters.media, origin)
    return World(Network(parameters, accounts, groups, by_group, private, files), cascades, devices)
