"""An operation of the default parameters has the outline of the one that took place."""

from __future__ import annotations

from collections import Counter

import pytest

from clew.demo import Parameters
from clew.demo.people import names
from clew.demo.world import imagine


@pytest.fixture(scope="module")
def whole():
    return imagine(Parameters(shares=20_000))


def test_it_has_the_outline_of_the_real_one(whole) -> None:
    devices = whole.devices
    people = whole.accounts.people
    assert len(devices) == 127
    assert sum(d.is_phone for d in devices) == 23
    assert len({d.search for d in devices}) == 19
    assert len({d.force for d in devices}) == 14
    assert len({p.country for p in people if p.of_interest}) == len(names()["country"]) == 18
    assert sum(p.of_interest for p in people) == 135
    assert any(p.poses_as is not None for p in people)
    assert len(whole.groups.all) == 96
    assert 12_000 <= len(whole.accounts.all) < 12_200
    members = {(m.group, m.person) for m in whole.groups.memberships}
    assert max(Counter(group for group, _ in members).values()) <= 250


def test_shares_come_from_members_while_they_are_in(whole) -> None:
    of_group = whole.groups.of_group
    for share in whole.cascades.shares:
        if share.group is not None:
            assert any(
                m.account == share.account and m.since <= share.at <= m.until + 0.01
                for m in of_group[share.group]
            )
