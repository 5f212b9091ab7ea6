"""From the register to the evidence: taken in as an exhibit, read, or seized and not read."""

from __future__ import annotations

import pytest

from clew.errors import UsageError
from clew.operation import keeping
from clew.operation.board import board
from clew.operation.evidence import board_of, entry_of, taken_in
from clew.operation.statements import Said, listed
from clew.operation.tables import LISTS, counted
from clew.records import About


def seized(number: str, *particulars: str) -> Said:
    return Said(about=About.EXHIBIT, reference=f"ES-S-01/{number}", says="seized",
                particulars=("kind=usb", *particulars))  # fmt: skip


def test_of_a_lot_each_exhibit_is_one_thing(case) -> None:
    said = [seized("1", "quantity=3"), seized("2")]
    keeping.state(case, said, "A", "r")
    first = entry_of(board_of(case), "ES-S-01/1")
    for exhibit in ("X-1", "X-2", "X-2"):
        keeping.state(case, [taken_in(first, exhibit)], "A", "r")
    found = board_of(case)
    one, two = found.register
    assert (one.exhibit_ids, one.acquired, one.read) == (("X-1", "X-2"), 2, 0)
    assert (two.exhibit_ids, two.acquired, two.state) == ((), 0, "seized")
    figures = counted(found.register)
    assert (figures["seized"], figures["acquired"], figures["read"]) == (4, 2, 0)
    assert [row["number"] for row in LISTS["unread"](found)] == ["1", "2"]


def test_what_was_returned_was_not_read_for_that() -> None:
    returned = Said(about=About.EXHIBIT, reference="ES-S-01/1", says="returned")
    (entry,) = board(listed([seized("1"), returned], "X", "A")).register
    assert (entry.state, entry.acquired, entry.read) == ("returned", 0, 0)


def test_an_entry_is_named_once(case) -> None:
    keeping.state(case, [seized("1")], "A", "r")
    with pytest.raises(UsageError, match="no things"):
        entry_of(board_of(case), "ES-S-01/9")
