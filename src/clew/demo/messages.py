"""Every message of the operation in the order of time: shares, talk, invitations, deletions."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random

import msgspec

from clew.demo.cascades import Cascades
from clew.demo.groups import Groups

START = int(datetime(2024, 1, 1, tzinfo=UTC).timestamp())
DAY = 86_400
_TEXT = {
    "es": "río piedra jardín ventana papel mañana paseo café tren libro música luz nube pan",
    "pt": "rio pedra jardim janela papel manhã passeio café comboio livro música luz pão",
    "it": "fiume pietra giardino finestra carta mattina treno libro musica luce nuvola pane",
    "de": "Fluss Stein Garten Fenster Papier Morgen Zug Buch Musik Licht Wolke Brot Brücke",
    "en": "river stone garden window paper morning walk coffee train book music light bread",
}
_WORDS = {language: words.split() for language, words in _TEXT.items()}


class Message(msgspec.Struct, kw_only=True):
    """A message, sent once, whoever kept it."""

    number: int = 0
    account: int
    person: int
    group: int | None
    to: int | None = None
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
    quotes: Message | None = None
    """Message that it answers."""
    edited: bool = False
    reaction: int | None = None
    """Account that reacted to it."""

    @property
    def key(self) -> str:
        """Id that the messenger gave it."""
        digest = hashlib.blake2b(b"message %d" % self.number, digest_size=14).hexdigest()
        return f"3A{digest.upper()}"


def milliseconds(day: float) -> int:
    """A day of the operation as milliseconds since 1970."""
    return int((START + day * DAY) * 1000)


def all_messages(cascades: Cascades, chance: Random) -> list[Message]:
    """Shares and talk, in the order of time."""
    parameters = cascades.groups.parameters
    found = [*_shares(cascades), *_talk(cascades, chance)]
    found.sort(key=lambda m: (m.at, m.account, m.content or -1))
    for number, message in enumerate(found):
        message.number = number
        message.deleted = chance.random() < parameters.deleted_for_all
    _add_details(found, cascades.groups)
    return found


def _add_details(messages: list[Message], groups: Groups) -> None:
    """Let texts of groups have second lines, changes, answers and reactions."""
    parameters = groups.parameters
    chance = Random(f"{parameters.seed} details")
    before: dict[int, Message] = {}
    for message in messages:
        if message.invites is not None and parameters.incidentals:
            message.text = None
        if message.group is None or not message.text or message.invites is not None:
            continue
        if chance.random() < parameters.line_breaks:
            message.text = f"{message.text}\n{message.text}"
        message.edited = chance.random() < parameters.edits
        if message.group in before and chance.random() < parameters.quotes:
            message.quotes = before[message.group]
        if chance.random() < parameters.reactions:
            day = (message.at - START) / DAY
            members = groups.of_group[message.group]
            there = [m.account for m in members if m.since <= day <= m.until]
            message.reaction = chance.choice(there or [message.account])
        before[message.group] = message


def _shares(cascades: Cascades) -> Iterator[Message]:
    for share in cascades.shares:
        yield Message(**msgspec.structs.asdict(share) | {"at": START + share.at * DAY})


def _talk(cascades: Cascades, chance: Random) -> Iterator[Message]:
    """Text in the groups, by members who are there, and some of it an invitation."""
    groups, parameters = cascades.groups, cascades.groups.parameters
    in_groups = [s.group for s in cascades.shares if s.group is not None]
    for _ in range(round(len(in_groups) * parameters.chatter)):
        member = chance.choice(groups.of_group[chance.choice(in_groups)])
        one = groups.accounts.people[member.person]
        hour = (one.hour + chance.gauss(0, 3.5)) % 24
        at = math.floor(chance.uniform(member.since, member.until)) + hour / 24
        if not member.since <= at <= member.until:
            at = chance.uniform(member.since, member.until)
        length = min(30, 2 + int(chance.expovariate(0.2)))
        text = " ".join(chance.choices(_WORDS[one.language], k=length))
        message = Message(account=member.account, person=member.person, group=member.group,
                          at=START + at * DAY, text=text)  # fmt: skip
        if chance.random() < parameters.invites:
            others = [g for g in groups.all if g.since <= at <= g.until and not g.telegram]
            message.invites = chance.choice(others).number if others else None
        yield message
