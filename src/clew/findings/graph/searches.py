"""Whom to ask about next: the key players of the case, with what each adds.

Who holds the network together is asked of those who sent something: thousands of silent members
tie the same groups together on paper, and nothing passes through them. Whose devices show most is
asked of all members, since a silent member's phone holds the group as well.
"""

from collections.abc import Iterator

import numpy as np

from clew.casefile import Context
from clew.findings.graph.keyplayers import Chosen, holds_together, reaches
from clew.findings.graph.ties import Ties
from clew.records import KeyPlayer, KeySet
from clew.schema import Id, replace, table_part


def key_players(context: Context) -> None:
    """Find whom to ask about next: who holds the network together, and who reach most of it."""
    rows = context.rows("members_known")
    first = [row["person_id"] for row in context.rows("persons_between")]
    holders = {
        row["person_id"]: tuple(row["is_owner_of"]) for row in context.rows("persons_holding")
    }
    everybody = Ties.of_groups((r["person_id"], r["chat_id"]) for r in rows)
    senders = Ties.of_groups((r["person_id"], r["chat_id"]) for r in rows if r["sent"])
    found = [*_holding(senders, first, holders), *_reaching(everybody, first, holders)]
    context.publish(table_part(KeyPlayer, found))


Holders = dict[str, tuple[str, ...]]


def _holding(ties: Ties, first: list[str], holders: Holders) -> Iterator[KeyPlayer]:
    if ties.counted <= 1:
        return
    gone = np.zeros(len(ties.names), dtype=bool)
    for number, one in enumerate(holds_together(ties, first=first), start=1):
        gone[one.node] = True
        if gone[: ties.counted].all():
            return  # a set of everybody answers nothing
        labels = ties.parts(gone)[: ties.counted][~gone[: ties.counted]]
        sizes = np.unique(labels, return_counts=True)[1]
        row = _row(KeySet.HOLDS_TOGETHER, number, one, ties, holders)
        yield replace(row, parts=len(sizes), largest_part=int(sizes.max()))


def _reaching(ties: Ties, first: list[str], holders: Holders) -> Iterator[KeyPlayer]:
    if ties.counted <= 1:
        return
    chosen, near = reaches(ties, first=first)
    for number, one in enumerate(chosen, start=1):
        row = _row(KeySet.REACHES, number, one, ties, holders)
        reached = near.reached(tuple(p.node for p in chosen[:number]))
        yield replace(row, reached=reached, groups=int(ties.degrees[one.node]))


def _row(kind: KeySet, number: int, one: Chosen, ties: Ties, holders: Holders) -> KeyPlayer:
    person = ties.names[one.node]
    return KeyPlayer(
        set_kind=kind,
        rank=number,
        person_id=Id(person),
        exhibits=tuple(Id(one) for one in holders.get(person, ())),
        gain=round(one.after - one.before, 6),
        before=round(one.before, 6),
        after=round(one.after, 6),
        others=ties.counted - number,
        candidates=one.candidates,
        starts=one.starts,
        error=one.error,
    )
