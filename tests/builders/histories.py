"""Histories of packages: three to five countries send, repeat, replace and recall in any order.

A model in a few lines says what is left at the end; a case that went through the history must equal
one that only ever received what is left.
"""

from __future__ import annotations

import random
import signal

import msgspec
from builders.countries import package, rows_of, tables_of
from builders.merging import COUNTRIES
from forked import exit_code, forked, take_and_die

from clew.errors import EvidenceError
from clew.exchange.receiving import forget, resume, take_in
from clew.exchange.receiving.delivering import recall
from clew.exchange.receiving.forgetting import Why
from clew.records import Package

_MOMENTS = 24
"""Effects of taking a package in, about: a kill later than the last one is none."""


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """A package of a country."""

    country: str
    number: int = 1
    replaces: bool = False
    """It supersedes the country's first."""
    device: str | None = None
    """The device that its rows are of, where two countries have the same."""

    @property
    def about(self) -> Package:
        earlier = package(self.country).package_id if self.replaces else None
        return package(self.country, self.number, supersedes=earlier)

    def rows(self, seed: int) -> list:
        return rows_of(self.country, seed + self.number, self.device)


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """What happens to a case: ``take``, ``killed`` (and taken in again), ``recall``, ``forget``."""

    what: str
    sent: Sent


def history(seed: int) -> list[Event]:
    """Packages, some of them twice, some superseded, recalled or forgotten, in any order."""
    chance = random.Random(f"history {seed}")
    countries = chance.sample(COUNTRIES, chance.randint(3, 5))
    device = "shared" if chance.random() < 0.8 else None
    first = [Sent(country=c, device=device if c in countries[:2] else None) for c in countries]
    later = [
        Sent(country=one.country, number=2, replaces=chance.random() < 0.5, device=one.device)
        for one in chance.sample(first, 2)
    ]
    sent = [*first, *later]
    events = [Event(what="take", sent=one) for one in (*sent, *chance.sample(sent, 2))]
    events.append(Event(what="killed", sent=chance.choice(sent)))
    events += [Event(what=what, sent=chance.choice(sent)) for what in ("recall", "forget")]
    chance.shuffle(events)
    return events


class Model:
    """What a case has, by the laws alone."""

    def __init__(self) -> None:
        self.left: dict[str, Sent] = {}
        self._recalled: set[str] = set()
        self._superseded: set[str] = set()

    def expects(self, event: Event) -> str:
        """What comes of an event: the code of a refusal, or what was done."""
        about = event.sent.about
        name = about.package_id
        if event.what == "recall":
            self._recalled.add(name)
            return "gone" if self.left.pop(name, None) else "not there"
        if event.what == "forget":
            return "gone" if self.left.pop(name, None) else "unknown"
        for code, names in (("superseded", self._superseded), ("recalled", self._recalled)):
            if name in names:
                return code
        if name in self.left:
            return "there"
        self.left[name] = event.sent
        if about.supersedes:
            self._superseded.add(about.supersedes)
            self.left.pop(about.supersedes, None)
        return "taken"


def happens(case, event: Event, seed: int, chance: random.Random) -> str:
    """Let an event happen to a case, and say what came of it."""
    about = event.sent.about
    if event.what == "killed":
        return _killed(case, event.sent, seed, chance.randint(1, _MOMENTS))
    try:
        with case.writing():
            if event.what == "take":
                given = tables_of(event.sent.rows(seed))
                return "taken" if take_in(case, about, given) else "there"
            if event.what == "recall":
                note = package(event.sent.country, 9, recalls=about.package_id)
                return "gone" if recall(case, note) else "not there"
            forget(case, about.package_id, Why.FORGOTTEN)
            return "gone"
    except EvidenceError as refusal:
        return refusal.code


def _killed(case, sent: Sent, seed: int, moment: int) -> str:
    """A package whose taking in is killed at some effect, and is tried again."""
    before = case.manifests.get("receive", sent.about.package_id)
    case.close()
    ended = exit_code(forked(take_and_die, case.folder, msgspec.json.encode(sent), seed, moment))
    assert ended in (0, -signal.SIGKILL)
    with case.writing():
        resume(case)
    came = happens(case, Event(what="take", sent=sent), seed, random.Random(0))
    return "taken" if came == "there" and before is None else came
