"""A phone keeps what its holder could see, and loses some of it."""

from __future__ import annotations

import random

import pytest
from msgspec.structs import replace

from clew.demo import small
from clew.demo.messages import DAY, START
from clew.demo.parameters import Oddity
from clew.demo.retained import is_current, kept, known_members, near
from clew.demo.world import imagine


@pytest.fixture(scope="module")
def world():
    return imagine(small())


def test_nothing_is_kept_from_after_the_seizure_or_from_others_groups(world) -> None:
    for device in (d for d in world.devices if d.is_phone):
        for one in kept(world, device, random.Random(1)):
            message = one.message
            assert message.at < START + device.seized * DAY
            assert message.group is None or message.group in device.since
            assert one.mine == (message.account in device.accounts)


def test_some_messages_are_lost(world) -> None:
    device = next(d for d in world.devices if d.is_phone)
    whole = replace(world, parameters=replace(world.parameters, lost_rows=0.0))
    some, every = (kept(n, device, random.Random(1)) for n in (world, whole))
    assert len(some) < len(every)
    assert {k.message.number for k in some} <= {k.message.number for k in every}


def test_a_legacy_phone_knows_of_no_deletion(world) -> None:
    for device in (d for d in world.devices if d.is_phone):
        revoked = any(k.revoked for k in kept(world, device, random.Random(1)))
        assert not (revoked and device.oddity == Oddity.LEGACY)


def test_members_who_are_gone_before_the_history_begins_are_not_known(world) -> None:
    for device in (d for d in world.devices if d.is_phone):
        for number, since in device.since.items():
            group = world.groups.all[number]
            members = known_members(world, device, group)
            assert all(m.until >= since for m in members)
            assert any(is_current(device, group, m) for m in members)


def test_nobody_is_in_the_own_address_book(world) -> None:
    groups = [0, 1]
    assert 3 not in near(world, 3, groups, random.Random(1))
