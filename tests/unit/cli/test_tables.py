"""A table fits the terminal, and cuts nothing that is copied."""

from __future__ import annotations

import pytest

from clew.cli.tables import Layout, cell, contents, fitted, screen_width
from clew.schema import Column, Kind

HASH, TITLE = "ab" * 32, "a title that goes on and on and has no end in sight \u4e2d\u6587"


def types(**kinds: Kind) -> dict[str, Column]:
    known = {"arrow_type": None, "nullable": True, "points_at": (), "pattern": None, "allowed": ()}
    return {name: Column(name=name, kind=kind, **known) for name, kind in kinds.items()}


ROWS = [
    {"exhibit_id": "ES-01", "sha256": HASH, "subject": TITLE, "members": n, "locator": "message/1",
     "empty": None, "others": ["one", "two", "three", "four", "five"], "reason": "It is so. " * 20}
    for n in (1, 22)
]  # fmt: skip
TYPES = types(sha256=Kind.HASH, subject=Kind.GROUP_NAME, reason=Kind.FREE_TEXT)


@pytest.mark.parametrize("width", [20, 40, 80, 200])
def test_no_line_is_wider_than_the_terminal_unless_an_identifier_is(width) -> None:
    found = fitted(ROWS, Layout(width, types=TYPES, short={HASH: HASH[:10]}))
    assert max(map(screen_width, found.lines)) <= width


def test_what_a_person_knows_a_row_by_comes_first_and_identifiers_are_whole() -> None:
    found = fitted(ROWS, Layout(100, types=TYPES))
    assert found.lines[0].startswith("subject")
    assert HASH in found.lines[1]
    assert "empty" not in found.lines[0]
    assert "members" in found.left_out


def test_a_sentence_stands_below_its_row_in_full() -> None:
    found = fitted(ROWS, Layout(60, types=TYPES, short={HASH: HASH[:10]}))
    said = " ".join(line.strip() for line in found.lines if line.startswith("    It"))
    assert said
    whole = " ".join(" ".join(line.strip() for line in found.lines).split())
    assert whole.count("It is so.") == 40


def test_chosen_columns_stay_in_their_order_and_wide_shows_everything() -> None:
    chosen = [{n: row[n] for n in ("members", "subject")} for row in ROWS]
    assert fitted(chosen, Layout(80, types=TYPES, chosen=True)).lines[0].split() == [
        "members", "subject",
    ]  # fmt: skip
    wide = fitted(ROWS, Layout(20, wide=True, types=TYPES))
    assert not wide.left_out
    assert TITLE in wide.lines[1]


def test_contents_are_a_line_each() -> None:
    lines = list(contents(iter([("groups", "Which? " * 40), ("x", "y")]), 60))
    assert len(lines) == 2
    assert all(len(line) <= 60 for line in lines)


def test_what_is_nearly_sure_is_not_shown_as_sure() -> None:
    assert cell(("MAD", "BOG", "MAD")) == cell(["MAD", "BOG"]) == "MAD, BOG"
    assert [cell(v) for v in (0.9996, 0.9994, 1.0, 12.3456)] == ["over 0.999", "0.999", "1", "12.3"]


def test_a_figure_that_stands_below_its_row_is_named() -> None:
    rows = [{"person_id": "p" * 30, "shares": 7, "text": "said a few words"}]
    found = fitted(
        rows, Layout(34, types=types(text=Kind.FREE_TEXT), first=("person_id", "shares"))
    )
    assert found.lines[2].split() == ["shares", "7", "said", "a", "few", "words"]
