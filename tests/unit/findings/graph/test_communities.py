"""Groups with the same people belong together, quarter by quarter."""

from __future__ import annotations

import random
from datetime import UTC, datetime

from clew.findings.graph.communities import clustered, periods
from clew.findings.graph.ties import networkit


def members(seed: int = 1) -> list[tuple[str, str]]:
    """Two circles of three groups each, and a few persons who are in both."""
    chance = random.Random(seed)
    found = []
    for circle in "ab":
        for number in range(3):
            own = chance.sample(range(60), 30)
            found += [(f"{circle}{n:02}", f"{circle}-group-{number}") for n in own]
    return [*found, ("a00", "b-group-0"), ("b01", "a-group-2")]


def test_two_circles_are_two_communities() -> None:
    found = clustered("all", members(), networkit())
    groups = sorted(sorted(c.groups) for c in found)
    assert groups == [[f"{circle}-group-{n}" for n in range(3)] for circle in "ab"]
    assert all(c.inside > 0.9 for c in found)
    assert found[0].modularity > 0.3


def test_the_order_of_members_changes_nothing() -> None:
    told = members()
    shuffled = random.Random(5).sample([*told, *told[:9]], len(told) + 9)
    assert clustered("all", told, networkit()) == clustered("all", shuffled, networkit())


def test_a_group_that_shares_nobody_stands_alone() -> None:
    found = clustered("all", [("p", "g1"), ("q", "g2"), ("r", "g2")], networkit())
    assert [(sorted(c.groups), c.inside) for c in found] == [(["g2"], 1.0), (["g1"], 1.0)]


def row(person: str, chat: str, since: datetime | None, until: datetime | None):
    return {"person_id": person, "chat_id": chat, "since": since, "until": until}


def test_a_quarter_has_those_who_were_there_then() -> None:
    at = [datetime(2024, month, 1, tzinfo=UTC) for month in (2, 3, 4, 11)]
    found = dict(periods([
        row("p", "g", at[0], at[1]),
        row("q", "g", at[1], at[2]),
        row("r", "h", at[3], at[3]),
        row("s", "h", None, None),
    ]))  # fmt: skip
    assert list(found) == ["all", "2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4"]
    assert len(found["all"]) == 4
    assert found["2024-Q1"] == [("p", "g"), ("q", "g")]
    assert found["2024-Q2"] == [("q", "g")]
    assert found["2024-Q3"] == []
    assert found["2024-Q4"] == [("r", "h")]


def test_nobody_and_a_clock_that_stood_still_give_no_thousands_of_quarters() -> None:
    assert list(periods([])) == []
    odd = row("p", "g", datetime(1, 1, 1, tzinfo=UTC), datetime(2024, 1, 1, tzinfo=UTC))
    assert len(list(periods([odd]))) < 500
