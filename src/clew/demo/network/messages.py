"""Every message of the operation in the order of time: shares, talk, invitations, deletions."""

from __future__ import annotations

import hashlib
import math
import random
from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec

from clew.demo.network.accounts import Accounts
from clew.demo.network.cascades import Cascades
from clew.demo.network.groups import Groups
from clew.demo.network.parameters import Parameters
from clew.demo.world import WORDS

START = int(datetime(2024, 1, 1, tzinfo=UTC).timestamp())
DAY = 86_400


class Message(msgspec.Struct, kw_only=True):
    """A message, sent once, whoever kept it."""

    number: int
    account: int
    person: int
    group: int | None
    to: int | None
    """Person it was sent to, outside the groups."""
    at: float
    """Second since 1970, in truth."""
    content: int | None = None
    variant: int | None = None
    generation: int = 0
    forwarded: bool = False
    hops: int = 0
    text: str | None = None
    invites: int | None = None
    """Group that it invites to."""
    deleted: bool = False
    """Its sender deleted it for everyone."""

    @property
    def key(self) -> str:
        """Id that the messenger gave it."""
        digest = hashlib.blake2b(b"message %d" % self.number, digest_size=14).hexdigest()
        return f"3A{digest.upper()}"


def all_messages(
    parameters: Parameters,
    held: Accounts,
    groups: Groups,
    cascades: Cascades,
    chance: random.Random,
) -> list[Message]:
    """Shares and talk, in the order of time."""
    found = [*_shares(cascades), *_talk(parameters, held, groups, cascades, chance)]
    found.sort(key=lambda m: (m.at, m.account, m.content or -1))
    for number, message in enumerate(found):
        message.number = number
        message.deleted = chance.random() < parameters.deleted_for_all
    return found


def _shares(cascades: Cascades) -> Iterator[Message]:
    for share in cascades.shares:
        yield Message(
            number=0, account=share.account, person=share.person, group=share.group, to=share.to,
            at=START + share.at * DAY, content=share.content, variant=share.variant,
            generation=share.generation, forwarded=share.forwarded, hops=share.hops,
        )  # fmt: skip


def _talk(
    parameters: Parameters,
    held: Accounts,
    groups: Groups,
    cascades: Cascades,
    chance: random.Random,
) -> Iterator[Message]:
    """Text in the groups, by members who are there, and some of it an invitation."""
    in_groups = [s.group for s in cascades.shares if s.group is not None]
    for _ in range(round(len(in_groups) * parameters.chatter)):
        member = chance.choice(groups.of_group[chance.choice(in_groups)])
        one = held.people[member.person]
        hour = (one.hour + chance.gauss(0, 3.5)) % 24
        at = math.floor(chance.uniform(member.since, member.until)) + hour / 24
        at = (
            at if member.since <= at <= member.until else chance.uniform(member.since, member.until)
        )
        text = " ".join(chance.choices(WORDS[one.language], k=_length(chance)))
        message = Message(
            number=0, account=member.account, person=member.person, group=member.group, to=None,
            at=START + at * DAY, text=text,
        )  # fmt: skip
        if chance.random() < parameters.invites:
            others = [g for g in groups.all if g.since <= at <= g.until and not g.telegram]
            message.invites = chance.choice(others).number if others else None
        yield message


def _length(chance: random.Random) -> int:
    return min(30, 2 + int(chance.expovariate(0.2)))
