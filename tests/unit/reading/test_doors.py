"""Through no door is a number, an identifier or a name shown to whoever reads masked."""

from __future__ import annotations

import json
from collections.abc import Iterator

import jinja2
import pyarrow as pa
import pytest
from telltale import DIGITS, FORBIDDEN, made

from clew import views
from clew.casefile import Case
from clew.reading import Disclosure, Masked, disclose
from clew.report import write_report
from clew.report.graph import FORMATS, write_graph
from clew.report.graph.model import Wanted


@pytest.fixture(scope="module")
def full(tmp_path_factory) -> Iterator[Case]:
    with made(tmp_path_factory.mktemp("doors") / "case") as case:
        yield case


@pytest.mark.parametrize("name", views.names())
def test_no_list_of_the_catalogue_shows_anybody(full, name) -> None:
    with disclose(full, Disclosure(what=name)) as reading:
        rows = str(reading.view(name).rows)
    assert not FORBIDDEN.search(rows)


def test_the_lists_show_people_to_whoever_may_see_them(full) -> None:
    asked = Disclosure(what="chats", masked=False, purpose="a test")
    with disclose(full, asked) as reading:
        assert DIGITS[0] in str(reading.view("groups").rows)


@pytest.mark.parametrize("form", FORMATS)
def test_no_export_shows_anybody(full, tmp_path, form) -> None:
    with disclose(full, Disclosure(what="export")) as reading:
        write_graph(reading, tmp_path / "out", form, Wanted(accounts=True, contents=True))
    files = [f for f in (tmp_path / "out", *tmp_path.glob("out/*")) if f.is_file()]
    assert not any(FORBIDDEN.search(file.read_text("utf-8")) for file in files)


def test_the_report_shows_nobody(full, tmp_path) -> None:
    with disclose(full, Disclosure(what="report")) as reading:
        write_report(reading, tmp_path / "out.html")
    assert not FORBIDDEN.search((tmp_path / "out.html").read_text("utf-8"))


OF_REPORT = [*views.names(), *(f"report/{name}" for name in views.names("report"))]
ASKED = {"shown_nodes": {"number": [0], "kind": ["person"], "id": ["x"]}}


@pytest.mark.parametrize("name", OF_REPORT)
def test_no_value_of_the_report_prints_anybody_however_a_template_writes_it(full, name) -> None:
    """Templates get values that print as they are shown: no filter of theirs can show more."""
    with disclose(full, Disclosure(what="report")) as reading:
        given = {n: pa.table(table) for n, table in ASKED.items()}
        with full.engine.with_tables(**given):
            rows = reading.printed(name)
    written = jinja2.Environment(autoescape=True).from_string(
        "{% for row in rows %}{% for value in row.values() %}{{ value }} {{ value | string }} "
        "{{ '%s' | format(value) }} {{ value | e }} {{ value ~ '' }} {{ [value] | join }}"
        "{% if value is not string and value is iterable %}{{ value | join(' ') }}{% endif %}"
        "{{ value | upper }} {{ value | tojson }}{% endfor %}{% endfor %}"
    )
    policies = {"json.dumps_function": lambda value, **_: json.dumps(value, default=str)}
    written.environment.policies |= policies
    assert not FORBIDDEN.search(written.render(rows=rows))


def test_a_value_that_prints_masked_is_compared_as_it_is() -> None:
    one, other = Masked("person-1", "a"), Masked("person-1", "b")
    assert one != other
    assert {one: 1}[Masked("person-2", "a")] == 1
    assert f"{one} {one:>9}" == "person-1  person-1"
