"""What each phone kept of the operation's messages, and how it names what it kept."""

import math
from collections.abc import Iterable, Iterator
from random import Random

import msgspec

from clew.demo.groups import Group, Membership
from clew.demo.messages import DAY, START, Message
from clew.demo.parameters import Oddity
from clew.demo.seizure import Device
from clew.demo.world import World


class Kept(msgspec.Struct, frozen=True):
    """A message as one phone kept it."""

    message: Message
    mine: bool
    sent: int
    """Stamp of the message, in milliseconds: of the phone for its own, of the server for others."""
    received: int
    revoked: bool


def kept(world: World, device: Device, chance: Random) -> list[Kept]:
    """What a phone kept: of its groups from a day on, of its holder's own chats, less what is lost.

    Stamps of its own messages, and times of receipt, carry the error of its clock.
    """
    own = set(device.accounts)
    found = []
    for message in _seen(world, device):
        if chance.random() < world.parameters.lost_rows:
            continue
        mine = message.account in own
        ahead = device.clock.at((message.at - START) / DAY)
        late = 0.0 if mine else _delay(chance)
        missed = not mine and chance.random() < world.parameters.deletion_missed
        sent = int((message.at + ahead) * 1000) if mine else math.floor(message.at) * 1000
        received = int((message.at + late + ahead) * 1000)
        revoked = message.deleted and not missed and device.oddity != Oddity.LEGACY
        found.append(Kept(message, mine, sent, received, revoked))
    return found


def known_members(world: World, device: Device, group: Group) -> list[Membership]:
    """Memberships that reach into what a phone kept of a group."""
    since = device.since[group.number]
    return [
        m for m in world.groups.of_group[group.number]
        if m.since <= device.seized and m.until >= since
    ]  # fmt: skip


def is_current(device: Device, group: Group, member: Membership) -> bool:
    """Whether a member was in the group when the phone last heard of it."""
    return member.until >= min(group.until, device.seized)


def rank(group: Group, member: Membership) -> int:
    """Rank of a member in the roster: 2 for the creator, 1 for another admin."""
    return 2 if member.admin and member.person == group.admins[0] else int(member.admin)


def near(world: World, holder: int, groups: Iterable[int], chance: Random) -> list[int]:
    """People whom a holder keeps in an address book: some of interest, some of each group."""
    found = {p.number for p in world.accounts.people if p.of_interest and chance.random() < 0.10}
    for number in sorted(groups):
        people = sorted({m.person for m in world.groups.of_group[number]})
        found |= set(chance.sample(people, min(6, len(people))))
    return sorted(found - {holder})


def file_name(one: Kept) -> str:
    """Name that a phone gives a picture."""
    return f"IMG-{one.message.number:07d}.jpg"


def _seen(world: World, device: Device) -> Iterator[Message]:
    end = START + device.seized * DAY
    for group, since in sorted(device.since.items()):
        until = max(m.until for m in world.groups.of_group[group] if m.account in device.accounts)
        for message in world.messages.get(group, ()):
            if START + since * DAY <= message.at < min(end, START + until * DAY):
                yield message
    for message in world.private:
        received = message.to == device.holder and bool(device.accounts)
        if message.at < end and (message.account in device.accounts or received):
            yield message


def _delay(chance: Random) -> float:
    """Seconds until a phone hears of a message: at once, or when it is next switched on."""
    if chance.random() < 0.72:
        return chance.expovariate(1 / 2.5)
    return chance.lognormvariate(math.log(1800), 1.7)
