"""Laws of ``clew.findings.logistic``."""

from __future__ import annotations

import numpy as np
import pytest

from clew.findings.logistic import Mistakes, Prior, chance, fitted, log_odds

OPEN = Prior(np.zeros(2), np.zeros(2))


def drawn(mistakes: Mistakes = Mistakes()):  # noqa: B008 - a frozen value
    random = np.random.default_rng(3)
    figures = random.normal(size=(20_000, 1))
    true = random.random(20_000) < chance(figures[:, 0] * 2 - 0.5)
    wrong = random.random(20_000) < np.where(true, mistakes.of_yes, mistakes.of_no)
    return figures, (true ^ wrong).astype(float)


def test_the_coefficients_that_made_the_labels_are_found_again() -> None:
    assert fitted(*drawn(), OPEN) == pytest.approx([-0.5, 2.0], abs=0.1)


def test_labels_that_are_wrong_as_often_as_is_said_mislead_nobody() -> None:
    mistakes = Mistakes(of_no=0.1, of_yes=0.2)
    assert fitted(*drawn(mistakes), OPEN, mistakes=mistakes) == pytest.approx([-0.5, 2], abs=0.2)
    assert fitted(*drawn(mistakes), OPEN)[1] < 1.5


def test_few_labels_leave_the_prior_where_it_is_and_many_do_not() -> None:
    figures, labels = drawn()
    prior = Prior(np.array([0.0, 1.0]), np.full(2, 300.0))
    few, many = fitted(figures[:20], labels[:20], prior), fitted(figures, labels, prior)
    assert few == pytest.approx([0, 1], abs=0.1)
    assert many[1] > 1.5


def test_a_case_counted_twice_counts_as_two() -> None:
    figures, labels = drawn()
    some, same = figures[:200], labels[:200]
    twice = fitted(np.vstack([some, some]), np.concatenate([same, same]), OPEN)
    assert fitted(some, same, OPEN, np.full(200, 2.0)) == pytest.approx(twice)


def test_labels_that_a_figure_parts_wholly_end_within_bounds() -> None:
    figures = np.array([[-1.0], [-1.0], [1.0], [1.0]])
    found = fitted(figures, np.array([0.0, 0, 1, 1]), Prior(np.zeros(2), np.array([0.0, 1.0])))
    assert np.isfinite(found).all()
    assert found[1] > 0


def test_chances_and_their_log_odds_lead_back_to_each_other() -> None:
    chances = np.array([0.001, 0.3, 0.5, 0.99])
    assert chance(log_odds(chances)) == pytest.approx(chances)
    assert np.isfinite(log_odds(np.array([0.0, 1.0]))).all()
