"""Lists as a whole: every row is taken, there already, no row, or refused with its reason."""

from __future__ import annotations

import pytest
from builders.lists import ARRESTS, REGISTER, planned

from clew.errors import UsageError
from clew.operation.board import board
from clew.operation.importing.taking import Became, oddities
from clew.operation.statements import listed
from clew.operation.tables import arrests, counted
from clew.words import registers


def counts(plan) -> list[int]:
    found = [plan.count(became) for became in Became]
    assert sum(found) == len(plan.rows)
    return found


def stated(*plans):
    return listed([said for plan in plans for said in plan.said], "X", "A")


def test_things_of_a_register_are_counted_and_its_total_is_none() -> None:
    plan = planned(REGISTER)
    assert counts(plan) == [3, 0, 1, 0]
    assert (plan.items, plan.total) == (42, 42)
    found = board(stated(plan))
    assert counted(found.register)["seized"] == 42
    assert [e.kind for e in found.register] == ["phone", "optical_disc", "camera"]
    assert found.register[0].extra == ("read_from=list.csv:2",)


def test_a_list_is_taken_once() -> None:
    plan = planned(REGISTER)
    assert counts(planned(REGISTER, there=stated(plan))) == [0, 3, 1, 0]
    assert counts(planned(REGISTER + REGISTER.partition("\n")[2])) == [3, 3, 2, 0]


def test_arrests_count_persons_and_the_later_state_follows() -> None:
    found = board(stated(planned(ARRESTS, "status")))
    assert arrests(found) == 3
    assert [(p.reference, p.track) for p in found.persons] == [
        ("CO-P-01", "arrested"), ("ES-P-01", "remanded"), ("ES-P-02", "released")
    ]  # fmt: skip
    again = ARRESTS + "A-04,ES-P-01,ES,2017-05-01,arrested,\n"
    assert arrests(board(stated(planned(again, "status")))) == 3


HEAD = "exhibit_id,search_id,what,quantity\n"
STATUS = "person_ref,country,on,status,place\n"


@pytest.mark.parametrize(
    ("text", "role", "code"),
    [
        (HEAD + "X-1,S-1,phone\n", "register", "cells"),
        (HEAD + "X-1,S-1,phone,1,2\n", "register", "cells"),
        (HEAD + ",S-1,phone,1\n", "register", "cell_empty"),
        (HEAD + "X-1,,phone,1\n", "register", "no_search"),
        (HEAD + f"X-1,S-1,{'x' * 5000},1\n", "register", "cell_long"),
        (STATUS + "P-1,ES,2017-04-10,safeguarded,\n", "status", "of_victims"),
        (STATUS + "P-1,ES,2017-04-10,vanished,\n", "status", "status_unknown"),
        (STATUS + "P-1,UK,2017-04-10,arrested,\n", "status", "country_meant"),
        ("exhibit_id,from,to\nX-1,A,B\n", "moves", "entry_unknown"),
        ("exhibit_id,search_id,from,to\nX-1,S-1,,\n", "moves", "nobody_moves"),
        ("figure,country,scope,value,source\narrests,ES,world,1,A\n", "figures", "scope"),
        ("figure,country,scope,value,source\narrests,*,country,1,A\n", "figures", "scope_country"),
        ("figure,country,scope,value,source\narrests,*,operation,many,A\n", "figures", "value"),
    ],
)
def test_a_row_is_refused_with_its_reason(text, role, code) -> None:
    plan = planned(text, role)
    assert [row.code for row in plan.rows] == [code]
    assert plan.said == ()
    assert registers()["board_row"][code].do


def test_what_is_odd_is_taken_and_said() -> None:
    plan = planned(STATUS + "SV-P-1,ES,2017-04-10,arrested,El Salvador\n", "status")
    assert [w.code for w in plan.warnings] == ["country_by_code", "country_by_place"]
    assert plan.said[0].country == "ES"
    plan = planned("exhibit_id,search_id,what,imei\nX,S,gizmo,352099001761482\n")
    assert [w.code for w in plan.warnings] == ["imei_check_digit", "kind_unknown"]
    assert board(stated(plan)).register[0].flags == ("imei_check_digit", "kind_unknown")


def test_a_column_that_is_not_known_is_kept() -> None:
    plan = planned("exhibit_id,search_id,what,Bemerkung\nX-1,S-1,phone,nass\n")
    assert plan.unknown == ("Bemerkung",)
    assert "Bemerkung=nass" in plan.said[0].particulars


def test_one_number_may_stand_in_two_searches_unless_it_numbers_the_case() -> None:
    text = HEAD + "001,S-1,phone,1\n001,S-2,laptop,1\n"
    assert len(board(stated(planned(text))).register) == 2
    assert [row.code for row in planned(text, whole_case=True).rows] == [None, "number_of_another"]


def test_what_does_not_go_together_is_said_of_the_import() -> None:
    text = HEAD + "001,S-1,phone,1\n001,S-1,laptop,1\n"
    after = board(stated(planned(text)))
    assert oddities(board(()), after) == [("S-1/001", "same_number")] * 2
    assert oddities(after, after) == []


def test_a_number_with_a_slash_keeps_its_search() -> None:
    (entry,) = board(stated(planned(HEAD + "7/17,S-1,phone,1\n"))).register
    assert (entry.search_id, entry.number) == ("S-1", "7/17")


FIXED = {
    "country_ES_meant_SV.csv": ([1, 0, 0, 0], ["country_by_code"]),
    "country_UK_EL.csv": ([0, 0, 0, 2], ["country_meant"] * 2),
    "imei_as_float.csv": ([0, 0, 0, 1], ["imei_spoilt"]),
    "imei_luhn.csv": ([1, 0, 0, 0], ["imei_check_digit"]),
    "same_number_two_searches.csv": ([2, 0, 0, 0], []),
    "same_number_twice.csv": ([2, 0, 0, 0], []),
    "formula.csv": ([2, 0, 0, 0], []),
    "quantity.csv": ([2, 0, 0, 3], ["quantity"] * 3 + ["quantity_unknown"]),
    "order_of_states.csv": ([3, 0, 0, 0], []),
    "future.csv": ([0, 0, 0, 1], ["future"]),
    "unknown_column.csv": ([1, 0, 0, 0], []),
    "short_row.csv": ([0, 0, 0, 2], ["cells"] * 2),
    "empty.csv": ([0, 0, 0, 0], []),
    "victim_in_arrests.csv": ([0, 0, 0, 1], ["of_victims"]),
}
REFUSED = {"date_ambiguous.csv": "no row decides", "two_encodings.csv": "two encodings"}


def test_the_corpus_is_as_expected(fixtures) -> None:
    folder = fixtures / "operation"
    plan = planned((folder / "seizures_es_cp1252.csv").read_bytes())
    assert (counts(plan), plan.items, plan.total) == ([66, 0, 1, 0], 127, 127)
    assert counts(planned((folder / "searches_es.csv").read_bytes(), "searches")) == [19, 0, 0, 0]
    people = stated(planned((folder / "arrests_operation.csv").read_bytes(), "status"))
    assert arrests(board(people)) == 39
    assert arrests(board(people), "ES") == 17
    names = {file.name for file in (folder / "bad").glob("*.csv")}
    assert names == {*FIXED, *REFUSED}
    for name in sorted(names):
        content = (folder / "bad" / name).read_bytes()
        role = "status" if content.startswith((b"person_ref", b"arrest_id")) else "register"
        if name in REFUSED:
            with pytest.raises(UsageError, match=REFUSED[name]):
                planned(content, role)
            continue
        plan = planned(content, role)
        codes = [r.code for r in (*plan.rows, *plan.warnings) if r.code]
        assert (counts(plan), codes) == FIXED[name], name
