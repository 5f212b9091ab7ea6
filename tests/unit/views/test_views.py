"""Every list that a person can see is one view, whose SQL runs and orders its rows wholly."""

from __future__ import annotations

import re

import pyarrow as pa
import pytest

from clew import views
from clew.casefile import create_case
from clew.errors import UsageError
from clew.schema import Kind, tables
from clew.views import FIGURES, View
from clew.words import sentences

FOLDERS = ("", FIGURES, "report", "lookup")
EVERY = [f"{folder}/{name}".lstrip("/") for folder in FOLDERS for name in views.names(folder)]
NEEDS_NODES = ("report/nodes", "report/node-links")
"""Views of tables in memory that the export of the network makes."""


def like(kind: pa.DataType) -> str:
    """A type, of which only width may differ."""
    if pa.types.is_list(kind):
        return f"list of {like(kind.value_type)}"
    return "int" if pa.types.is_integer(kind) else str(kind)


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    with create_case(tmp_path_factory.mktemp("views") / "case", "Test", "Court order") as made:
        yield made


def asked(case, view: View, query: str | None = None):
    return case.sql(query or view.sql, **view.header.parameters)


@pytest.mark.parametrize("name", EVERY)
def test_a_view_has_a_title_a_question_and_sql_that_runs_on_an_empty_case(case, name) -> None:
    view = views.view(name)
    assert view.title
    assert view.question.endswith(("?", "."))
    if name in NEEDS_NODES:
        return
    found = asked(case, view)
    if view.name.startswith(FIGURES):
        assert found.column_names == ["value"]
        assert len(found) == 1
    else:
        assert set(view.header.columns) <= set(found.column_names)
        for field in found.schema:
            column = view.column(field.name)
            assert column.kind is not Kind.UNDECLARED, field.name
            assert like(field.type) == like(column.arrow_type), field.name
        if view.sentence and "figures" not in found.column_names:
            said = sentences()[view.sentence]
            assert {c for s in said for c in (*s.figures(), *s.when)} <= set(found.column_names)
        asked(case, view, view.query("TRUE", limit=1))
        assert set(view.header.times) <= set(found.column_names)


NOT_PORTABLE = re.compile(
    r"GROUP BY ALL|ORDER BY ALL|[*] (REPLACE|EXCLUDE)|BY NAME|ASOF|QUALIFY|MATERIALIZED|GLOB|->"
    r"|array_agg[(][^)]*ORDER BY|::|\[-[0-9]"
)


@pytest.mark.parametrize("name", EVERY)
def test_a_view_is_one_select_in_sql_that_other_engines_take(name) -> None:
    sql = views.view(name).sql
    assert sql.startswith(("SELECT ", "WITH "))
    assert not NOT_PORTABLE.search(sql)
    assert ";" not in sql


def test_every_table_has_a_view() -> None:
    for table in tables():
        if not table.startswith("doc_"):
            assert re.search(rf"(FROM|JOIN) \"?{table}\b", views.of_table(table).sql)


def test_a_table_is_listed_by_one_view_and_a_view_lists_tables_that_there_are() -> None:
    listed = [table for name in views.names() for table in views.view(name).header.of]
    assert len(listed) == len(set(listed))
    assert set(listed) <= set(tables())


def test_a_view_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(UsageError, match="no list 'grups'") as refused:
        views.view("grups")
    assert "groups" in refused.value.do
    with pytest.raises(UsageError, match="no figure 'nothing'"):
        views.view("figures/nothing")


def test_a_narrowed_view_keeps_its_order_and_its_columns(case) -> None:
    view = views.view("timeline")
    narrowed = view.query(
        views.among(["exhibit_id"], ["persons"], "ids"),
        *views.between(("at", "until"), "since", ""),
        limit=3,
        offset=6,
    )
    found = case.sql(narrowed, ids=["x"], since=None)
    assert found.column_names == asked(case, view).column_names
    assert narrowed.rstrip().endswith(f"ORDER BY {view.order}\nLIMIT 3 OFFSET 6")
