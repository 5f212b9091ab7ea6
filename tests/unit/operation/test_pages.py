"""Pages to print: one a search, and its statements as codes."""

from __future__ import annotations

from builders.statements import site

from clew.operation.board import board
from clew.operation.pages import Codes, pages

SAID = site(
    "X",
    {"about": "search ES-S-01", "says": "entered", "place": "<b>Lugo</b>"},
    {"about": "exhibit ES-S-01/1", "says": "seized", "kind": "phone", "seal": "SC-4001"},
    {"about": "search ES-S-02", "says": "planned"},
    {"about": "person ES-P-01", "says": "arrested"},
    {"about": "victim V-1", "says": "possible"},
)


def test_a_page_has_its_register_and_codes_and_no_victim() -> None:
    text, printed = pages(board(SAID), Codes.of(SAID), None, list)
    assert printed == 2
    assert text.count("<svg") == 4
    assert "SC-4001" in text
    assert "&lt;b&gt;Lugo" in text
    assert "V-1" not in text


def test_one_search_is_printed_alone_and_without_codes_where_nobody_is_shown() -> None:
    text, printed = pages(board(SAID), Codes(), "ES-S-01", list)
    assert (printed, text.count("<svg")) == (1, 0)
    assert "ES-S-02" not in text
