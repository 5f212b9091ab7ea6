"""Statements: what they state comes back from a file, and their id follows from it."""

from __future__ import annotations

import json

import pytest
from builders.statements import site

from clew.errors import EvidenceError
from clew.operation.statements import Said, as_line, listed, of_line, statement_id
from clew.records import About

SAID = Said(
    about=About.EXHIBIT, reference="ES-S-01/7", says="seized", country="ES", place="Lugo",
    happened_at="2017-03-28T06:00", clock_note="5 minutes slow", heard_from="MAD",
    withdraws=("1", "2"), particulars=("kind=phone", "seal=S=1"), reason="none",
)  # fmt: skip


def test_a_statement_comes_back_from_a_line() -> None:
    for made in listed([SAID, Said(about=About.PERSON, reference="P", says="arrested")], "X", "A"):
        assert of_line(json.dumps(as_line(made)), "here") == made
        assert made.statement_id == statement_id(made)


def test_what_a_line_has_besides_is_a_particular() -> None:
    (made,) = site("X", {"about": "exhibit S/1", "says": "seized", "kind": "phone", "n": 3})
    assert made.particulars == ("kind=phone", "n=3")


@pytest.mark.parametrize("about", ["", "search", "thing X", "person "])
def test_a_statement_is_about_something(about) -> None:
    with pytest.raises(EvidenceError, match="is no statement"):
        site("X", {"about": about, "says": "entered"})


@pytest.mark.parametrize("more", [
    '"zz":' + "[" * 100_000, '"zz":' + '{"a":' * 100_000,
    '"at":"0001-01-01T00:00:00+23:59"}', '"at":"9999-12-31T23:59:59-23:59"}',
])  # fmt: skip
def test_a_line_that_no_program_can_lay_out_or_date_is_refused(more) -> None:
    line = '{"about":"person CO-P-01","by":"B","says":"arrested","seq":1,"site":"B",' + more
    with pytest.raises(EvidenceError, match="is no statement"):
        of_line(line, "line 1")
