"""The board as tables: counted by scope, and said in words."""

from __future__ import annotations

import json

from builders.statements import site

from clew.operation.board import board
from clew.operation.site_files import read_site
from clew.operation.tables import LISTS, said_of

FOUND = board(
    site(
        "X",
        {"about": "search ES-S-1", "says": "planned"},
        {"about": "search ES-S-2", "says": "entered", "happened_at": "2017-03-28T06:00Z"},
        {"about": "exhibit ES-S-2/1", "says": "seized", "kind": "usb", "quantity": "3",
         "happened_at": "2017-03-28"},
        {"about": "exhibit ES-S-2/2", "says": "seized", "kind": "phone",
         "happened_at": "2017-03-28"},
        {"about": "exhibit ES-S-2/2", "says": "read"},
        {"about": "person ES-P-1", "says": "arrested", "happened_at": "2017-03-28T07:00Z"},
        {"about": "person CO-P-1", "says": "arrested", "heard_from": "another"},
        {"about": "person ES-P-2", "says": "possible_victim"},
        {"about": "person ES-P-2", "says": "arrested"},
    )
)  # fmt: skip


def test_each_country_has_its_own_figures() -> None:
    rows = {row["country"]: row for row in LISTS["country"](FOUND)}
    assert list(rows) == ["CO", "ES"]
    spain = rows["ES"]
    wanted = {"searches": 2, "entered": 1, "pending": 1, "entries": 2, "seized": 4, "acquired": 1,
              "read": 1, "arrests": 1, "heard_arrests": 0}  # fmt: skip
    assert {name: spain[name] for name in wanted} == wanted
    assert (rows["CO"]["arrests"], rows["CO"]["heard_arrests"]) == (0, 1)


def test_each_day_has_what_happened_on_it() -> None:
    (day,) = LISTS["day"](FOUND)
    assert day == {"day": "2017-03-28", "entered": 1, "left": 0, "seized": 4, "arrests": 1}


def test_a_possible_victim_is_in_no_list() -> None:
    for name, rows_of in LISTS.items():
        assert "ES-P-2" not in json.dumps(rows_of(FOUND)), name


def test_states_are_said_as_the_corpus_expects_them(fixtures) -> None:
    day = fixtures / "operation" / "day"
    found = board(one for file in day.glob("*.jsonl") for one in read_site(file).statements)
    expected = json.loads((day / "EXPECTED.json").read_text())["persons"]
    assert {p.reference: said_of(p) for p in found.persons} == expected
