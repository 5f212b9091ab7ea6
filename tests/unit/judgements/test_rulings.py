"""Of two judgements on one pair the later counts, and a split parts every pair."""

from __future__ import annotations

from datetime import UTC, datetime

from clew.judgements.rulings import Judged
from clew.records import Decision, PersonJudgement


def judgement(number: int, decision: Decision, accounts, others=(), **more) -> PersonJudgement:
    return PersonJudgement(
        number=number, decision=decision, accounts=tuple(accounts), others=tuple(others),
        judged_by="A", reason="r", judged_at=datetime(2026, 1, 1, tzinfo=UTC), **more,
    )  # fmt: skip


def test_the_later_judgement_counts_whichever_account_is_named_first() -> None:
    judged = Judged([
        judgement(1, Decision.ACCEPT, ("b", "a")), judgement(2, Decision.REJECT, ("a", "b")),
    ])  # fmt: skip
    assert judged.on("a", "b").number == judged.on("b", "a").number == 2
    assert not judged.on("a", "b").together
    assert judged.apart() == [("a", "b")]
    assert list(judged.together()) == []


def test_a_split_parts_each_from_each() -> None:
    judged = Judged([judgement(1, Decision.SPLIT, ("a", "b"), ("c", "d"))])
    assert sorted(judged.apart()) == [("a", "c"), ("a", "d"), ("b", "c"), ("b", "d")]
    assert judged.on("a", "b") is None


def test_those_who_are_one_come_with_the_latest_first() -> None:
    judged = Judged([
        judgement(1, Decision.ACCEPT, ("a", "b")), judgement(2, Decision.ACCEPT, ("c", "d")),
    ])  # fmt: skip
    assert [(a, b, ruling.number) for a, b, ruling in judged.together()] == [
        ("c", "d", 2), ("a", "b", 1),
    ]  # fmt: skip


def test_a_judgement_that_counts_no_more_rules_nothing() -> None:
    judged = Judged([judgement(1, Decision.ACCEPT, ("a", "b"), counts=False)])
    assert judged.on("a", "b") is None
