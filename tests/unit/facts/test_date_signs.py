"""An order of dates follows from signs that agree, and from none that contradict each other."""

from __future__ import annotations

import pytest

from clew.facts.date_signs import Sign, decided
from clew.records import DateOrder, DateVoteKind, DateWeight

PROOF, STRONG, HABIT, WEAK = (
    DateWeight.PROOF, DateWeight.STRONG, DateWeight.HABIT, DateWeight.WEAK
)  # fmt: skip


def sign(weight: DateWeight, day: int, month: int, year: int = 0) -> Sign:
    return Sign(DateVoteKind.ATTACHMENTS, weight, day, month, year)


@pytest.mark.parametrize(
    ("signs", "order"),
    [
        ([], DateOrder.AMBIGUOUS),
        ([sign(PROOF, 0, 0, 3)], DateOrder.YMD),
        ([sign(STRONG, 1, 0)], DateOrder.DMY),
        ([sign(HABIT, 0, 4)], DateOrder.MDY),
        ([sign(WEAK, 9, 0)], DateOrder.AMBIGUOUS),
        ([sign(WEAK, 1, 0), sign(WEAK, 1, 0)], DateOrder.DMY),
        ([sign(STRONG, 20, 1)], DateOrder.AMBIGUOUS),
        ([sign(STRONG, 9, 0), sign(HABIT, 0, 1)], DateOrder.AMBIGUOUS),
        ([sign(HABIT, 9, 0), sign(WEAK, 0, 1)], DateOrder.AMBIGUOUS),
        ([sign(STRONG, 1, 0), sign(WEAK, 0, 9)], DateOrder.DMY),
        ([sign(PROOF, 1, 0), sign(HABIT, 0, 9)], DateOrder.DMY),
    ],
)
def test_an_order_is_decided_where_it_is_well_ahead(signs, order) -> None:
    assert decided(signs) is order
