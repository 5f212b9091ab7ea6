"""A workbook that another program reads: types stay, texts are no formulas, bytes are the same."""

from __future__ import annotations

import re
import zipfile
from datetime import UTC, date, datetime, timedelta, timezone
from xml.etree import ElementTree as ET

import openpyxl
import pytest

from clew.reading import xlsx
from clew.reading.xlsx import Sheet, write_xlsx

HASH = "1234567890123456789012345678901234567890123456789012345678e12345"
ODD = "=1+1 <&> \"'\u202e_x0041_\x1b\ttab\nline "
LAST = datetime(9999, 12, 31, 23, 59, 59)  # noqa: DTZ001 - a local time
AT = datetime(2025, 3, 1, 12, 30, 15, tzinfo=UTC)
ROWS = [
    (HASH, 7, 2.5, True, AT, ODD),
    (None, 10**17, float("nan"), False, AT.astimezone(timezone(timedelta(hours=2))), ["a", "b"]),
    ("x", -1, 1e-9, None, LAST, date(1800, 1, 1)),
]
SHEET = Sheet(title="Files: [known]/*", columns=tuple("abcdef"), rows=ROWS)


@pytest.fixture
def made(tmp_path):
    def make(*sheets: Sheet):
        out = tmp_path / f"{len(list(tmp_path.iterdir()))}.xlsx"
        write_xlsx(out, sheets)
        return out

    return make


def test_types_stay_and_texts_are_whole(made) -> None:
    book = openpyxl.load_workbook(made(SHEET))
    first, second, third = list(book.active.iter_rows(min_row=2, values_only=True))
    assert book.sheetnames == ["Files_ _known___"]
    assert first[:4] == (HASH, 7, 2.5, True)
    assert first[4] == second[4] == AT.replace(tzinfo=None)
    assert "=1+1 <&> \"'⟨U+202E⟩" in first[5]
    assert "⟨U+001B⟩" in first[5]
    assert second[1:3] == (str(10**17), "nan")
    assert second[5] == "a; b"
    assert third[4:] == (LAST, "1800-01-01")
    assert all(c.data_type != "f" for row in book.active.iter_rows() for c in row)
    assert book.active.freeze_panes == "A2"


def test_what_looks_like_an_escape_is_none(made) -> None:
    with zipfile.ZipFile(made(SHEET)) as book:
        for name in book.namelist():
            ET.fromstring(book.read(name))
        assert b"_x005F_x0041_" in book.read("xl/worksheets/sheet1.xml")


def test_the_same_rows_give_the_same_bytes_and_name_no_machine(made) -> None:
    one, other = made(SHEET).read_bytes(), made(SHEET).read_bytes()
    assert one == other
    assert not re.search(rb"docProps|Microsoft|openpyxl", one)


def test_more_rows_than_a_sheet_has_go_on_in_the_next(made, monkeypatch) -> None:
    monkeypatch.setattr(xlsx, "MOST_ROWS", 4)
    rows = [(n,) for n in range(7)]
    sheet = Sheet(title="A" * 40, columns=("n",), rows=iter(rows))
    book = openpyxl.load_workbook(made(sheet, Sheet(title="empty", columns=("n",), rows=[])))
    assert len(book.sheetnames) == 4
    assert len(set(book.sheetnames)) == 4
    read = [row for s in book for row in s.iter_rows(min_row=2, values_only=True)]
    assert read == rows


def test_what_a_cell_has_no_room_for_says_how_long_it_is(made) -> None:
    text = "x" * 40_000
    sheet = Sheet(title="t", columns=("t",), rows=[(text,)])
    (cell,) = openpyxl.load_workbook(made(sheet)).active[2]
    assert len(cell.value) == xlsx.MOST_CHARACTERS
    assert "40000 characters" in cell.value
