"""What became of persons, and who is no person of the board."""

from __future__ import annotations

from builders.statements import site

from clew.operation.board import board


def test_stages_out_of_order_are_kept_and_said() -> None:
    said = site(
        "X",
        {"about": "person P-1", "says": "charged", "happened_at": "2017-04-01"},
        {"about": "person P-1", "says": "arrested", "happened_at": "2017-04-10"},
        {"about": "person P-1", "says": "convicted", "happened_at": "2016-01-01"},
        {"about": "person P-2", "says": "convicted", "happened_at": "2018-01-01"},
        {"about": "person P-2", "says": "acquitted", "happened_at": "2019-01-01"},
    )
    one, two = board(said).persons
    assert one.contradictions == ("order",)
    assert len(one.voices) == 3
    assert (two.track, two.contradictions) == ("acquitted", ())


def test_a_possible_victim_is_nowhere_among_the_persons() -> None:
    found = board(
        site(
            "X",
            {"about": "person P-1", "says": "arrested", "happened_at": "2017-04-10"},
            {"about": "person P-1", "says": "possible_victim", "happened_at": "2017-04-12"},
            {"about": "victim V-1", "says": "safeguarded", "happened_at": "2017-04-12"},
        )
    )
    assert found.persons == ()
    assert [(v.reference, v.track) for v in found.desk] == [
        ("P-1", "possible"), ("V-1", "safeguarded")
    ]  # fmt: skip
