"""Which statements stand: nothing outvotes what was seen, and a withdrawal hides what it names."""

from __future__ import annotations

import pytest
from builders.statements import site

from clew.operation.board import board

MAD = site(
    "MAD",
    {"about": "search ES-S-01", "says": "entered", "at": "2017-03-28T05:58:00Z"},
    {"about": "person ES-P-01", "says": "arrested", "at": "2017-03-28T06:10:00Z"},
    {"about": "exhibit ES-S-01/1", "says": "seized", "at": "2017-03-28T06:40:00Z", "kind": "phone"},
    {"about": "person ES-P-02", "says": "arrested", "at": "2017-03-28T06:55:00Z"},
    {"about": "person ES-P-02", "says": "withdrawn", "at": "2017-03-28T07:30:00Z",
     "withdraws": [4], "reason": "another person"},
)  # fmt: skip


COORD = site(
    "COORD",
    {"about": "person ES-P-01", "says": "arrested", "at": "2017-03-28T06:20:00Z",
     "heard_from": "MAD by telephone"},
    {"about": "person ES-P-02", "says": "arrested", "at": "2017-03-28T09:00:00Z",
     "heard_from": "MAD by telephone"},
    {"about": "person CO-P-09", "says": "arrested", "at": "2017-03-28T12:10:00Z",
     "heard_from": "BOG by telephone"},
    {"about": "exhibit ES-S-01/1", "says": "seized", "at": "2017-03-28T10:00:00Z",
     "kind": "laptop", "heard_from": "MAD by telephone"},
)  # fmt: skip


def person(found, reference):
    return next(p for p in found.persons if p.reference == reference)


def test_hearsay_never_outvotes_what_was_seen() -> None:
    found = board([*MAD, *COORD])
    one = person(found, "ES-P-01")
    assert (one.track, one.statements, one.first_hand, one.arrested_in) == (
        "arrested", 2, 1, ("ES",)
    )  # fmt: skip
    two = person(found, "ES-P-02")
    assert (two.track, two.arrested_in, two.contradictions) == ("withdrawn", (), ("hearsay",))
    nine = person(found, "CO-P-09")
    assert (nine.track, nine.arrested_in, nine.heard_arrested) == ("arrested", (), True)
    (entry,) = found.register
    assert (entry.kind, entry.flags) == ("phone", ("contradiction",))


def test_a_withdrawal_can_be_withdrawn_and_hides_nothing_of_another_site() -> None:
    again = [*MAD, *site("MAD", {"about": "person ES-P-02", "says": "withdrawn", "withdraws": [5],
                                 "at": "2017-03-28T07:40:00Z"}, after=MAD[-1])]  # fmt: skip
    assert person(board(again), "ES-P-02").track == "arrested"
    meddling = site("BOG", {"about": "person ES-P-01", "says": "withdrawn", "withdraws": [2],
                            "at": "2017-03-28T09:00:00Z"})  # fmt: skip
    found = board([*MAD, *meddling])
    assert person(found, "ES-P-01").track == "arrested"
    assert [(g.site, g.kind) for g in found.gaps] == [("BOG", "withdrawal")]


@pytest.mark.parametrize("part", ["search", "exhibit", "person"])
def test_a_withdrawn_statement_leaves_nothing_of_itself(part) -> None:
    reference = "S-1/1" if part == "exhibit" else "S-1"
    says = {"search": "entered", "exhibit": "seized", "person": "arrested"}[part]
    about = f"{part} {reference}"
    withdrawal = {"about": about, "says": "withdrawn", "withdraws": [1]}
    said = site("X", {"about": about, "says": says}, withdrawal)
    found = board(said)
    assert found.register == ()
    assert all(p.track == "withdrawn" for p in found.persons)
    assert all(s.state is None for s in found.searches)
