"""People have a country, a language and names that others write in their own way."""

from __future__ import annotations

import random

import pytest

from clew.demo import Parameters, small
from clew.demo.people import Part, names, own_name, person, plain, saved_name
from clew.demo.world import imagine


def test_a_person_speaks_the_language_of_the_country() -> None:
    chance = random.Random(1)
    for number in range(200):
        one = person(number, chance, of_interest=False)
        assert one.language == names()["country"][one.country][1]
        assert one.given in names()["given"][one.language]


def test_every_country_has_a_person_of_interest() -> None:
    chance = random.Random(1)
    countries = list(names()["country"])
    some = [person(n, chance, of_interest=True) for n in range(len(countries))]
    assert [one.country for one in some] == countries


def test_parts_are_given_to_persons_of_interest_alone() -> None:
    people = imagine(Parameters(shares=500)).accounts.people
    for one in people:
        assert one.of_interest or one.part is Part.ORDINARY
        assert one.part is not Part.SILENT or one.eagerness == 0
    assert sum(one.part is Part.INTRODUCER for one in people) == 15


def test_who_poses_as_somebody_shows_that_name() -> None:
    people = imagine(small()).accounts.people
    one, other = people[0], people[1]
    one.poses_as = other.number
    shown = {own_name(one, people, random.Random(n)) for n in range(300)}
    assert any(plain(other.family).lower() in plain(name).lower() for name in shown)


@pytest.mark.parametrize("seed", range(5))
def test_a_saved_name_is_never_empty(seed) -> None:
    people = imagine(small()).accounts.people
    chance = random.Random(seed)
    assert all(saved_name(one, people[0], chance).strip() for one in people)
