"""Groups have admins who are in them, and those that take up another keep its people."""

from __future__ import annotations

import pytest

from clew.demo import Parameters, small
from clew.demo.world import imagine


@pytest.fixture(scope="module", params=["small", "operation"])
def network(request):
    return imagine(small() if request.param == "small" else Parameters(shares=500))


def test_memberships_lie_within_the_life_of_group_and_account(network) -> None:
    for member in network.groups.memberships:
        group = network.groups.all[member.group]
        account = network.accounts.all[member.account]
        behind = network.numbered(account)
        assert group.since <= member.since <= member.until <= group.until + 1e-9
        assert behind.since <= member.since
        assert member.until <= behind.until + 1e-9
        assert account.person == member.person


def test_a_telegram_group_has_accounts_of_telegram_alone(network) -> None:
    for member in network.groups.memberships:
        account = network.accounts.all[member.account]
        assert (account.telegram is not None) == network.groups.all[member.group].telegram


def test_the_one_that_takes_up_another_has_its_admins_people(network) -> None:
    after = [g for g in network.groups.all if g.after is not None]
    assert after
    people = {g.number: {m.person for m in network.groups.of_group.get(g.number, ())}
              for g in network.groups.all}  # fmt: skip
    assert any(len(people[g.number] & people[g.after]) >= 3 for g in after)


def test_hidden_ids_stand_in_groups_that_show_no_numbers(network) -> None:
    for member in network.groups.memberships:
        if network.accounts.all[member.account].alias_of is not None:
            assert network.groups.all[member.group].hidden


def test_no_group_is_larger_than_may_be(network) -> None:
    for group in network.groups.all:
        members = {m.person for m in network.groups.of_group.get(group.number, ())}
        assert len(members) <= network.parameters.most_members + 7
