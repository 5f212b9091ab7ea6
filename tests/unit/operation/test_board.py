"""The board as a whole."""

from __future__ import annotations

import json
from itertools import permutations

from builders.statements import site

from clew.operation.board import board
from clew.operation.site_files import read_site


def test_figures_that_contradict_each_other_both_stay() -> None:
    said = site("X", *(
        {"about": "operation users_identified", "says": "published", "value": value,
         "scope": "operation", "source": source}
        for value, source in (("135", "A"), ("136", "B"))
    ))  # fmt: skip
    assert [(f.value, f.source) for f in board(said).figures] == [(135, "A"), (136, "B")]


def test_the_corpus_of_a_day_of_action_is_as_expected(fixtures) -> None:
    day = fixtures / "operation" / "day"
    expected = json.loads((day / "EXPECTED.json").read_text())
    sites = [read_site(file).statements for file in sorted(day.glob("*.jsonl"))]
    states = {board(s for one in (*order, order[0]) for s in one).digest
              for order in permutations(sites)}  # fmt: skip
    found = board(s for one in sites for s in one)
    assert len(states) == 1
    arrests = [country for p in found.persons for country in p.arrested_in]
    assert {c: arrests.count(c) for c in sorted(arrests)} == expected["arrests"]
    assert len(found.register) == expected["exhibits"]
    assert {p.reference for p in found.persons} == expected["persons"].keys()
    contradicted = {p.reference for p in found.persons if p.contradictions}
    assert contradicted == {n for n, s in expected["persons"].items() if "contradiction" in s}
