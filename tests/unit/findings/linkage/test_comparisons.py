"""The degrees of agreement are numbered from the strongest, and the last is none."""

from __future__ import annotations

import pytest

from clew.findings.linkage import comparisons as module
from clew.findings.linkage.comparisons import BLOCKS, COUNTRY, Level, case_of


def test_degrees_are_numbered_in_order() -> None:
    levels = (Level("a", "x = 1"), Level("b", "x = 2"), Level("c", "ELSE"))
    assert case_of(levels) == "CASE WHEN x = 1 THEN 0 WHEN x = 2 THEN 1 ELSE 2 END"


def test_where_nothing_is_known_nothing_is_said() -> None:
    assert case_of(COUNTRY, "x IS NULL").startswith("CASE WHEN x IS NULL THEN -1 WHEN")


@pytest.mark.parametrize("line", module.COMPARISONS, ids=lambda line: line.name)
def test_every_line_ends_with_no_agreement_and_names_each_degree_once(line) -> None:
    names = [level.code for level in line.levels]
    assert line.levels[-1].sql == "ELSE"
    assert len(names) == len(set(names))


def test_accounts_are_compared_only_where_they_share_a_list() -> None:
    assert all(block[0] != "country" for block in BLOCKS)
