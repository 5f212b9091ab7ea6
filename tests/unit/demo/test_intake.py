"""Every exhibit and set of an operation is taken in as it was described."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from clew.casefile import create_case
from clew.casefile.engine import Progress
from clew.demo import generate, small
from clew.demo.intake import take_exhibits
from clew.records import ExhibitKind

pytestmark = pytest.mark.slow


def test_exhibits_are_as_described(tmp_path) -> None:
    operation = generate(tmp_path / "d", small())
    few = replace(operation, exhibits=operation.of_kind(ExhibitKind.LAPTOP))
    with create_case(tmp_path / "case", "T", "A") as case:
        take_exhibits(case, few, Progress(), 1)
        (row,) = case.rows("FROM exhibits")
        about = few.exhibits[0].about
        assert {name: row[name] for name in about} == about
        sets = {r["set"] for r in case.rows("FROM hash_sets")}
        assert {s.name for s in operation.hash_sets} <= sets
