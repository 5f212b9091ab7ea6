"""What a step reads follows from its SQL, and so does the digest of what it asks."""

from __future__ import annotations

from clew import steps
from clew.casefile.step import Step, tables_of
from clew.records import Chat, Message
from clew.relations import relations, step_queries


def test_a_query_asks_for_what_its_relations_ask_for_too() -> None:
    assert tables_of("SELECT 1") == frozenset()
    assert "messages" in tables_of("WITH m AS (SELECT * FROM messages) SELECT * FROM m")
    name = next(name for name, sql in relations().items() if tables_of(sql))
    assert tables_of(relations()[name]) <= tables_of(f'SELECT * FROM "{name}"')


def test_a_step_reads_what_its_queries_and_files_are() -> None:
    step = Step("x", lambda _: None, files=(Chat,))
    assert step.reads == (Chat,)
    assert Message not in step.reads


def test_a_step_of_sql_alone_writes_what_its_queries_make() -> None:
    for step in steps.STEPS:
        if not callable(step.makes):
            assert step.writes == tuple(step.makes)
            assert set(step.asks) <= set(step_queries())
        assert step.about


def test_another_query_is_another_digest() -> None:
    some = [step for step in steps.STEPS if step.asks]
    assert len({step.sql_digest for step in some}) > 1


def test_other_columns_are_another_digest() -> None:
    digests = {Step("x", lambda _: None, writes=(row,)).sql_digest for row in (Chat, Message)}
    assert len(digests) == 2
