"""Rules propose by country and keep back: what is in doubt is a queue, and a bystander nowhere."""

from __future__ import annotations

import pytest
from builders.publishing import publish_step
from builders.routing import (
    ADMIN,
    AGAIN,
    ALONE,
    GROUP,
    HOLDER,
    MEMBER,
    NOWHERE,
    QUIET,
    TORN,
    member,
    officer,
    put,
    shared,
)

from clew.casefile.step_manifest import WHOLE_CASE
from clew.exchange.routing import decisions
from clew.pipeline import perform
from clew.records import PersonCategory, Role
from clew.words import registers


@pytest.fixture
def routed(case):
    put(case)
    return case


def route(case, who: str) -> dict:
    (found,) = case.rows("SELECT * FROM routes WHERE person_id = $who", who=who)
    return found


@pytest.mark.parametrize(
    ("who", "expected", "doubts"),
    [
        (HOLDER, ("R1", "proposed", "ES"), []),
        (ADMIN, ("R3", "proposed", "PT"), []),
        (MEMBER, ("R6", "counted", "PT"), []),
        (TORN, ("R3", "undecided", None), ["two_countries"]),
        (NOWHERE, ("R3", "undecided", None), ["no_country"]),
        (AGAIN, ("R3", "undecided", None), ["recycled_number"]),
        (ALONE, ("R7", "never", "ES"), []),
    ],
)
def test_the_strongest_rule_proposes_and_doubt_is_a_queue(routed, who, expected, doubts) -> None:
    found = route(routed, who)
    assert (found["rule"], found["state"], found["country"]) == expected
    assert found["doubts"] == doubts
    assert ("R9" in found["rules"]) == bool(doubts)


def test_an_admin_of_a_group_without_known_files_is_not_proposed(case) -> None:
    put(case, member(ALONE, Role.ADMIN, QUIET))
    assert route(case, ALONE)["state"] == "never"


def test_a_holder_of_devices_of_two_countries_is_undecided(case) -> None:
    put(case, devices=("ES-01", "PT-01"))
    assert route(case, HOLDER)["doubts"] == ["two_devices"]


def test_what_is_judged_proposes_too_and_a_victim_is_for_the_desk(routed, tmp_path) -> None:
    signed = officer(routed, tmp_path, "A")
    decisions.mark(routed, ALONE, PersonCategory.SUSPECT, signed)
    decisions.mark(routed, HOLDER, PersonCategory.POSSIBLE_VICTIM, signed)
    decisions.mark(routed, ADMIN, PersonCategory.VICTIM, signed)
    decisions.mark(routed, ADMIN, PersonCategory.WITNESS, signed)
    perform(routed, "mark", "routes")
    assert route(routed, ALONE)["rule"] == "R2"
    assert route(routed, HOLDER)["state"] == "desk"
    assert "R1" in route(routed, HOLDER)["rules"]
    assert route(routed, ADMIN)["rule"] == "R3"


def test_the_threshold_is_the_operations_to_set(routed, tmp_path) -> None:
    assert route(routed, MEMBER)["rule"] == "R6"
    decisions.threshold(routed, 49, officer(routed, tmp_path, "A"))
    perform(routed, "threshold", "routes")
    assert route(routed, MEMBER)["rule"] == "R5"
    (ground,) = routed.rows("SELECT * FROM route_evidence WHERE rule = 'R5'")
    assert ground["figures"] == ["known_shares=49", "threshold=49"]
    assert ground["judgement"] == 1


def test_by_default_fifty_known_files_propose(case) -> None:
    put(case)
    publish_step(case, "roles", WHOLE_CASE, shared(MEMBER, 50))
    perform(case, "routes")
    assert route(case, MEMBER)["rule"] == "R5"


def test_each_proposal_has_evidence_that_explain_takes(routed) -> None:
    proposed = routed.rows("SELECT person_id, rule FROM routes WHERE rule <> 'R7'")
    ground = routed.rows("SELECT person_id, rule, exhibit_id, chat_id FROM route_evidence")
    assert {(r["person_id"], r["rule"]) for r in proposed} <= {
        (r["person_id"], r["rule"]) for r in ground if r["exhibit_id"] or r["chat_id"] == GROUP
    }


def test_every_doubt_is_registered(routed) -> None:
    found = routed.rows("SELECT DISTINCT unnest(doubts) AS doubt FROM routes")
    assert {row["doubt"] for row in found} <= set(registers()["route_doubt"])
