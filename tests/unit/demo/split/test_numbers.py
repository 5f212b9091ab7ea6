"""Who deconflicts with whom follows from whom the rules propose."""

from __future__ import annotations

from clew.demo.split.numbers import pair

A, B, C = (frozenset({name}) for name in "abc")


def test_the_holder_has_the_most_of_the_others_persons() -> None:
    proposed = {"ES": {"ES": A, "PT": B | C}, "PT": {"PT": B | C}, "CO": {"PT": B}}
    assert pair(proposed, {"ES": A, "PT": B | C, "CO": A}) == ("ES", "PT", True)


def test_where_nobody_is_of_the_others_country_any_person_of_both_will_do() -> None:
    proposed = {"ES": {"PE": A, "ES": B}, "PT": {"PE": A}}
    asks = {"ES": A | B, "PT": A}
    assert pair(proposed, asks) == ("PT", "ES", False)


def test_where_nobody_has_the_others_persons_nobody_asks() -> None:
    assert pair({"ES": {"ES": A}, "PT": {"PT": B}}, {"ES": A, "PT": B}) is None
    assert pair({"ES": {"PT": A}, "PT": {}}, {"ES": A, "PT": frozenset()}) is None
    assert pair({}, {}) is None
