"""Handling codes: what may be shown where, and what lifts a code."""

from __future__ import annotations

import pytest
from builders.countries import package, rows_of, tables_of
from builders.merging import conclude, new_case, receive
from conftest import WHOLE as AT_FULL_VOLUME

from clew.casefile.received import parted
from clew.exchange.receiving.permissions import (
    PASSED_ON,
    Letter,
    Withheld,
    in_court,
    passed_on,
    permit,
    withheld,
)
from clew.records import Permits

SEEDS = range(60) if AT_FULL_VOLUME else range(1)


def test_what_may_not_be_used_in_court_is_left_out_before_anything_is_concluded(tmp_path):
    case = new_case(tmp_path / "case", rows_of("FR", 1))
    receive(case, "ES", seed=1, handling=("H1",))
    receive(case, "PT", seed=1)
    receive(case, "CO", seed=1, handling=("H2",))
    names = {c: package(c).package_id for c in ("ES", "PT", "CO")}
    assert in_court(case) == ("permitted", {names["PT"], names["CO"]})
    assert passed_on(case) == ("case", frozenset())
    conclude(case)
    scope, packages = in_court(case)
    with case.over(scope, packages):
        seen = case.rows("SELECT DISTINCT unnest(witnesses) AS w FROM merged_messages")
        assert {parted(row["w"])[0] for row in seen} == {"", "PT-0a0b0c0d", "CO-0a0b0c0d"}
        assert {row["origin"] for row in case.rows("SELECT origin FROM packages")} == {
            "PT-0a0b0c0d", "CO-0a0b0c0d"}  # fmt: skip


def test_a_senders_letter_lifts_its_own_code_alone(tmp_path):
    case = new_case(tmp_path / "case")
    receive(case, "ES", "PT", seed=1, handling=("H1",))
    assert in_court(case) == ("case", frozenset())
    letter = Letter(origin="ES-0a0b0c0d", permits=Permits.JUDICIAL_USE, partner="ES",
                    reference="ES/7")  # fmt: skip
    permit(case, letter, "A", "letter of 3 May")
    assert in_court(case) == ("permitted", {package("ES").package_id})


@pytest.mark.parametrize(
    ("about", "why"),
    [
        ({"handling": ("H0", "H2")}, "H2"),
        ({"handling": ("H1",)}, "H1"),
        ({"tlp": "TLP:RED"}, "TLP:RED"),
        ({"handling": ("H0", "H9")}, "unknown"),
    ],
)
def test_what_is_not_passed_on_is_counted_by_the_code_that_bars_it(tmp_path, about, why):
    case = new_case(tmp_path / "case")
    receive(case, "ES", seed=1, **about)
    rows = sum(table.num_rows for table in tables_of(rows_of("ES", 1)).values())
    assert withheld(case, PASSED_ON) == {why: Withheld(1, rows)}
    receive(case, "PT", seed=1)
    found = withheld(case, PASSED_ON)
    assert found.pop(why) == Withheld(1, rows)
    # what bars the court too is left out of conclusions that are drawn
    concluded = {package("PT").package_id} if why in ("H1", "unknown") else frozenset()
    assert passed_on(case)[1] == concluded
    assert set(found) == (set() if concluded else {"apart"})
