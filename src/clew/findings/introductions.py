"""Who brought a content in: how likely each first share is an introduction, and how sure that is.

The labels come from the seized phones themselves: where a phone kept its groups' full history, it
shows whether its holder had received a content before sharing it. A logistic regression with a
readable coefficient for each figure learns from these and is applied to everybody else. Its answer
is a lead about who introduces material; it never says who made it.
"""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from clew.casefile import Context
from clew.findings.exposure import FEATURES, Exposure, First
from clew.records import Introduction, IntroductionModel, NewMaterial, Origin, OwnDevice
from clew.schema import Id, table_part

Numbers = npt.NDArray[np.float64]
ANSWER_AT = 0.9
"""Chance from which on a first introducer is named."""
_FEWEST_LABELS = 50
_FEWEST_NEW = 3.0


def introductions(context: Context) -> None:
    """Say how likely each first share brought a content in, and who brings in what is new."""
    firsts = firsts_of(context, context.rows("shares_in_order"))
    model = Model.learned(firsts)
    chances = model.chances(firsts) if model else np.zeros(len(firsts))
    found = list(_rows(firsts, chances)) if model else []
    known_sets = context.rows("known_sets_counted")[0]["n"]
    context.publish(
        table_part(Introduction, found),
        table_part(Origin, list(_origins(firsts, chances)) if model else []),
        table_part(IntroductionModel, list(model.told()) if model else []),
        table_part(
            NewMaterial, list(_new_material(firsts, chances)) if model and known_sets else []
        ),
    )


def firsts_of(context: Context, shares: list[dict[str, Any]]) -> list[First]:
    """Each person's first share of each content, of shares in the order of contents and times."""
    exposure = Exposure(
        context.rows("spread_members"),
        context.rows("spread_records"),
        context.rows("persons_holding"),
    )
    return [
        first
        for _, group in itertools.groupby(shares, key=lambda s: s["cluster_id"])
        for first in exposure.firsts(list(group))
    ]


class Model:
    """A logistic regression over the figures of a first share."""

    def __init__(self, weights: Numbers, middle: Numbers, scale: Numbers, labels: int) -> None:
        self._weights, self._middle, self._scale, self._labels = weights, middle, scale, labels

    @classmethod
    def learned(cls, firsts: list[First]) -> Model | None:
        """Learn from the phones with full history; None where they show too little."""
        use = [f for f in firsts if f.holder and f.complete]
        labels = np.array([not f.seen_here and not f.share["forwarded"] for f in use], dtype=float)
        if len(use) < _FEWEST_LABELS or not 0 < labels.sum() < len(use):
            return None
        figures = np.array([f.features for f in use])
        middle, scale = figures.mean(axis=0), figures.std(axis=0)
        scale[scale == 0] = 1.0
        return cls(_logistic((figures - middle) / scale, labels), middle, scale, len(use))

    def chances(self, firsts: list[First]) -> Numbers:
        """Chance of each first share that it brought the content in."""
        figures = (np.array([f.features for f in firsts]) - self._middle) / self._scale
        return _chance(figures @ self._weights[1:] + self._weights[0])

    def told(self) -> Iterator[IntroductionModel]:
        """The coefficients, in the units of the figures themselves."""
        plain = self._weights[1:] / self._scale
        start = float(self._weights[0] - (plain * self._middle).sum())
        yield IntroductionModel(figure="(start)", coefficient=round(start, 4), labels=self._labels)
        for figure, coefficient in zip(FEATURES, plain, strict=True):
            yield IntroductionModel(
                figure=figure, coefficient=round(float(coefficient), 4), labels=self._labels
            )


def _logistic(figures: Numbers, labels: Numbers) -> Numbers:
    """Weights by Newton's method with a small ridge, the first one for the constant."""
    design = np.column_stack([np.ones(len(figures)), figures])
    ridge = np.diag([0.0] + [1.0] * figures.shape[1])
    weights = np.zeros(design.shape[1])
    for _ in range(60):
        chance = _chance(design @ weights)
        slope = design.T @ (chance - labels) + ridge @ weights
        bend = (design * (chance * (1 - chance))[:, None]).T @ design + ridge
        step = np.linalg.solve(bend + 1e-9 * np.eye(len(weights)), slope)
        weights -= step
        if np.abs(step).max() < 1e-9:  # noqa: PLR2004 - converged
            break
    return weights


def _chance(score: Numbers) -> Numbers:
    return 1 / (1 + np.exp(-np.clip(score, -35, 35)))


def _rows(firsts: list[First], chances: Numbers) -> Iterator[Introduction]:
    for first, chance in zip(firsts, chances, strict=True):
        figures = dict(zip(FEATURES, first.features, strict=True))
        yield Introduction(
            **_share(first, chance),
            place=first.place + 1,
            exposed=bool(figures["exposed"]),
            seen_on_own_device=first.seen_here if first.holder else None,
        )


def _origins(firsts: list[First], chances: Numbers) -> Iterator[Origin]:
    """For each content the earliest known sharer, and whether to answer at all."""
    pairs = zip(firsts, chances, strict=True)
    for _, group in itertools.groupby(pairs, key=lambda p: p[0].cluster):
        held = list(group)
        (first, chance), likely = held[0], max(_likely(held), key=lambda p: p[1])
        yield Origin(
            **_share(first, chance),
            answered=bool(chance >= ANSWER_AT),
            likely_person_id=Id(likely[0]),
            likely_chance=round(likely[1], 4),
            sharers=len(held),
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


def _likely(held: list[tuple[First, float]]) -> Iterator[tuple[str, float]]:
    """Chance of each sharer to be the first who brought it in: and none before did."""
    none_before = 1.0
    for first, chance in held:
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
        held = list(group)
        times = max(1.0, float(sum(chance for _, chance in held)))
        fresh = not held[0][0].share["known"]
        for (first, chance), (_, likely) in zip(held, _likely(held), strict=True):
            introduced[first.person] += float(chance)
            new[first.person] += likely * fresh / times
    base = sum(new.values()) / max(sum(introduced.values()), 1e-9)
    scored = [
        (likelihood_ratio(new[p], introduced[p], base), p) for p in introduced
        if new[p] >= _FEWEST_NEW
    ]  # fmt: skip
    for place, (score, person) in enumerate(sorted(scored, key=lambda s: (-s[0], s[1])), start=1):
        yield NewMaterial(
            person_id=Id(person),
            place=place,
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
