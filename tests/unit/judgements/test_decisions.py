"""A judgement has a name and a reason, and is never overwritten."""

from __future__ import annotations

import pytest

from clew.errors import UsageError
from clew.judgements.decisions import Category, Ruling, categorise, judge, undo
from clew.records import Decision, PersonJudgement

RULING = Ruling(decision=Decision.ACCEPT, accounts=("a", "b"))


@pytest.mark.parametrize(("by", "reason"), [("", "r"), ("A", ""), (" ", "r"), ("A", "\t")])
def test_nobody_judges_without_a_name_and_a_reason(case, by, reason) -> None:
    with pytest.raises(UsageError, match="a name and a reason"):
        judge(case, RULING, by, reason)
    with pytest.raises(UsageError, match="a name and a reason"):
        undo(case, 1, by, reason)


def test_judgements_are_numbered_and_stay(case) -> None:
    one, other = (judge(case, RULING, "A", "r") for _ in range(2))
    assert (one.number, other.number) == (1, 2)
    undone = undo(case, 1, "B", "wrong")
    assert (undone.number, undone.undoes) == (3, 1)
    kept = list(case.ledger.judgements(PersonJudgement))
    assert [j.number for j in kept] == [1, 2, 3]
    assert [j.counts for j in kept][:2] == [False, True]


def test_what_is_not_there_can_not_be_undone_or_categorised(case) -> None:
    with pytest.raises(UsageError, match="no judgement 7"):
        undo(case, 7, "A", "r")
    with pytest.raises(UsageError, match="names no file"):
        categorise(case, "a" * 64, Category(scheme="S", country="ES", code="1"), "A", "r")


def test_what_is_undone_is_not_undone_again_until_it_counts_again(case) -> None:
    judge(case, RULING, "A", "r")
    undo(case, 1, "A", "wrong")
    with pytest.raises(UsageError, match="1 counts no more already: judgement 2 undid it"):
        undo(case, 1, "B", "wrong")
    undo(case, 2, "B", "right after all")
    assert undo(case, 1, "A", "wrong again").number == 4
