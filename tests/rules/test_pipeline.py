"""The flow is a value: these laws hold for it."""

import re
from inspect import signature
from pathlib import Path
from typing import get_type_hints

import clew
from clew.casefile import Context
from clew.casefile.engine import nodes, parse, statement_tables, tables_of
from clew.records import Unread
from clew.relations import relations, step_queries
from clew.schema import tables
from clew.steps import STEPS, describe
from clew.views import names, view


def test_each_step_reads_only_what_an_earlier_one_wrote() -> None:
    written: set[type] = set()
    for step in STEPS:
        own = set(step.writes) if step.per == "exhibit" else set()  # of the exhibits before
        assert set(step.reads) <= written | own | set(step.again), step.name
        written |= set(step.writes)


def test_no_table_but_that_of_unread_things_has_two_writers() -> None:
    written = [row for step in STEPS for row in step.writes if row is not Unread]
    assert len(written) == len(set(written))


def test_every_table_has_a_writer() -> None:
    declared = {row for row in tables().values() if row.__module__.startswith("clew.records")}
    assert declared == {row for step in STEPS for row in step.writes}


def test_every_step_says_what_it_does() -> None:
    assert all(len(step.about) > 10 for step in STEPS)
    assert len(list(describe())) == 3 * len(STEPS)


def test_every_function_of_a_step_takes_one_context() -> None:
    functions = [step.makes for step in STEPS if callable(step.makes)]
    taken = {tuple(get_type_hints(f)[name] for name in signature(f).parameters) for f in functions}
    assert taken == {(Context,)}


def test_every_query_is_asked_by_a_step_or_a_command_and_every_relation_by_something() -> None:
    asked = {name for step in STEPS for name in step.asks}
    for file in Path(clew.__file__).parent.rglob("*.py"):
        asked |= set(re.findall(r'step_queries\(\)\["(\w+)"\]', file.read_text("utf-8")))
    folders = ("", "figures", "lookup", "report")
    shown = (view(f"{f}/{n}".lstrip("/")).sql for f in folders for n in names(f))
    named = set().union(*(tables_of(sql) for sql in (*step_queries().values(), *shown)))
    assert not set(step_queries()) - asked
    assert not set(relations()) - named


def test_a_name_is_that_of_a_table_or_of_a_relation() -> None:
    assert not set(tables()) & set(relations())


def test_a_query_says_at_its_head_what_it_is_and_which_tables_in_memory_it_is_given() -> None:
    known = set(tables()) | set(relations())
    for name, sql in {**relations(), **step_queries()}.items():
        head = sql.split("\nWITH")[0].split("\nSELECT")[0]
        assert sql.startswith("-- "), name
        for given in statement_tables(sql) - known:
            assert given in head, f"{name} does not say what {given} is"


def test_no_two_common_tables_of_a_query_have_one_name_nor_that_of_a_table() -> None:
    known = set(tables()) | set(relations())
    for name, sql in {**relations(), **step_queries()}.items():
        named = [
            entry["key"]
            for node in nodes(parse(sql))
            for entry in node.get("cte_map", {}).get("map", ())
        ]
        assert len(set(named)) == len(named), name
        assert not set(named) & known, name
