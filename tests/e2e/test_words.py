"""No table of the demo holds a sentence; its codes are registered, and its rows can be said."""

from __future__ import annotations

import gettext
import re

import pytest

from clew import views
from clew.casefile import open_case
from clew.schema import Kind, columns, tables
from clew.words import Speaker, already_masked, sentences, unregistered

FUNCTION_WORDS = re.compile(
    r"\b(an?|the|of|and|or|is|are|was|were|be|been|has|have|had|in|on|at|by|to|from|with|for|its?"
    r"|this|that|these|those|not?|then|there|which|who|as|but|if|such|others?|more|most|only)\b"
)
FREE = {
    Kind.FREE_TEXT, Kind.PERSON_NAME, Kind.GROUP_NAME, Kind.PATH, Kind.RAW, Kind.HANDLE,
    Kind.STAFF, Kind.PLACE,
}  # fmt: skip
"""Kinds of what people wrote, in whatever language."""
REGISTERS = {
    ("timeline", "what"): "timeline_event", ("network_links", "shown_by"): "shown_by",
    ("link_evidence", "agreement"): "agreement", ("linkage_weights", "agreement"): "agreement",
    ("linkage_weights", "countries"): "agreement",
    ("introduction_model", "figure"): "introduction_figure",
    ("behaviours", "figures"): "behaviour_figure", ("person_links", "evidence"): "agreement",
}  # fmt: skip


class Pseudo(gettext.NullTranslations):
    """A language in which no word is English."""

    def pgettext(self, context, message):
        return "«»"

    def npgettext(self, context, msgid1, msgid2, n):
        return "«»"


@pytest.fixture(scope="module")
def case(demo):
    with open_case(demo / "case") as opened:
        yield opened


def texts(case, table: str, column: str) -> set[str]:
    values = case.sql(f'SELECT "{column}" FROM "{table}"')[column].to_pylist()
    return {
        text
        for value in values
        for text in (value if isinstance(value, list) else [value])
        if isinstance(text, str)
    }


def test_no_column_holds_an_english_sentence(case) -> None:
    found = [
        (table, column.name, text)
        for table, row in tables().items()
        for column in columns(row)
        if not table.startswith("doc_") and column.kind not in FREE
        for text in texts(case, table, column.name)
        if " " in text and len(set(FUNCTION_WORDS.findall(text.lower()))) >= 3
    ]
    assert found == []


@pytest.mark.parametrize(("table", "column"), REGISTERS)
def test_every_code_of_a_finding_is_registered(case, table, column) -> None:
    codes = {text.partition("=")[0] for text in texts(case, table, column)}
    assert unregistered(REGISTERS[table, column], codes) == set()


@pytest.mark.parametrize("name", [n for n in views.names() if views.view(n).sentence])
def test_every_row_of_a_list_can_be_said_and_all_of_it_is_translated(case, name) -> None:
    view = views.view(name)
    for row in case.rows(view.query(limit=300), **view.header.parameters):
        said = Speaker(already_masked).sentence(view.sentence, row)
        assert said.endswith(".")
        assert not re.search(r"\?|[{}]|\bNone\b", said)
        pseudo = Speaker(already_masked, Pseudo()).sentence(view.sentence, row)
        assert not re.search(r"[A-Za-z]", pseudo)
    assert sentences()[view.sentence]
