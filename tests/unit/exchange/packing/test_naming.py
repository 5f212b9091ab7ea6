"""Who is named, and why everybody else is not."""

from __future__ import annotations

import msgspec
import pytest
from builders.packing import held, to
from builders.routing import ADMIN, ALONE, HOLDER, MEMBER, SEND, TORN, officer, put

from clew.errors import UsageError
from clew.exchange.packing import draft
from clew.exchange.packing.naming import Receiver, Why, naming
from clew.exchange.routing import decisions
from clew.exchange.routing.decisions import Choice
from clew.records import PersonCategory, RouteChoice


def test_a_victim_is_in_no_ordinary_package_and_alone_in_the_desks(packed, tmp_path) -> None:
    country, made = next((c, m) for c, m in packed.made.items() if m.naming.named)
    victim = made.naming.named[0]
    decisions.mark(packed.case, victim, PersonCategory.POSSIBLE_VICTIM, packed.signed)
    try:
        ordinary, desk = tmp_path / "o", tmp_path / "d"
        ordinary.mkdir()
        desk.mkdir()
        agreed = decisions.decide(packed.case, victim, to_country(country), packed.signed)
        decisions.second(packed.case, agreed.number, officer(packed.case, packed.home, "B. Two"))
        officer(packed.case, packed.home, "A. One")
        alone = draft.make(packed.case, to(country, desk=True), packed.known, desk)
        assert alone.naming.named == (victim,)
        if len(made.naming.named) > 1:
            rest = draft.make(packed.case, to(country), packed.known, ordinary)
            assert victim not in rest.naming.named
            assert victim not in held(ordinary)
        else:
            with pytest.raises(UsageError, match="nobody is named"):
                draft.make(packed.case, to(country), packed.known, ordinary)
    finally:
        officer(packed.case, packed.home, "A. One")
        decisions.mark(packed.case, victim, PersonCategory.SUSPECT, packed.signed)


def to_country(country: str) -> Choice:
    return msgspec.structs.replace(SEND, goes_to=country)


ES, PT = Receiver("ES", "ES", "ES"), Receiver("PT-unit4", "PT", "PT")
EUROPOL = Receiver("EUROPOL", "Europol")


def why(case, *receivers: Receiver, desk: bool = False) -> dict[str, Why]:
    return dict(naming(case, receivers, desk=desk).persons)


@pytest.fixture
def routed(case):
    put(case)
    return case


def test_each_who_is_not_named_has_a_reason(routed, tmp_path) -> None:
    signed = officer(routed, tmp_path, "A")
    abroad = msgspec.structs.replace(SEND, goes_to="PT")
    decisions.decide(routed, HOLDER, SEND, signed)
    decisions.decide(routed, TORN, abroad, signed)
    decisions.decide(routed, ADMIN, Choice(decision=RouteChoice.HOLD), signed)
    decisions.decide(routed, MEMBER, Choice(decision=RouteChoice.COUNT_ONLY), signed)
    found = why(routed, PT)
    assert found[HOLDER] is Why.ELSEWHERE
    assert found[TORN] is Why.AWAITS_SECOND
    assert found[ADMIN] is Why.HELD
    assert found[MEMBER] is Why.COUNT_ONLY
    assert found[ALONE] is Why.BYSTANDER
    assert why(routed, ES)[HOLDER] is Why.NAMED


def test_of_several_receivers_each_needs_a_decision_that_names(routed, tmp_path) -> None:
    signed = officer(routed, tmp_path, "A")
    decisions.decide(routed, HOLDER, SEND, signed)
    assert why(routed, ES, EUROPOL)[HOLDER] is not Why.NAMED
    europol = msgspec.structs.replace(SEND, goes_to="EUROPOL")
    made = decisions.decide(routed, HOLDER, europol, signed)
    decisions.second(routed, made.number, officer(routed, tmp_path, "B"))
    assert why(routed, ES, EUROPOL)[HOLDER] is Why.NAMED


def test_a_partners_own_decision_counts_if_it_is_later(routed, tmp_path) -> None:
    signed = officer(routed, tmp_path, "A")
    decisions.decide(routed, ADMIN, SEND, signed)
    held_back = Choice(decision=RouteChoice.HOLD, goes_to="PT-unit4")
    decisions.decide(routed, ADMIN, held_back, signed)
    assert why(routed, PT)[ADMIN] is Why.HELD
    assert why(routed, Receiver("PT", "PT", "PT"))[ADMIN] is Why.NAMED


def test_who_is_judged_a_victim_is_named_in_no_package_at_once(routed, tmp_path) -> None:
    signed = officer(routed, tmp_path, "A")
    decisions.decide(routed, HOLDER, SEND, signed)
    decisions.mark(routed, HOLDER, PersonCategory.VICTIM, signed)
    assert why(routed, ES)[HOLDER] is Why.VICTIM
    assert why(routed, ES, desk=True)[HOLDER] is not Why.NAMED
    made = decisions.decide(routed, HOLDER, SEND, signed)
    assert made.needs_second
    decisions.second(routed, made.number, officer(routed, tmp_path, "B"))
    assert why(routed, ES, desk=True)[HOLDER] is Why.NAMED
    assert why(routed, ES)[HOLDER] is Why.VICTIM


def test_an_empty_list_of_receivers_is_an_error(routed) -> None:
    with pytest.raises(UsageError, match="needs a receiver"):
        naming(routed, ())
