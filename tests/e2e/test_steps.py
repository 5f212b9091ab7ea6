"""What a step reads is derived from its SQL: it can do its work with these tables alone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from clew import pipeline, steps
from clew.casefile import Case, open_case
from clew.casefile.engine import Engine, tables_of
from clew.relations import relations
from clew.schema import tables


@pytest.fixture(scope="module")
def drawn(demo, tmp_path_factory) -> Path:
    """A copy of the demo's case, to draw its conclusions anew."""
    folder = tmp_path_factory.mktemp("steps") / "case"
    shutil.copytree(demo / "case", folder)
    return folder


def test_a_step_touches_exactly_what_is_derived_from_its_sql(drawn, monkeypatch) -> None:
    shown, asked = set(), set()
    show_tables, relation = Case.show_tables, Engine._relation

    def showing(self: Case, engine: Engine, rows) -> None:
        show_tables(self, engine, [row for row in rows if row in shown])

    def recording(self: Engine, sql: str, parameters):
        asked.update(tables_of(sql))
        return relation(self, sql, parameters)

    monkeypatch.setattr(Case, "show_tables", showing)
    monkeypatch.setattr(Engine, "_relation", recording)
    with open_case(drawn) as case, case.writing():
        for name in steps.CONCLUSIONS:
            step = steps.step(name)
            shown |= set(step.reads)
            case.refresh()  # the engine is opened anew, and knows these tables alone
            pipeline.perform(case, name)
            touched = {row for table, row in tables().items() if table in asked}
            unasked = {table for sql in _unasked(step, asked) for table in tables_of(sql)}
            assert touched <= set(step.reads), name
            assert {r.table_name for r in set(step.reads) - touched - set(step.files)} <= unasked
            shown.clear()
            asked.clear()


def _unasked(step, asked: set[str]) -> list[str]:
    """Queries that this case gives no occasion to ask, such as those of videos."""
    return [sql for sql in step.queries.values() if not tables_of(sql) <= asked]


def test_every_query_of_one_select_runs_alone(drawn) -> None:
    with open_case(drawn) as case:
        for name in relations():
            case.engine.query(f'SELECT * FROM "{name}" LIMIT 1')
