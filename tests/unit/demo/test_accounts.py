"""Numbers change owners, people share accounts, and no number can be anybody's."""

from __future__ import annotations

import pytest

from clew.demo import Parameters, small
from clew.demo.people import names
from clew.demo.world import imagine


@pytest.fixture(scope="module", params=["small", "operation"])
def accounts(request):
    parameters = small() if request.param == "small" else Parameters(shares=2_000)
    return imagine(parameters).accounts


def test_a_recycled_number_had_another_owner_two_months_before(accounts) -> None:
    recycled = [a for a in accounts.all if a.kind == "recycled"]
    assert recycled
    for account in recycled:
        before = next(a for a in accounts.all if a.phone == account.phone)
        assert account.since >= before.until + 60


def test_some_accounts_have_two_writers(accounts) -> None:
    assert any(a.shared_with is not None for a in accounts.all)


def test_no_number_can_be_assigned_to_anybody(accounts) -> None:
    prefixes = tuple(about[0] for about in names()["country"].values())
    for account in accounts.all:
        if account.phone:
            assert any(
                account.phone.startswith(f"{prefix}00") and len(account.phone) == len(prefix) + 9
                for prefix in prefixes
            )


def test_a_hidden_id_shows_the_name_of_its_account(accounts) -> None:
    hidden = [a for a in accounts.all if a.alias_of is not None]
    assert hidden
    assert all(a.shown == accounts.all[a.alias_of].shown for a in hidden)
