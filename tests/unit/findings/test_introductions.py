"""Who brought something in is learned from phones that kept all, and told as a chance."""

from __future__ import annotations

import math

import pytest
from once import copied

from clew import pipeline
from clew.casefile import open_case
from clew.findings.introductions import likelihood_ratio
from clew.words import sentence


@pytest.mark.parametrize(("new", "introduced"), [(1, 10), (0, 5), (5, 100)])
def test_no_score_for_who_brings_in_no_more_that_is_new_than_others(new, introduced) -> None:
    assert likelihood_ratio(new, introduced, 0.1) == -1.0


def test_the_score_grows_with_what_is_new() -> None:
    scores = [likelihood_ratio(new, 20, 0.05) for new in (2, 5, 10, 20)]
    assert scores == sorted(scores)
    assert scores[-1] == pytest.approx(20 * math.log(20))


def test_chances_are_chances_and_only_sure_ones_are_answered(concluded) -> None:
    rows = concluded.rows("FROM introductions")
    assert rows
    assert all(0 <= r["chance"] <= 1 for r in rows)
    origins = concluded.rows("FROM origins")
    assert {o["answered"] for o in origins} == {True, False}
    assert all(o["answered"] == (o["least_chance"] >= 0.9) for o in origins)
    assert all(o["least_chance"] <= o["chance"] <= o["introduced"] + 1e-4 for o in origins)


def test_the_same_facts_give_the_same_chances(concluded) -> None:
    before = concluded.rows("FROM introductions ORDER BY cluster_id, person_id")
    pipeline.perform(concluded, "introductions")
    assert concluded.rows("FROM introductions ORDER BY cluster_id, person_id") == before


def test_without_a_known_set_nobody_is_said_to_bring_in_what_is_new(concluded, tmp_path) -> None:
    assert concluded.rows("FROM new_material")
    with open_case(copied(concluded.folder, tmp_path / "case")) as case:
        case.withdraw("hashset", "demo-known@1")
        pipeline.perform(case, "introductions")
        assert case.rows("FROM new_material") == []


def test_the_words_never_say_who_made_it(concluded) -> None:
    said = [
        sentence(t, r) for t in ("new_material", "origins") for r in concluded.rows(f"FROM {t}")
    ]
    assert said
    assert not any("produc" in text for text in said)
