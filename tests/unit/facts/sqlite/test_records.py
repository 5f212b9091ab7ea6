"""Records are read as SQLite writes them, and what is none is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clew.facts.sqlite.records import (
    Column,
    fits,
    header,
    serials,
    signed,
    size_of,
    values,
    varint,
    varint_size,
)


def written(value: int) -> bytes:
    """A variable-length integer, by the definition in sqlite.org/fileformat2.html."""
    if value >= 1 << 56:
        high, low = value >> 8, value & 0xFF
        return bytes(0x80 | high >> 7 * n & 0x7F for n in range(7, -1, -1)) + bytes([low])
    parts = [value & 0x7F]
    while value := value >> 7:
        parts.append(0x80 | value & 0x7F)
    return bytes(reversed(parts))


@given(st.integers(0, (1 << 64) - 1))
def test_an_integer_is_read_as_it_is_written(value) -> None:
    data = written(value)
    assert varint(b"x" + data, 1) == (value, 1 + len(data))
    assert varint_size(value) == len(data)


def test_a_row_number_has_a_sign() -> None:
    assert signed((1 << 64) - 1) == -1
    assert signed(5) == 5


def test_an_integer_that_is_cut_off_is_told() -> None:
    with pytest.raises(IndexError):
        varint(b"\x81", 0)
    assert serials(b"\x81", 0, 1) is None
    assert serials(b"\x01\x0f", 0, 2) == (1, 15)


@pytest.mark.parametrize(
    ("serial", "size"), [(0, 0), (5, 6), (6, 8), (8, 0), (12, 0), (13, 0), (14, 1), (25, 6)]
)
def test_a_type_tells_its_size(serial, size) -> None:
    assert size_of(serial) == size


def test_a_type_fits_its_column_or_does_not() -> None:
    text, rowid = Column("t", "TEXT", not_null=True), Column("i", "INTEGER", is_rowid=True)
    assert [text.takes(s) for s in (0, 1, 12, 13)] == [False, False, False, True]
    assert [rowid.takes(s) for s in (0, 1)] == [True, False]
    assert fits((0, 13), (rowid, text))
    assert fits((0,), (rowid, text))
    assert not fits((0, 13, 13), (rowid, text))
    assert not fits((), (rowid, text))


def test_a_whole_record_is_read() -> None:
    columns = (Column("i", "INTEGER", is_rowid=True), Column("t", "TEXT"), Column("n", "INTEGER"))
    data = bytes([4, 0, 13 + 2 * 3, 1]) + b"pan" + bytes([0xFE])
    types, body = header(data, 0, len(data), columns)
    assert values(data, body, types, "utf-8", strict=True) == (None, "pan", -2)
    assert values(data[:-1], body, types, "utf-8", strict=True) is None
    assert header(data[:2], 0, 2, columns) is None


def test_strict_text_has_no_control_characters() -> None:
    data = b"a\x01"
    assert values(data, 0, (17,), "utf-8", strict=True) is None
    assert values(data, 0, (17,), "utf-8", strict=False) == ("a\x01",)
    assert values(b"\xff", 0, (15,), "utf-8", strict=False) == (b"\xff",)
