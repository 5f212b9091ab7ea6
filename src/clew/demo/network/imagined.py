"""All of the operation as it happened, before anything of it is written."""

from __future__ import annotations

import random

import msgspec

from clew.demo.network.accounts import Accounts
from clew.demo.network.cascades import Cascades
from clew.demo.network.files import Files, Media
from clew.demo.network.groups import Groups
from clew.demo.network.messages import all_messages
from clew.demo.network.parameters import Parameters
from clew.demo.network.people import give_parts
from clew.demo.network.phones import Network, in_order
from clew.demo.network.seizure import Device, search_homes


class Truth(msgspec.Struct, frozen=True):
    """All that happened, and all that was seized."""

    network: Network
    cascades: Cascades
    devices: list[Device]


def imagine(parameters: Parameters, media: Media = Media.NONE) -> Truth:
    """Make up the operation; nothing is written."""
    chance = random.Random(parameters.seed)  # noqa: S311 - a demo, not a secret
    held = Accounts(parameters, chance)
    give_parts(held.people, parameters, chance)
    held.present()
    groups = Groups(parameters, held, chance)
    cascades = Cascades(parameters, held, groups, chance)
    devices = search_homes(parameters, held, groups, chance)
    by_group, private = in_order(all_messages(parameters, held, groups, cascades, chance))
    origin = {s.variant: (s.content, s.generation) for s in cascades.shares}
    files = Files(parameters.seed, media, origin)
    return Truth(Network(parameters, held, groups, by_group, private, files), cascades, devices)
