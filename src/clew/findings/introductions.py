"""Who brought a content in: how likely each first share is an introduction, and how sure that is.

What is stated depends on what was seized: the fewer devices saw what others saw too, the likelier
it is that somebody unseen was first, and the fewer contents are answered. An answer is a lead about
who introduces material; it never says who made it.
"""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from clew.casefile import Context
from clew.findings.exposure import FEATURES, Exposure, First
from clew.findings.introduction_model import Model
from clew.findings.logistic import Numbers
from clew.findings.unseen import Unseen
from clew.records import Introduction, IntroductionModel, NewMaterial, Origin, OwnDevice
from clew.schema import Id, table_part

ANSWER_AT = 0.9
"""Chance from which on a first introducer is named."""
_FEWEST_NEW = 3.0


def introductions(context: Context) -> None:
    """Say how likely each first share brought a content in, and who brings in what is new."""
    firsts, model = learned(context, context.rows("shares_in_order"))
    chances = model.chances(firsts) if model else np.zeros(len(firsts))
    found = list(_rows(firsts, chances)) if model else []
    known_sets = context.rows("known_sets_counted")[0]["n"]
    context.publish(
        table_part(Introduction, found),
        table_part(Origin, list(origins(model, firsts, chances)) if model else []),
        table_part(IntroductionModel, list(model.rows()) if model else []),
        table_part(
            NewMaterial, list(_new_material(firsts, chances)) if model and known_sets else []
        ),
    )


def learned(context: Context, shares: list[dict[str, Any]]) -> tuple[list[First], Model | None]:
    """Each person's first share of each content, and what the case shows of introductions.

    ``shares`` are in the order of contents and times.
    """
    exposure = Exposure(
        context.rows("spread_members"),
        context.rows("spread_records"),
        context.rows("persons_holding"),
    )
    firsts = [
        first
        for _, group in itertools.groupby(shares, key=lambda s: s["cluster_id"])
        for first in exposure.firsts(list(group))
    ]
    founded = [row["founded_us"] for row in context.rows("groups_founded")]
    return firsts, Model.learned(firsts, Unseen(map(exposure.witnesses, shares), founded))


def _rows(firsts: list[First], chances: Numbers) -> Iterator[Introduction]:
    for first, chance in zip(firsts, chances, strict=True):
        figures = dict(zip(FEATURES, first.features, strict=True))
        yield Introduction(
            **_share(first, chance),
            rank=first.rank + 1,
            exposed=bool(figures["exposed"]),
            seen_on_own_device=first.seen_here if first.holder else None,
        )


def origins(model: Model, firsts: list[First], chances: Numbers) -> Iterator[Origin]:
    """For each content the earliest known sharer, and whether to answer at all."""
    pairs = zip(firsts, chances, strict=True)
    groups = [list(group) for _, group in itertools.groupby(pairs, key=lambda p: p[0].cluster)]
    earliest = [group[0][0] for group in groups]
    sure = model.first(earliest, np.array([float(group[0][1]) for group in groups]))
    for group, first, chance, least, before in zip(
        groups, earliest, sure.chance, sure.least, sure.unseen, strict=True
    ):
        likely = max(_likely(group), key=lambda p: p[1])
        yield Origin(
            **_share(first, chance),
            answered=bool(least >= ANSWER_AT),
            least_chance=round(float(least), 4),
            introduced=round(float(group[0][1]), 4),
            unseen_before=round(float(before), 4),
            likely_person_id=Id(likely[0]),
            likely_chance=round(likely[1] * (1 - float(before)), 4),
            sharers=len(group),
            own_device=_own_device(first),
        )


def _share(first: First, chance: float) -> dict[str, Any]:
    """Columns that say which share it is, and how likely it brought the content in."""
    return {
        "cluster_id": first.cluster, "person_id": first.person,
        "event_id": first.share["event_id"], "chat_id": first.share["chat_id"],
        "at": datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=first.share["at_us"]),
        "chance": round(float(chance), 4), "forwarded": bool(first.share["forwarded"]),
    }  # fmt: skip


def _likely(shares: list[tuple[First, float]]) -> Iterator[tuple[str, float]]:
    """Chance of each sharer to be the first who brought it in: and none before did."""
    none_before = 1.0
    for first, chance in shares:
        yield first.person, float(chance) * none_before
        none_before *= 1 - float(chance)


def _own_device(first: First) -> OwnDevice:
    if not first.holder:
        return OwnDevice.NOT_SEIZED
    if first.seen_here:
        return OwnDevice.SEEN_BEFORE
    return OwnDevice.NOT_SEEN if first.complete else OwnDevice.PARTLY_KEPT


def _new_material(firsts: list[First], chances: Numbers) -> Iterator[NewMaterial]:
    """Who introduces what no known set has and nobody else introduced, more than others do."""
    introduced: defaultdict[str, float] = defaultdict(float)
    new: defaultdict[str, float] = defaultdict(float)
    pairs = zip(firsts, chances, strict=True)
    for _, group in itertools.groupby(pairs, key=lambda p: p[0].cluster):
        shares = list(group)
        times = max(1.0, float(sum(chance for _, chance in shares)))
        fresh = not shares[0][0].share["known"]
        for (first, chance), (_, likely) in zip(shares, _likely(shares), strict=True):
            introduced[first.person] += float(chance)
            new[first.person] += likely * fresh / times
    base = sum(new.values()) / max(sum(introduced.values()), 1e-9)
    scored = [
        (likelihood_ratio(new[p], introduced[p], base), p) for p in introduced
        if new[p] >= _FEWEST_NEW
    ]  # fmt: skip
    for rank, (score, person) in enumerate(sorted(scored, key=lambda s: (-s[0], s[1])), start=1):
        yield NewMaterial(
            person_id=Id(person),
            rank=rank,
            score=round(score, 3),
            introduced=round(introduced[person], 2),
            new=round(new[person], 2),
            part=round(new[person] / introduced[person], 4),
            part_of_everybody=round(base, 4),
        )


def likelihood_ratio(new: float, introduced: float, base: float) -> float:
    """Log likelihood of a person's own part of new contents over that of everybody's part.

    It is -1 where the person's part is no higher than everybody's.
    """
    introduced = max(introduced, new, 1e-9)
    part = min(max(new / introduced, 1e-6), 1 - 1e-6)
    base = min(max(base, 1e-9), 1 - 1e-9)
    if part <= base:
        return -1.0
    rest = introduced - new
    return new * math.log(part / base) + (rest * math.log((1 - part) / (1 - base)) if rest else 0.0)
