"""A step asks its declared queries, and is done again where its inputs changed."""

from __future__ import annotations

import pytest

from clew.casefile import Context


@pytest.fixture
def context(case) -> Context:
    return Context(case=case, step="x", key="k", queries={"one": "SELECT 1 AS n"})


def test_a_query_that_was_not_declared_can_not_be_asked(context) -> None:
    assert context.rows("one") == [{"n": 1}]
    with pytest.raises(KeyError):
        context.query("other")


def test_a_step_is_done_for_its_key_alone(context) -> None:
    assert not context.is_done("k")
    with context.case.writing():
        context.publish(detail={"roots": "[]"})
    assert context.is_done("k")
    assert not context.is_done("other")


def test_relations_are_worked_out_once_and_let_go(context) -> None:
    with context.once():
        assert context.rows("one") == [{"n": 1}]
