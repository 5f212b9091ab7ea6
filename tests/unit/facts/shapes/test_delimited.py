"""A table is told from words, with its headings, and never with data in their stead."""

from __future__ import annotations

import pytest

from clew.facts.shapes.delimited import table_of


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
@pytest.mark.parametrize("before", ["", "Records of an account\n\n", "# legend\n" * 40])
def test_a_table_is_found_with_its_headings(sign, before) -> None:
    rows = [sign.join(("id", "who", "text")), *(sign.join((str(n), "ada", "x")) for n in range(4))]
    found = table_of(before + "\n".join(rows))
    assert found
    assert found.headings == ("id", "who", "text")


def test_a_first_row_of_data_is_no_heading() -> None:
    rows = "\n".join(f"+3460000000{n},ana{n}@example.org,2024-03-0{n}" for n in range(1, 5))
    found = table_of(rows)
    assert found
    assert found.headings == ()


@pytest.mark.parametrize(
    "text",
    [
        "Flour, water and salt.\nTime, heat.\nBread, at last, and butter.\n",
        "a = 1;\nb = 2;\nc = 3;\nd = 4;\ne = 5;\n",
        "One line only, with, commas",
        "",
    ],
)
def test_words_are_no_table(text) -> None:
    assert table_of(text) is None


def test_a_table_by_its_name_may_be_one_line() -> None:
    found = table_of("id,who", is_named=True)
    assert found
    assert found.headings == ("id", "who")
