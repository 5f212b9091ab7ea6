"""What comes near by chance: a rate where some was seen, a bound always, and never a fair coin."""

from __future__ import annotations

from math import exp, factorial

import pytest

from clew.findings.perceptual.chance import bound, chance, table
from clew.findings.perceptual.hits import REVIEW
from clew.records.perceptual import ENOUGH, NEAR
from clew.relations import relations


@pytest.mark.parametrize(("seen", "limit"), [
    (0, 2.9957), (1, 4.7439), (3, 7.7537), (10, 16.9622), (100, 118.079),
])  # fmt: skip
def test_a_bound_is_where_so_few_would_be_seen_once_in_twenty(seen, limit) -> None:
    """Published limits; and the sum that they solve."""
    assert bound(seen) == pytest.approx(limit, rel=1e-4)
    fewer = sum(exp(-bound(seen)) * bound(seen) ** n / factorial(n) for n in range(seen + 1))
    assert fewer == pytest.approx(0.05)


@pytest.mark.parametrize("seen", [601, 867, 50_000])
def test_a_bound_of_many_is_near_the_normal_one(seen) -> None:
    assert bound(seen) == pytest.approx(seen + 1.645 * seen**0.5, rel=0.01)
    assert bound(seen) > seen


def test_none_seen_gives_the_rule_of_three() -> None:
    assert bound(0) == pytest.approx(2.9957, abs=1e-3)
    told = chance(NEAR, 1_000_000, flagged=False)
    assert told.expected == told.at_most == pytest.approx(2.9957e6 / table().ordinary.pairs, 1e-3)


@pytest.mark.parametrize("flagged", [False, True])
def test_every_distance_of_a_match_has_a_figure_and_bounds_never_fall(flagged) -> None:
    told = [chance(distance, 1000, flagged=flagged) for distance in range(REVIEW + 1)]
    assert all(0 < t.expected <= t.at_most for t in told)
    assert [t.at_most for t in told] == sorted(t.at_most for t in told)


def test_it_grows_with_the_set_and_is_worse_for_flagged_pictures() -> None:
    small, large = (chance(REVIEW, n, flagged=False) for n in (10, 1000))
    assert large.expected == pytest.approx(100 * small.expected)
    assert chance(REVIEW, 10, flagged=True).expected > small.expected
    assert chance(0, 0, flagged=False).expected == 0


def test_beyond_what_was_measured_nothing_is_told() -> None:
    assert chance(200, 1, flagged=False) is None


def test_the_table_counts_what_it_says() -> None:
    for measured in (table().ordinary, table().flagged):
        bits, pairs = zip(*measured.within, strict=True)
        assert list(bits) == sorted(set(bits))
        assert list(pairs) == sorted(pairs)
        assert bits[-1] >= REVIEW
        assert pairs[-1] <= measured.pairs <= measured.pictures**2 / 2
        assert measured.measured_on


def test_python_and_sql_mean_the_same_by_enough() -> None:
    assert f"quality >= {ENOUGH} AS enough" in relations()["rated_fingerprints"]
