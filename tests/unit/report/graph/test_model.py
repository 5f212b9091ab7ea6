"""Laws of ``clew.report.graph.model``."""

from __future__ import annotations

from clew.report.graph.model import _once


def test_pseudonyms_that_are_alike_stay_two_nodes() -> None:
    assert list(_once(iter(["a", "b", "b", "b"]))) == ["a", "b", "b/2", "b/3"]
