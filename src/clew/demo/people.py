"""The people of the operation, and the names that they and others give them."""

import tomllib
import unicodedata
from enum import StrEnum
from functools import cache
from random import Random
from typing import Any

import msgspec

from clew.demo.parameters import Parameters, resource

_ROLES = {"organiser": 14, "distributor": 20, "bridge": 10, "silent": 16}
_UMLAUTS = str.maketrans({"ü": "ue", "ö": "oe", "ä": "ae", "ß": "ss", "ñ": "ny", "ç": "c"})
_PICTOGRAMS = ("\U0001f525", "\U0001f60e", "✨", "⚽", "\U0001f334")


class Part(StrEnum):
    """What a person does in the network."""

    ORDINARY = "ordinary"
    INTRODUCER = "introducer"
    ORGANISER = "organiser"
    DISTRIBUTOR = "distributor"
    BRIDGE = "bridge"
    SILENT = "silent"


class Person(msgspec.Struct, kw_only=True):
    """Somebody who does not exist."""

    number: int
    country: str
    language: str
    given: str
    family: str
    second_family: str
    short: str
    handle: str
    of_interest: bool
    part: Part = Part.ORDINARY
    eagerness: float
    """How much the person shares; 0 for one who only reads."""
    hour: float
    """Hour of the day, local, at which the person writes most."""
    poses_as: int | None = None
    """Person of interest whose name this bystander took."""
    accounts: list[int] = msgspec.field(default_factory=list)
    """Accounts over time, hidden ids among them."""


@cache
def names() -> dict[str, Any]:
    """Names and countries, as the file beside this module has them."""
    found = tomllib.loads(resource("names.toml"))
    for part in ("given", "family", "short", "around", "handle"):
        found[part] = {key: words.split() for key, words in found[part].items()}
    found["title"]["words"] = found["title"]["words"].split()
    return found


def person(number: int, chance: Random, *, of_interest: bool) -> Person:
    """Make up a person."""
    known = names()
    countries = list(known["country"])
    country = chance.choices(countries, [c[2] for c in known["country"].values()])[0]
    if of_interest and number < len(countries):  # every country has one
        country = countries[number]
    language = known["country"][country][1]
    given = _common(known["given"][language], chance)
    silent = chance.random() < (0.15 if of_interest else 0.62)
    drive = chance.paretovariate(1.15) * (2.5 if of_interest else 1)
    return Person(
        number=number, country=country, language=language, given=given,
        family=_common(known["family"][language], chance),
        second_family=_common(known["family"][language], chance),
        short=chance.choice(known["short"].get(given, [given[: max(3, len(given) - 2)]])),
        handle=_handle(known["handle"], chance), of_interest=of_interest,
        eagerness=0.0 if silent else min(drive, 150.0), hour=chance.gauss(21, 2.5) % 24,
    )  # fmt: skip


def give_parts(people: list[Person], parameters: Parameters, chance: Random) -> None:
    """Say who of the persons of interest does what, and who poses as one of them."""
    core = [p for p in people if p.of_interest]
    chance.shuffle(core)
    scale = len(core) / 135
    counts = {"introducer": parameters.introducers} | {
        name: max(1, round(count * scale)) for name, count in _ROLES.items()
    }
    for name, count in counts.items():
        for one in core[:count]:
            one.part = Part(name)
            least = {"introducer": 3.0, "silent": 0.0}.get(name, 2.0)
            one.eagerness = 0.0 if name == "silent" else max(one.eagerness, least)
        core = core[count:]
    bystanders = [p for p in people if not p.of_interest]
    models = [p for p in people if p.of_interest]
    for one in chance.sample(bystanders, round(parameters.impersonators * len(bystanders))):
        one.poses_as = chance.choice(models).number


def own_name(one: Person, people: list[Person], chance: Random) -> str:
    """Name that a person shows to others; empty for some."""
    draw = chance.random()
    if draw < 0.05:
        return ""
    shown = people[one.poses_as] if one.poses_as is not None else one
    if draw < (0.32 if one.of_interest else 0.20):
        return shown.handle
    return _named("own", shown, chance)


def saved_name(one: Person, by: Person, chance: Random) -> str:
    """Name under which somebody else keeps a person in the address book."""
    around = names()["around"][by.language]
    return _named("saved", one, chance, chance.choice(around), chance.choice(around))


def _named(by: str, one: Person, chance: Random, *around: str) -> str:
    """A name in one of the forms that people use, as they write it."""
    forms = names()["form"][by]
    (form,) = chance.choices([form for _, form in forms], [weight for weight, _ in forms])
    return _as_written(str(form.format(*around, p=one)), chance)


def plain(text: str) -> str:
    """A text without its accents."""
    apart = unicodedata.normalize("NFKD", text.replace("ß", "ss"))
    return "".join(c for c in apart if not unicodedata.combining(c))


def _as_written(name: str, chance: Random) -> str:
    """A name with what people do to it: accents lost, letters turned, case, a slip, a picture."""
    draw = chance.random()
    if draw < 0.40:
        name = plain(name)
    elif draw < 0.50:
        name = plain(name.translate(_UMLAUTS))
    draw = chance.random()
    name = name.lower() if draw < 0.20 else name.upper() if draw < 0.26 else name
    if chance.random() < 0.06:
        name = _slip(name, chance)
    return f"{name} {chance.choice(_PICTOGRAMS)}" if chance.random() < 0.10 else name


def _slip(name: str, chance: Random) -> str:
    """A name with a letter lost, doubled, or exchanged with the next."""
    if len(name) < 4:
        return name
    at = chance.randrange(1, len(name) - 1)
    slips = ("", name[at] * 2 + name[at + 1], name[at + 1] + name[at])
    slip = chance.choice(slips)
    return name[:at] + slip + name[at + (2 if slip else 1) :]


def _common(words: list[str], chance: Random) -> str:
    """One of a list whose first words are the most common."""
    return words[min(len(words) - 1, int(len(words) * chance.random() ** 1.7))]


def _handle(words: dict[str, list[str]], chance: Random) -> str:
    then = chance.choice(words["then"]) if chance.random() < 0.5 else ""
    number = str(chance.randrange(1, 99)) if chance.random() < 0.8 else ""
    return f"{chance.choice(words['first'])}{chance.choice(('', '_', '.'))}{then}{number}"
