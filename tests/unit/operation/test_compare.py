"""Published figures beside what is counted, each over its own scope."""

from __future__ import annotations

from builders.lists import ARRESTS, REGISTER, planned

from clew.operation.board import board
from clew.operation.compare import compared
from clew.operation.statements import listed

FIGURES = """figure,country,scope,value,source,note
users_identified,*,operation,135,A 2017,
users_identified,*,operation,136,B 2017,another figure
arrests,*,operation,39,A 2017,
arrests,ES,country,2,A 2017,
remanded,ES,country,1,A 2017,
seized_optical_disc,ES,country,64,A 2017,
seized_items,ES,country,42,A 2017,
police_units,ES,country,14,A 2017,
groups_investigated,*,operation,96,A 2017,
"""


def test_nothing_is_put_right_and_no_scope_is_mixed() -> None:
    plans = [planned(FIGURES, "figures"), planned(ARRESTS, "status"), planned(REGISTER)]
    found = board(listed([said for plan in plans for said in plan.said], "X", "A"))
    rows = {(r["figure"], r["scope"], r["published"]): r
            for r in compared(found.figures, found, {"groups_investigated": 7})}  # fmt: skip
    assert {key: row["counted"] for key, row in rows.items()} == {
        ("arrests", "country", 2): 2,
        ("arrests", "operation", 39): 3,
        ("police_units", "country", 14): None,
        ("remanded", "country", 1): 1,
        ("seized_items", "country", 42): 42,
        ("seized_optical_disc", "country", 64): 40,
        ("groups_investigated", "operation", 96): 7,
        ("users_identified", "operation", 135): 3,
        ("users_identified", "operation", 136): 3,
    }
    doubted = {key for key, row in rows.items() if row["contradicted"]}
    assert {key[0] for key in doubted} == {"users_identified"}
    assert rows["users_identified", "operation", 136]["note"] == "another figure"
