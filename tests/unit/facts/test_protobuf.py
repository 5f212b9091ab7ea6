"""Fields without a schema: what was written comes back, and what is torn says so."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clew.facts.protobuf import Field, Malformed, fields, first_number, first_text, within

NUMBERS = st.integers(1, 2**29 - 1)
VALUES = st.one_of(st.integers(0, 2**63 - 1), st.binary(max_size=300))


def varint(value: int) -> bytes:
    out = b""
    while value > 0x7F:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def field(number: int, value: int | bytes) -> bytes:
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


@given(st.lists(st.tuples(NUMBERS, VALUES), max_size=20))
def test_what_was_written_comes_back_in_its_order(written) -> None:
    raw = b"".join(field(*one) for one in written)
    assert list(fields(raw)) == [Field(*one) for one in written]


@given(st.binary(max_size=200))
def test_bytes_of_any_kind_end_in_fields_or_are_called_malformed(raw: bytes) -> None:
    try:
        found = list(fields(raw))
    except Malformed:
        return
    assert all(f.number > 0 or isinstance(f.value, int) for f in found)


@given(st.lists(st.tuples(NUMBERS, VALUES), min_size=1, max_size=5), st.data())
def test_a_torn_message_gives_the_fields_before_the_tear(written, data) -> None:
    whole = [field(*one) for one in written]
    raw = b"".join(whole)
    kept = data.draw(st.integers(0, len(raw) - 1))
    read = []
    with contextlib.suppress(Malformed):
        read.extend(fields(raw[:kept]))
    assert read == [Field(*one) for one in written][: len(read)]
    assert sum(map(len, whole[: len(read)])) <= kept


def test_fixed_widths_are_read_and_groups_are_not() -> None:
    assert list(fields(b"\x09" + bytes([1]) + bytes(7))) == [Field(1, 1)]
    assert list(fields(b"\x0d" + bytes([2]) + bytes(3))) == [Field(1, 2)]
    with pytest.raises(Malformed):
        list(fields(b"\x0b"))


def test_a_number_may_be_written_as_text() -> None:
    raw = field(4, b"1709280900000") + field(3, b"bread")
    assert first_number(raw, 4) == 1_709_280_900_000
    assert first_text(raw, 3) == "bread"
    assert first_text(raw, 9) is None
    assert within(b"\xff", 1) == []
