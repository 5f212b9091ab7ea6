"""A package names whom a decision for each of its receivers names, and nobody else (law 19)."""

from __future__ import annotations

import random
from itertools import combinations

import msgspec
import pytest
from builders.packing import to
from builders.routing import ADMIN, HOLDER, MEMBER, SEND, TORN, officer, put
from conftest import WHOLE as AT_FULL_VOLUME

from clew.errors import UsageError
from clew.exchange.packing import draft
from clew.exchange.packing.compose import Known
from clew.exchange.packing.naming import Receiver, naming
from clew.exchange.routing import decisions
from clew.exchange.routing.decisions import Choice
from clew.records import RouteChoice, RouteDecision

SEEDS = range(60) if AT_FULL_VOLUME else range(1)
PERSONS = (HOLDER, TORN, ADMIN, MEMBER)
COUNTRIES = ("ES", "PT", "CO")


def decided(case, tmp_path, chance: random.Random) -> set[tuple[str, str]]:
    """Decide a dozen times at random, half of what waits agreed; who is named to which country."""
    first = officer(case, tmp_path, "A")
    latest: dict[tuple[str, str], RouteDecision] = {}
    for _ in range(12):
        person, country = chance.choice(PERSONS), chance.choice(COUNTRIES)
        kept_back = chance.choice((RouteChoice.HOLD, RouteChoice.COUNT_ONLY))
        how = SEND if chance.random() < 0.7 else Choice(decision=kept_back)
        how = msgspec.structs.replace(how, goes_to=country)
        latest[person, country] = decisions.decide(case, person, how, first)
    sends = {key: one for key, one in latest.items() if one.decision is RouteChoice.SEND}
    waiting = sorted(key for key, one in sends.items() if one.needs_second)
    agreed = set(chance.sample(waiting, len(waiting) // 2))
    agreeing = officer(case, tmp_path, "B")
    for key in agreed:
        decisions.second(case, sends[key].number, agreeing)
    return {key for key, one in sends.items() if not one.needs_second} | agreed


@pytest.mark.parametrize("seed", SEEDS)
def test_a_package_names_only_whom_a_decision_for_every_receiver_names(
    case, tmp_path, seed
) -> None:
    chance = random.Random(f"named {seed}")
    put(case)
    sent = decided(case, tmp_path, chance)
    with pytest.raises(UsageError, match="needs a receiver"):
        naming(case, ())
    for chosen in (*combinations(COUNTRIES, 1), *combinations(COUNTRIES, 2)):
        receivers = [Receiver(country, country, country) for country in chosen]
        expected = {p for p in PERSONS if all((p, c) in sent for c in chosen)}
        assert set(naming(case, receivers).named) == expected, chosen
    _, country = chance.choice(sorted(sent))
    (tmp_path / "draft").mkdir()
    made = draft.make(case, to(country), Known.of(case), tmp_path / "draft")
    named = made.content.referral.assessments.persons
    assert len(named) == len({p for p, c in sent if c == country})
