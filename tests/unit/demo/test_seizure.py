"""Homes of persons of interest are searched, each in its country, and oddities are handed out."""

from __future__ import annotations

import pytest

from clew.demo import Parameters, small
from clew.demo.parameters import Oddity
from clew.demo.seizure import Clock, time_zone
from clew.demo.world import imagine


@pytest.fixture(scope="module")
def world():
    return imagine(Parameters(shares=500))


def test_only_persons_of_interest_are_searched_and_each_once(world) -> None:
    people = world.accounts.people
    holders = {d.search: d.holder for d in world.devices}
    assert len(set(holders.values())) == len(holders)
    assert all(people[h].of_interest for h in holders.values())
    assert all(d.country == people[d.holder].country for d in world.devices)


def test_exhibits_have_ids_of_their_own(world) -> None:
    assert len({d.exhibit_id for d in world.devices}) == len(world.devices)
    assert all("/" in time_zone(d) for d in world.devices)


def test_a_phone_keeps_groups_of_its_own_accounts(world) -> None:
    groups = world.groups
    for device in world.devices:
        assert not device.accounts or device.is_phone
        for group in device.since:
            assert any(m.account in device.accounts for m in groups.of_group[group])


@pytest.mark.parametrize("seed", [1, 2, 2017])
def test_the_small_one_has_a_laptop_and_every_oddity_once(seed) -> None:
    devices = imagine(small(seed)).devices
    assert sum(d.kind == "laptop" for d in devices) == 1
    assert {d.oddity for d in devices if d.is_phone} == set(Oddity)


def test_a_clock_drifts_from_where_it_was() -> None:
    assert Clock(10, 3).at(0) == 10
    assert Clock(10, 3).at(60) == 16
