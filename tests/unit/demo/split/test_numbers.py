"""Who deconflicts with whom follows from whom the rules propose."""

from __future__ import annotations

from clew.demo.split.numbers import pair

A, B, C = (frozenset({name}) for name in "abc")


def test_the_holder_has_the_most_of_the_others_persons() -> None:
    proposed = {"ES": {"ES": A, "PT": B | C}, "PT": {"PT": B | C}, "CO": {"PT": B}}
    assert pair(proposed, {"ES": A, "PT": B | C, "CO": A}) == ("ES", "PT")


def test_where_nobody_has_the_others_persons_nobody_asks() -> None:
    assert pair({"ES": {"ES": A}, "PT": {"PT": B}}, {"ES": A, "PT": B}) is None
    assert pair({"ES": {"PT": A}, "PT": {}}, {"ES": A, "PT": frozenset()}) is None
    assert pair({}, {}) is None
