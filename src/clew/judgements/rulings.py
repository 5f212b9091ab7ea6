"""What analysts judged of persons, as it counts today: of two judgements on one pair the later."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from clew.casefile import Case
from clew.records import Decision, PersonJudgement
from clew.schema import from_builtins
from clew.views import whole


class Ruling(msgspec.Struct, frozen=True):
    """What was decided of two accounts."""

    number: int
    together: bool
    by: str
    reason: str


class Judged:
    """The rulings on pairs of accounts."""

    def __init__(self, judgements: list[PersonJudgement]) -> None:
        self._pairs: dict[tuple[str, str], Ruling] = {}
        for judgement in (j for j in judgements if j.counts):
            ruling = Ruling(
                judgement.number,
                judgement.decision == Decision.ACCEPT,
                judgement.judged_by,
                judgement.reason,
            )
            for a, b in _pairs(judgement):
                self._pairs[min(a, b), max(a, b)] = ruling

    @classmethod
    def of(cls, case: Case) -> Judged:
        """The rulings of a case."""
        rows = case.rows(whole(PersonJudgement).sql)
        return cls([from_builtins(PersonJudgement, row) for row in rows])

    def on(self, a: str, b: str) -> Ruling | None:
        """The ruling on two accounts."""
        return self._pairs.get((min(a, b), max(a, b)))

    def apart(self) -> list[tuple[str, str]]:
        """Pairs that are two persons."""
        return [pair for pair, ruling in self._pairs.items() if not ruling.together]

    def together(self) -> Iterator[tuple[str, str, Ruling]]:
        """Pairs that are one person, the latest ruling first."""
        rulings = sorted(self._pairs.items(), key=lambda p: (-p[1].number, p[0]))
        return ((a, b, ruling) for (a, b), ruling in rulings if ruling.together)


def _pairs(judgement: PersonJudgement) -> Iterator[tuple[str, str]]:
    if judgement.decision == Decision.SPLIT:
        for account in judgement.accounts:
            yield from ((account, other) for other in judgement.others)
    else:
        first, *rest = judgement.accounts
        yield from ((first, other) for other in rest)
