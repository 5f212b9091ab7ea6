"""Who brought something in is learned from phones that kept all, and told as a chance."""

from __future__ import annotations

import math
from datetime import UTC, datetime

import pytest

from clew import pipeline
from clew.casefile import create_case
from clew.casefile.engine import Progress
from clew.demo import Parameters, generate
from clew.demo.intake import take_exhibits
from clew.findings.exposure import FEATURES, Exposure
from clew.findings.introductions import likelihood_ratio
from clew.words import sentence

DAY = 86_400_000_000
T0 = int(datetime(2024, 6, 1, tzinfo=UTC).timestamp() * 1e6)


def share(person: str, day: float, chat: str = "g1", **more):
    return {
        "cluster_id": "c", "person_id": person, "at_us": int(T0 + day * DAY), "chat_id": chat,
        "forwarded": 0, "hops": 0, "witnesses": ["X-1"], "private": False, "known": False,
        "event_id": f"{person}{day}", **more,
    }  # fmt: skip


def member(person: str, chat: str, exhibit: str = "X-1", joined: float | None = None):
    at = None if joined is None else int(T0 + joined * DAY)
    return {"person_id": person, "chat_id": chat, "exhibit_id": exhibit, "joined_us": at,
            "ended_us": None}  # fmt: skip


def figures(first):
    return dict(zip(FEATURES, first.features, strict=True))


def test_who_was_in_a_group_where_it_was_seen_is_exposed() -> None:
    found = Exposure([member("b", "g1"), member("c", "g2")], [], [])
    a, b, c = found.firsts([share("a", 0), share("b", 1, "g2"), share("c", 2, "g2")])
    assert figures(a)["earliest"] == 1
    assert figures(a)["exposed"] == 0
    assert figures(b)["exposed"] == 1
    assert figures(c)["exposed"] == 1


def test_who_joined_later_is_not_exposed() -> None:
    found = Exposure([member("b", "g1", joined=5)], [], [])
    _, b = found.firsts([share("a", 0), share("b", 9, "g2")])
    assert figures(b)["exposed"] == 0


def test_ones_own_phone_gives_the_label_and_not_the_figure() -> None:
    holders = [{"person_id": "b", "is_owner_of": ["X-1"]}]
    records = [{"exhibit_id": "X-1", "chat_id": "g1", "begins_us": int(T0 - 300 * DAY)}]
    found = Exposure([member("b", "g1", joined=-200)], records, holders)
    _, b = found.firsts([share("a", 0), share("b", 1)])
    assert b.holder
    assert b.complete
    assert b.seen_here
    assert figures(b)["exposed"] == 0


def test_a_short_history_gives_no_label() -> None:
    holders = [{"person_id": "b", "is_owner_of": ["X-1"]}]
    records = [{"exhibit_id": "X-1", "chat_id": "g1", "begins_us": T0}]
    found = Exposure([member("b", "g1", joined=-200)], records, holders)
    (b,) = found.firsts([share("b", 1)])
    assert not b.complete


@pytest.mark.parametrize(("new", "introduced"), [(1, 10), (0, 5), (5, 100)])
def test_no_score_for_who_brings_in_no_more_that_is_new_than_others(new, introduced) -> None:
    assert likelihood_ratio(new, introduced, 0.1) == -1.0


def test_the_score_grows_with_what_is_new() -> None:
    scores = [likelihood_ratio(new, 20, 0.05) for new in (2, 5, 10, 20)]
    assert scores == sorted(scores)
    assert scores[-1] == pytest.approx(20 * math.log(20))


@pytest.fixture(scope="module")
def learned(tmp_path_factory):
    """A small operation, taken in and concluded."""
    folder = tmp_path_factory.mktemp("operation")
    made = generate(
        folder / "d",
        Parameters(of_interest=30, accounts=900, groups=16, shares=9000, coverage=0.4, forces=6,
                   devices_per_search=1.0, phones_per_search=1.0, text_only=0.0,
                   introducers=4),
    )  # fmt: skip
    with create_case(folder / "case", "Test", "Order 1/2026") as case:
        take_exhibits(case, made, Progress())
        with case.writing():
            pipeline.run(case, Progress())
        yield case


def test_coefficients_are_readable_and_point_the_right_way(learned) -> None:
    model = {r["figure"]: r["coefficient"] for r in learned.rows("FROM introduction_model")}
    assert set(model) == {*FEATURES, "(start)"}
    assert model["forwarded"] < 0
    assert model["exposed"] < 0


def test_chances_are_chances_and_only_sure_ones_are_answered(learned) -> None:
    rows = learned.rows("FROM introductions")
    assert rows
    assert all(0 <= r["chance"] <= 1 for r in rows)
    origins = learned.rows("FROM origins")
    assert {o["answered"] for o in origins} == {True, False}
    assert all(o["answered"] == (o["chance"] >= 0.9) for o in origins)


def test_the_same_facts_give_the_same_chances(learned) -> None:
    before = learned.rows("FROM introductions ORDER BY cluster_id, person_id")
    pipeline.perform(learned, "introductions")
    assert learned.rows("FROM introductions ORDER BY cluster_id, person_id") == before


def test_without_a_known_set_nobody_is_said_to_bring_in_what_is_new(learned) -> None:
    assert learned.rows("FROM new_material")
    learned.withdraw("hashset", "demo-known@1")
    pipeline.perform(learned, "introductions")
    assert learned.rows("FROM new_material") == []


def test_the_words_never_say_who_made_it(learned) -> None:
    said = [sentence(t, r) for t in ("new_material", "origins") for r in learned.rows(f"FROM {t}")]
    assert said
    assert not any("produc" in text for text in said)
