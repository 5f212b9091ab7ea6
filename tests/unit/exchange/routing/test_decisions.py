"""Nobody is named without a signed decision, and where there is doubt not without a second key."""

from __future__ import annotations

import msgspec
import pytest
from builders.routing import ADMIN, ALONE, HOLDER, MEMBER, SEND, TORN, officer, put

from clew.errors import UsageError
from clew.exchange.routing import decisions
from clew.exchange.routing.decisions import Choice, Signed
from clew.judgements.decisions import undo
from clew.pipeline import perform
from clew.records import PersonCategory, RouteChoice


@pytest.fixture
def routed(case):
    put(case)
    return case


@pytest.fixture
def first(routed, tmp_path):
    return officer(routed, tmp_path, "A. One")


def perform_again(case) -> None:
    """What was judged reaches the proposals."""
    for step in ("mark", "threshold", "routes"):
        perform(case, step)


def named(case) -> set[tuple[str, str]]:
    return {towards for towards, one in decisions.in_force(case).items() if one.names}


def test_without_a_decision_nobody_is_named(routed) -> None:
    assert named(routed) == set()


def test_a_plain_proposal_is_named_by_one_officer(routed, first) -> None:
    decisions.decide(routed, ADMIN, SEND, first)
    assert named(routed) == {(ADMIN, "PT")}
    one = decisions.in_force(routed)[ADMIN, "PT"]
    assert (one.marking, one.grading) == (SEND.marking, SEND.grading)


@pytest.mark.parametrize(("who", "goes_to"), [(TORN, "IT"), (MEMBER, "PT"), (HOLDER, "PT")])
def test_whoever_is_no_plain_proposal_needs_a_second_key(
    routed, first, tmp_path, who, goes_to
) -> None:
    made = decisions.decide(routed, who, msgspec.structs.replace(SEND, goes_to=goes_to), first)
    assert made.needs_second
    assert named(routed) == set()
    with pytest.raises(UsageError, match="same key"):
        decisions.second(routed, made.number, first)
    with pytest.raises(UsageError, match="same key"):
        decisions.second(routed, made.number, Signed("B. Two", "in another's name"))
    second = officer(routed, tmp_path, "B. Two")
    decisions.second(routed, made.number, second)
    assert named(routed) == {(who, goes_to)}


@pytest.mark.parametrize("how", ["mark", "threshold"])
def test_who_makes_somebody_a_proposal_does_not_name_him_alone(routed, tmp_path, how) -> None:
    """MEMBER shared 49 known files, and 50 propose."""
    first, other = (officer(routed, tmp_path, name) for name in ("A. One", "B. Two"))
    if how == "mark":
        decisions.mark(routed, MEMBER, PersonCategory.SUSPECT, other)
    else:
        decisions.threshold(routed, 40, other)
    perform_again(routed)
    made = decisions.decide(routed, MEMBER, SEND, other)
    assert made.needs_second
    assert named(routed) == set()
    decisions.decide(routed, MEMBER, SEND, officer(routed, tmp_path, first.by))
    assert named(routed) == {(MEMBER, "PT")}


def test_a_second_officer_agrees_with_the_decision_that_counts(routed, first, tmp_path) -> None:
    abroad = msgspec.structs.replace(SEND, goes_to="PT")
    made = decisions.decide(routed, HOLDER, abroad, first)
    second = officer(routed, tmp_path, "B. Two")
    decisions.second(routed, made.number, second)
    decisions.decide(routed, HOLDER, abroad, officer(routed, tmp_path, "A. One"))
    assert named(routed) == set()


@pytest.mark.parametrize("choice", [RouteChoice.HOLD, RouteChoice.COUNT_ONLY, RouteChoice.WITHDRAW])
def test_a_later_decision_counts_instead(routed, first, choice) -> None:
    decisions.decide(routed, ADMIN, SEND, first)
    decisions.decide(routed, ADMIN, Choice(decision=choice), first)
    assert named(routed) == set()


def test_a_bystander_is_never_named(routed, first) -> None:
    with pytest.raises(UsageError, match="R7"):
        decisions.decide(routed, ALONE, SEND, first)


def test_who_is_named_needs_a_handling_code_and_a_grading(routed, first) -> None:
    for lacking in ("marking", "grading"):
        with pytest.raises(UsageError, match="handling code"):
            decisions.decide(routed, ADMIN, msgspec.structs.replace(SEND, **{lacking: None}), first)


def test_in_doubt_the_country_has_to_be_said(routed, first) -> None:
    with pytest.raises(UsageError, match="in doubt"):
        decisions.decide(routed, TORN, SEND, first)


def test_a_decision_is_not_undone_but_followed_by_another(routed, first) -> None:
    made = decisions.decide(routed, ADMIN, SEND, first)
    with pytest.raises(UsageError, match="is not undone"):
        undo(routed, made.number, first.by, "wrong")
    assert named(routed) == {(ADMIN, "PT")}


def test_a_decision_needs_a_name_and_a_reason() -> None:
    for by, reason in (("", "r"), ("A", " ")):
        with pytest.raises(UsageError, match="a name and a reason"):
            Signed(by, reason)
