"""How likely a first share brought a content in, and how likely it was the first of all to do so.

Both are learned from the case itself as far as it can tell, and the rest is declared in
``introduction_model.toml``, with what it was counted on.

- An introduction: where a phone kept its groups' full history, it shows whether its holder had
  received a content before sharing it. These labels move declared coefficients the further, the
  more of them there are.
- The first one: somebody else may have brought the content in before, where nobody's seized device
  saw it. How much is unseen follows from how much only one person's devices saw (``unseen``).
"""

import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import resources

import msgspec
import numpy as np

from clew.findings.exposure import FEATURES, First
from clew.findings.logistic import Mistakes, Numbers, Prior, chance, fitted, log_odds
from clew.findings.unseen import Unseen
from clew.records import IntroductionModel, IntroductionPart

FIGURES = (*FEATURES, "passes_on", "first_shares")
"""Figures of a first share, with those of the person's other ones."""
_FEWEST_LABELS = 50
_OTHERS = 5.0
"""First shares of everybody that a person's own are counted together with."""


class _Figure(msgspec.Struct, frozen=True):
    coefficient: float
    """Change of the log-odds for each unit."""
    spread: float
    """Standard deviation of the figure."""


class _First(msgspec.Struct, frozen=True):
    start: float
    introduced: float
    """For each unit of the log-odds of an introduction."""
    unseen: float
    """For each unit of the logarithm of the chance of an earlier one that nobody saw."""
    sharers: float
    """For each unit of the logarithm of the number of sharers."""
    truly_unseen: float
    """Least part of the chance of an earlier one unseen that is taken to hold in any case."""
    between_operations: float
    """Standard deviation, over operations, of the log-odds by which all chances were off."""


class Declared(msgspec.Struct, frozen=True, kw_only=True):
    """What cannot be learned from a case, counted on generated operations."""

    counted_on: str
    labels: float
    """Labels of the case that the declared coefficients count as much as."""
    labels_of_start: float
    mistakes: Mistakes
    seen_before: float
    """Part of the first shares that were introductions though the own device shows it before."""
    least_lacking: float
    """Least part of what came in that a device with full history is taken to lack."""
    start: float
    figures: dict[str, _Figure]
    first: _First


class Sure(msgspec.Struct, frozen=True):
    """How sure it is that each of some sharers was the first who brought a content in."""

    chance: Numbers
    least: Numbers
    """The same in an operation of which chances are overstated as far as their spread goes."""
    unseen: Numbers
    """Chance that an earlier introduction is seen by no device."""


@cache
def declared() -> Declared:
    """The declared figures."""
    file = resources.files("clew.findings").joinpath("introduction_model.toml")
    return msgspec.convert(tomllib.loads(file.read_text("utf-8")), Declared)


class Model:
    """What was learned from a case's first shares."""

    def __init__(self, weights: Numbers, labels: int, lacking: float, unseen: Unseen) -> None:
        self._weights, self._labels = weights, labels
        self._lacking, self._unseen = lacking, unseen

    @classmethod
    def learned(cls, firsts: Sequence[First], unseen: Unseen) -> "Model | None":
        """Learn from the phones with full history; None where they show too little."""
        known = declared()
        labelled = np.array([f.holder and f.complete and f.visible for f in firsts])
        labels = np.array([not f.seen_here and not f.share["forwarded"] for f in firsts])
        count = int(labelled.sum())
        if count < _FEWEST_LABELS or not 0 < labels[labelled].sum() < count:
            return None
        figures = figures_of(firsts)
        spread = np.array([known.figures[name].spread for name in FIGURES])
        middle = np.array([known.start] + [known.figures[n].coefficient for n in FIGURES])
        strength = np.concatenate([[known.labels_of_start], known.labels * spread**2])
        weights = fitted(
            figures[labelled], labels[labelled].astype(np.float64), Prior(middle, strength),
            mistakes=known.mistakes,
        )  # fmt: skip
        model = cls(weights, count, _lacking(firsts, known.least_lacking), unseen)
        unseen.learn(firsts, model.chances(firsts, figures))
        return model

    def chances(self, firsts: Sequence[First], figures: Numbers | None = None) -> Numbers:
        """Chance of each first share that it brought the content in."""
        figures = figures_of(firsts) if figures is None else figures
        known, found = declared(), chance(figures @ self._weights[1:] + self._weights[0])
        seen = np.array([f.seen_here for f in firsts])
        found[seen] = np.minimum(found[seen], known.seen_before)
        kept = np.array([f.complete and not f.seen_here and not f.share["forwarded"]
                         for f in firsts])  # fmt: skip
        surer = chance(log_odds(found[kept]) - np.log(self._lacking))
        found[kept] = np.maximum(found[kept], np.minimum(surer, 1 - known.mistakes.of_no))
        return found

    def first(self, firsts: Sequence[First], introduced: Numbers) -> Sure:
        """How sure it is of each, the earliest known of its content, that it was the first of all.

        ``introduced`` are the chances that they brought their contents in.
        """
        terms, unseen = declared().first, self._unseen.chances(firsts)
        score = (
            terms.start
            + terms.introduced * log_odds(introduced)
            + terms.unseen * np.log(unseen)
            + terms.sharers * np.log([f.sharers for f in firsts])
        )
        most = np.minimum(introduced, 1 - terms.truly_unseen * unseen)
        score = np.minimum(score, log_odds(most))
        return Sure(chance(score), chance(score - terms.between_operations), unseen)

    def rows(self) -> Iterator[IntroductionModel]:
        """The coefficients, in the units of the figures themselves."""
        terms = declared().first
        parts = {
            IntroductionPart.INTRODUCTION: dict(
                zip(("start", *FIGURES), self._weights, strict=True)
            ),
            IntroductionPart.EARLIER: self._unseen.figures(),
            IntroductionPart.FIRST: {
                "start": terms.start,
                "introduced": terms.introduced,
                "unseen": terms.unseen,
                "sharers": terms.sharers,
            },
        }
        for part, figures in parts.items():
            for figure, value in figures.items():
                yield IntroductionModel(
                    part=part,
                    figure="(start)" if figure == "start" else figure,
                    coefficient=round(float(value), 4),
                    labels=self._labels,
                )


def figures_of(firsts: Sequence[First]) -> Numbers:
    """A row of figures for each first share."""
    alone = np.array([f.features for f in firsts], dtype=np.float64)
    people = np.unique([f.person for f in firsts], return_inverse=True)[1]
    shown = np.array([f.visible for f in firsts], dtype=np.float64)
    passed = shown * np.array(
        [bool(f.share["forwarded"]) or f.figure("exposed") > 0 for f in firsts]
    )
    everybody = (passed.sum() + 1) / (shown.sum() + 2)
    other = np.bincount(people, shown)[people] - shown
    part = (np.bincount(people, passed)[people] - passed + _OTHERS * everybody) / (other + _OTHERS)
    return np.column_stack([alone, log_odds(part), np.log1p(other)])


def _lacking(firsts: Sequence[First], least: float) -> float:
    """Part of what others' devices show coming to a holder that the holder's full device lacks."""
    came = [not f.seen_here for f in firsts if f.holder and f.complete and f.figure("exposed")]
    return max(least, (sum(came) + 1) / (len(came) + 2))
