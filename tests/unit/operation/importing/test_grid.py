"""Tables of CSV files, whatever their encoding and what separates their cells."""

from __future__ import annotations

import pytest
from builders.lists import REGISTER, grid

from clew.errors import UsageError

ROWS = grid(REGISTER).rows


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
def test_an_encoding_is_seen(encoding) -> None:
    assert grid(REGISTER.encode(encoding)).rows == ROWS


def test_an_encoding_can_be_named() -> None:
    text = REGISTER.replace("Cámara fotográfica", "Фотоаппарат").replace("é", "e")
    text = text.replace("º", "o").replace("ó", "o")
    assert grid(text.encode("cp1251"), "cp1251").rows[3].cells[2] == "Фотоаппарат"


@pytest.mark.parametrize("sign", [",", "\t", "|"])
def test_what_separates_cells_is_seen(sign) -> None:
    assert grid(REGISTER.replace(";", sign)).rows == ROWS


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"a,b\nc\xe1mara,1\nc\xc3\xa1mara,1\n", "line 3 is in another than line 2"),
        (b"a,b\n\xc3\xa1,1\n\xe1,1\n", "two encodings"),
        (b"a,b\nx\x81\x8d,1\n", "line 2 is neither"),
        (b"a,b\n\0\x01\x02\x03,1\n", "no table of text"),
    ],
)
def test_what_is_no_text_of_one_encoding_is_refused(content, says) -> None:
    with pytest.raises(UsageError, match=says):
        grid(content)


def test_a_cell_keeps_its_line_and_loses_the_sign_that_guarded_it() -> None:
    rows = grid("a,b\n\"x\ny\",1\n'=A1,'+34600111222\n").rows
    assert [row.line for row in rows] == [1, 2, 4]
    assert rows[2].cells == ("=A1", "+34600111222")
