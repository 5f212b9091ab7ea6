"""The register: things by number, and where seals and hands do not meet."""

from __future__ import annotations

from builders.statements import site

from clew.operation.board import board


def test_things_are_counted_and_not_rows_and_one_number_may_be_two_things() -> None:
    found = board(
        site(
            "X",
            {"about": "exhibit S-1/1", "says": "seized", "kind": "optical_disc", "quantity": "64"},
            {"about": "exhibit S-1/2", "says": "seized", "kind": "phone"},
            {"about": "exhibit S-1/2", "says": "seized", "kind": "laptop"},
            {"about": "exhibit S-1/3", "says": "seized", "kind": "usb", "quantity_unknown": "yes"},
            {"about": "exhibit S-1/4", "says": "acquired"},
        )
    )
    assert [(e.number, e.rank, e.lot_quantity) for e in found.register] == [
        ("1", 1, 64), ("2", 1, 1), ("2", 2, 1), ("3", 1, None), ("4", 1, None)
    ]  # fmt: skip
    flags = [e.flags for e in found.register]
    assert flags[1] == flags[2] == ("same_number",)
    assert "quantity_unknown" in flags[3]
    assert "never_seized" in flags[4]
    (search,) = found.searches
    assert (search.items, search.conflicts) == (66, ("unknown",))


def test_moves_say_where_seals_and_hands_do_not_meet() -> None:
    said = site(
        "X",
        {"about": "exhibit S-1/1", "says": "seized", "kind": "phone", "seal": "S0",
         "happened_at": "2017-03-29"},
        {"about": "exhibit S-1/1", "says": "moved", "from": "A", "to": "Lab", "seal_before": "S0",
         "seal_after": "S0", "happened_at": "2017-03-30"},
        {"about": "exhibit S-1/1", "says": "moved", "from": "B", "to": "Store",
         "seal_before": "S0", "seal_after": "S1", "happened_at": "2017-03-31"},
        {"about": "exhibit S-1/9", "says": "moved", "from": "A", "to": "B"},
    )  # fmt: skip
    assert [m.gaps for m in board(said).moves] == [
        (), ("hands", "seal_changed"), ("unknown_entry",)
    ]  # fmt: skip


def test_a_quantity_that_is_no_number_says_nothing() -> None:
    for quantity in ("many", "0", "-1", "1.5", "9999999", "٣"):
        said = site("X", {"about": "exhibit S-1/1", "says": "seized", "kind": "usb",
                          "quantity": quantity})  # fmt: skip
        (entry,) = board(said).register
        assert (entry.lot_quantity, entry.acquired) == (None, 0)
        assert "quantity_unknown" in entry.flags
