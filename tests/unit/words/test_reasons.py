"""A code with its figures becomes a sentence, and none is lost on the way."""

from __future__ import annotations

import pytest

from clew.words import reasons
from clew.words.reasons import Unreadable


def test_a_problem_goes_through_one_text_and_comes_back() -> None:
    problem = Unreadable("damaged", cause="no such sector", n=3)
    assert reasons.parted(problem.reason) == ("damaged", problem.figures)
    assert reasons.parted("encrypted") == ("encrypted", ())


def test_figures_are_written_value_by_value_and_nothing_for_none() -> None:
    assert reasons.figures(a=1, b=["x", "y"], c=None) == ("a=1", "b=x", "b=y")
    assert reasons.figures(a="\ud800") == ("a=\\ud800",)


def test_a_code_of_a_kind_is_explained_by_its_name() -> None:
    assert reasons.registered("unread", "misfit:number") is not None
    assert reasons.registered("unread", "no such code") is None


@pytest.mark.parametrize("code", ["no such code", "x:y"])
def test_a_code_that_is_not_registered_is_shown_as_it_is(code) -> None:
    assert reasons.sentence("unread", code, ("n=1",)) == f"{code} n=1"
    assert reasons.meaning("unread", code) == code


def test_figures_that_are_missing_are_asked_for() -> None:
    assert "?" in reasons.sentence("unread", "torn", ())
