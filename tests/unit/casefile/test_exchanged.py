from __future__ import annotations

from clew.casefile.exchanged import Exchanged

BEGUN = {"package": "b", "partner": "ES", "supersedes": "a"}


def test_a_package_takes_anothers_place_once_it_was_taken_in_and_not_before() -> None:
    log = Exchanged()
    log.begun(BEGUN)
    assert (log.receiving, log.superseded) == ({"b"}, {})
    log.done("b")
    assert (log.receiving, log.superseded) == (set(), {("ES", "a"): "b"})


def test_what_leaves_is_gone_when_all_that_followed_from_it_is_and_can_come_again() -> None:
    log = Exchanged()
    log.leaves({"package": "a", "why": "forgotten", "rows": 7})
    assert set(log.leaving) == {"a"}
    log.left({"package": "a"})
    assert (log.leaving, log.gone["a"]["rows"]) == ({}, 7)
    log.begun({"package": "a", "partner": "ES"})
    log.done("a")
    assert log.gone == {}


def test_a_package_can_be_taken_back_by_its_sender_before_it_comes() -> None:
    log = Exchanged()
    log.taken_back({"package": "a", "partner": "ES"})
    assert log.recalled == {("ES", "a")}
