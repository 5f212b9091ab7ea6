"""What really happened in the demo's operation: accounts, groups and messages."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec

START = int(datetime(2024, 3, 1, tzinfo=UTC).timestamp() * 1000)
DAY = 86_400_000
PERSONS, PICTURES, MESSAGES, PRIVATE = 40, 48, 1500, 220
_COUNTRIES = (
    ("ES", "34"), ("ES", "34"), ("PT", "351"), ("IT", "39"), ("DE", "49"), ("IT", "39"),
    ("ES", "34"), ("MX", "52"), ("CO", "57"), ("AR", "54"), ("BR", "55"), ("PT", "351"),
    ("FR", "33"), ("ES", "34"), ("IT", "39"), ("MX", "52"),
)  # fmt: skip
_TITLES = (
    "Grupo Río", "Taller Norte", "Comboios e pão", "Treni e ponti", "Wetter und Wege",
    "River walks", "Ventana amarilla", "Ventana amarilla 2",
)  # fmt: skip
_TEXT = {
    "es": "río piedra jardín ventana papel mañana paseo café tren libro música luz nube pan",
    "pt": "rio pedra jardim janela papel manhã passeio café comboio livro música luz pão",
    "it": "fiume pietra giardino finestra carta mattina treno libro musica luce nuvola pane",
    "de": "Fluss Stein Garten Fenster Papier Morgen Zug Buch Musik Licht Wolke Brot Brücke",
    "en": "river stone garden window paper morning walk coffee train book music light bread",
}
WORDS = {language: words.split() for language, words in _TEXT.items()}
"""Benign words of five languages."""
LANGUAGES = tuple(WORDS)
RECREATED = 7
"""The group that takes up where the one before it ended."""


class Person(msgspec.Struct, frozen=True):
    """An account holder who does not exist."""

    number: int
    country: str
    phone: str
    lid: str

    @property
    def pn(self) -> str:
        """Account by number."""
        return f"whatsapp:pn:{self.phone}"


class Group(msgspec.Struct):
    """A group and who is in it, the creator first."""

    number: int
    jid: str
    title: str
    language: str
    members: list[int]
    created: int
    ended: int
    left: int | None = None
    """Member who left."""
    removed: int | None = None
    """Member who was removed."""
    code: str = ""
    """Code of its invitation link."""


class Message(msgspec.Struct, kw_only=True):
    """A message of a group, or between two persons."""

    key: str
    group: int | None
    pair: tuple[int, int] | None
    sender: int
    at: int
    text: str | None = None
    picture: int | None = None
    score: int = 0
    quotes: str | None = None
    edited: bool = False
    revoked: bool = False
    invites: int | None = None
    reaction: int | None = None


class World(msgspec.Struct):
    """All of it."""

    persons: list[Person]
    groups: list[Group]
    messages: list[Message]


def imagine(chance: random.Random) -> World:
    """Make up the whole operation."""
    persons = [_person(n, chance) for n in range(PERSONS)]
    groups = [_group(n, chance) for n in range(len(_TITLES))]
    again = groups[RECREATED]
    again.members = _taken_over(groups[RECREATED - 1].members, chance)
    again.left, again.removed = again.members[-1], again.members[-2]
    messages = _in_groups(groups, chance) + _private(chance)
    return World(persons, groups, sorted(messages, key=lambda m: (m.at, m.key)))


def _person(number: int, chance: random.Random) -> Person:
    country, prefix = _COUNTRIES[number % len(_COUNTRIES)]
    lid = "".join(chance.choices("123456789", k=15))
    return Person(number, country, f"{prefix}0000{number:03d}", lid)


def _group(number: int, chance: random.Random) -> Group:
    holders = [h for h in range(6) if (h + number) % 3 != 0 or h == number % 6]
    others = chance.sample(range(6, PERSONS), 6 + 2 * (number % 4))
    created = START + number * 5 * DAY
    if number == RECREATED:
        created = START + 210 * DAY
    ended = START + (205 if number == RECREATED - 1 else 364) * DAY
    code = "".join(chance.choices("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789", k=22))
    return Group(
        number=number,
        jid=f"1203630000000000{number:02d}@g.us",
        title=_TITLES[number],
        language=LANGUAGES[number % len(LANGUAGES)],
        members=[*sorted(holders), *others],
        created=created,
        ended=ended,
        left=others[-1],
        removed=others[-2] if number % 2 else None,
        code=code,
    )


def _taken_over(members: list[int], chance: random.Random) -> list[int]:
    """Most members of the earlier group, and two new ones."""
    kept = [m for n, m in enumerate(members) if n % 6 != 5]
    new = chance.sample([p for p in range(6, PERSONS) if p not in members], 2)
    return kept + new


def _in_groups(groups: list[Group], chance: random.Random) -> list[Message]:
    """Messages of the groups; pictures travel from group to group after their first share."""
    found: list[Message] = []
    seen: list[int] = []
    for number, (at, place) in enumerate(sorted(_moments(groups, chance))):
        group = groups[place]
        staying = [m for m in group.members if m not in (group.left, group.removed)]
        message = Message(
            key=_key(chance),
            group=group.number,
            pair=None,
            sender=chance.choice(staying),
            at=at,
        )
        _fill(message, group.language, chance, seen)
        if number % 97 == 13:
            target = groups[(group.number + 3) % len(groups)]
            message.text, message.picture = None, None
            message.invites = target.number
        elif number % 61 == 7:
            target = groups[(group.number + 1) % len(groups)]
            message.text = f"{message.text or ''} https://chat.whatsapp.com/{target.code}".strip()
            message.picture = None
        found.append(message)
    _quote(found, chance)
    return found


def _moments(groups: list[Group], chance: random.Random) -> Iterator[tuple[int, int]]:
    """When something is sent, and in which group."""
    for _ in range(MESSAGES):
        place = min(int(chance.expovariate(0.35)), len(groups) - 1)
        yield chance.randrange(groups[place].created + DAY, groups[place].ended), place


def _private(chance: random.Random) -> list[Message]:
    pairs = ((0, 1), (0, 2), (2, 3), (3, 5), (1, 5), (0, 10), (2, 11), (3, 14), (5, 20))
    found = []
    for _ in range(PRIVATE):
        pair = chance.choice(pairs)
        message = Message(
            key=_key(chance),
            group=None,
            pair=pair,
            sender=chance.choice(pair),
            at=START + chance.randrange(1, 364) * DAY + chance.randrange(DAY),
        )
        _fill(message, chance.choice(LANGUAGES), chance, [])
        found.append(message)
    return found


def _fill(message: Message, language: str, chance: random.Random, seen: list[int]) -> None:
    words = " ".join(chance.choices(WORDS[language], k=chance.randrange(2, 9)))
    draw = chance.random()
    if draw < 0.34:
        again = seen and chance.random() < 0.6
        message.picture = chance.choice(seen) if again else chance.randrange(PICTURES)
        seen.append(message.picture)
        message.score = chance.choice((1, 1, 2, 4)) if again else 0
        message.text = words if chance.random() < 0.2 else None
        return
    message.text = words
    message.edited = draw > 0.985
    message.revoked = 0.96 < draw < 0.975
    message.reaction = chance.randrange(6, PERSONS) if 0.5 < draw < 0.55 else None


def _quote(messages: list[Message], chance: random.Random) -> None:
    """Let some messages answer an earlier one of their group."""
    last: dict[int | None, Message] = {}
    for message in sorted(messages, key=lambda m: (m.at, m.key)):
        before = last.get(message.group)
        if before and before.text and message.text and chance.random() < 0.08:
            message.quotes = before.key
        last[message.group] = message


def _key(chance: random.Random) -> str:
    return f"3A{chance.getrandbits(112):028X}"
