"""Searches: their state, and what does not go together."""

from __future__ import annotations

from builders.statements import site

from clew.operation.board import board

ENTERED = {"about": "search ES-S-01", "says": "entered", "happened_at": "2017-03-28T06:00:00Z"}
LEFT = {"about": "search ES-S-01", "says": "left", "happened_at": "2017-03-28T08:00:00Z"}


def test_a_search_is_as_far_as_was_seen() -> None:
    heard = {**LEFT, "says": "cancelled", "heard_from": "another"}
    (found,) = board(site("X", ENTERED, {**LEFT, "result": "positive"}, heard)).searches
    assert (found.state, found.country, found.result) == ("left", "ES", "positive")
    assert (found.entered_at, found.left_at) == ("2017-03-28T06:00:00Z", "2017-03-28T08:00:00Z")
    assert found.conflicts == ("hearsay",)


def test_what_does_not_go_together_is_said() -> None:
    early = {**LEFT, "happened_at": "2017-03-28T05:00:00Z", "clock": "it went back"}
    seized = {"about": "exhibit ES-S-01/1", "says": "seized", "kind": "phone"}
    said = [ENTERED, LEFT, early, {**ENTERED, "result": "negative"}, seized]
    (found,) = board(site("X", *said)).searches
    assert found.conflicts == ("clock", "left", "negative_with_items", "order")
    assert (found.entries, found.items) == (1, 1)
