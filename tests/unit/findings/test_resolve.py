"""Accounts become persons by the surest tie first, and a judgement outranks every tie."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from builders.persons import ACCOUNTS

from clew.casefile.ledger import undone
from clew.findings.linkage import Inferred, Link
from clew.findings.resolve import Origins, _take
from clew.findings.union_find import UnionFind
from clew.judgements.rulings import Judged
from clew.records import Decision, PersonJudgement
from clew.schema import replace


def judgement(number: int, decision: Decision, *accounts: str, others=(), undoes=None):
    return PersonJudgement(
        number=number, decision=decision, accounts=accounts, others=tuple(others), undoes=undoes,
        judged_by="A", reason="because", judged_at=datetime(2026, 1, 1, tzinfo=UTC),
    )  # fmt: skip


def test_the_later_of_two_judgements_counts_and_undoing_brings_the_earlier_back() -> None:
    a, b = ACCOUNTS[:2]
    first = judgement(1, Decision.ACCEPT, a, b)
    second = judgement(2, Decision.REJECT, b, a)
    undo = judgement(3, Decision.UNDO, undoes=2)
    undo_again = judgement(4, Decision.UNDO, undoes=3)
    for made, together in (
        ([first], True), ([first, second], False), ([first, second, undo], True),
        ([first, second, undo, undo_again], False),
    ):  # fmt: skip
        gone = undone([(j.number, j.undoes) for j in made])
        counting = [replace(j, counts=not j.undoes and j.number not in gone) for j in made]
        assert Judged(counting).on(a, b).together is together


def test_a_split_keeps_each_account_from_each_that_stays() -> None:
    a, b, c, d = ACCOUNTS[:4]
    judged = Judged([judgement(1, Decision.SPLIT, a, b, others=(c, d))])
    assert sorted(judged.apart()) == sorted([(a, c), (a, d), (b, c), (b, d)])
    assert judged.on(a, b) is None


@pytest.mark.parametrize(("bits", "state"), [(-3.0, "unlikely"), (0.0, "offered"), (40.0, "taken")])
def test_a_link_that_is_more_often_wrong_than_right_is_kept_and_not_offered(bits, state) -> None:
    inferred = Inferred((Link(*ACCOUNTS[:2], bits, bits, ()),))
    (link,) = _take(UnionFind(ACCOUNTS), inferred, Judged([]))
    assert (link.state, link.error > 0.5) == (state, state == "unlikely")


@pytest.mark.parametrize(
    ("shown", "state"), [(("", "ES-1"), "offered"), (("ES-1", "ES-1"), "taken")]
)
def test_names_and_handles_join_nobody_across_two_agencies_cases(shown, state) -> None:
    origins = Origins(
        {"account_id": account, "origin": origin}
        for account, origin in zip(ACCOUNTS[:2], shown, strict=True)
    )
    forest = UnionFind(ACCOUNTS)
    (link,) = _take(forest, Inferred((Link(*ACCOUNTS[:2], 40.0, 40.0, ()),)), Judged([]), origins)
    assert link.state == state
    joined = forest.persons()[ACCOUNTS[0]] == forest.persons()[ACCOUNTS[1]]
    assert joined is (state == "taken")
