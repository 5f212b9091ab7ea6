"""Whoever changes nothing is no key player that anybody is shown."""

from __future__ import annotations

from builders.publishing import publish_step

from clew.casefile.step_manifest import WHOLE_CASE
from clew.records import KeyPlayer, KeySet
from clew.views import view


def player(kind: KeySet, rank: int, gain: float) -> KeyPlayer:
    return KeyPlayer(
        set_kind=kind, rank=rank, person_id=f"whatsapp:pn:{rank}", exhibits=(), gain=gain,
        before=0.5, after=0.5 + gain, others=9, candidates=9, starts=9, error=0.0,
    )  # fmt: skip


def test_only_who_changes_something_is_listed(case) -> None:
    gains = [(KeySet.HOLDS_TOGETHER, 1, 0.0021), (KeySet.HOLDS_TOGETHER, 2, 0.05),
             (KeySet.REACHES, 1, 0.3), (KeySet.REACHES, 2, 0.009)]  # fmt: skip
    publish_step(case, "key-players", WHOLE_CASE, *(player(*one) for one in gains))
    asked = view("key-players")
    rows = case.rows(asked.sql, **asked.header.parameters)
    assert [(r["set_kind"], r["rank"]) for r in rows] == [("holds_together", 2), ("reaches", 1)]
    assert asked.title == "Whom to ask about next"
