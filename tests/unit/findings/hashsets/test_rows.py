"""A broken row of CSV costs itself: a quotation mark that nobody closes ends no file."""

from __future__ import annotations

import pytest

from clew.findings.hashsets.rows import rows


def read(text: str, *, quoted: bool = True):
    whole = lambda cells: len(cells) == 2 and len(cells[0]) == 4  # noqa: E731 - a record by itself
    return list(rows(iter(text.splitlines(keepends=True)), 1, ",", whole, quoted=quoted))


def test_plain_rows_are_cells_with_their_lines() -> None:
    assert [(r.number, r.cells) for r in read("aaaa,1\n\nbbbb,2\n")] == [
        (2, ["aaaa", "1"]), (4, ["bbbb", "2"]),
    ]  # fmt: skip


def test_a_cell_may_go_on_over_lines() -> None:
    (one, two) = read('aaaa,"x\ny"\nbbbb,2\n')
    assert one.cells == ["aaaa", "x\ny"]
    assert two.cells == ["bbbb", "2"]


def test_an_open_quotation_mark_ends_at_the_next_record() -> None:
    broken, *others = read('aaaa,"x\nbbbb,2\ncccc,3\n')
    assert broken.number == 2
    assert [r.cells for r in others] == [["bbbb", "2"], ["cccc", "3"]]


def test_where_quotation_marks_mean_nothing_they_are_kept() -> None:
    assert [r.cells for r in read('aaaa,"\n', quoted=False)] == [["aaaa", '"']]


@pytest.mark.parametrize("text", ["", "\n", "   \n"])
def test_empty_lines_are_no_rows(text) -> None:
    assert read(text) == []
