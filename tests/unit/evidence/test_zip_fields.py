"""Single fields of a ZIP's headers: what they say, and what of them is missing or impossible."""

from __future__ import annotations

import struct
from datetime import UTC, datetime

import pytest

from clew.evidence.zip_fields import FULL32, kind, refusal, time, wide

DATE = (2024 - 1980) << 9 | 3 << 5 | 9
CLOCK = 21 << 11 | 5 << 5 | 15


@pytest.mark.parametrize(
    ("flags", "method", "why"),
    [(0, 8, None), (1, 8, "encrypted"), (0, 99, "encrypted"), (65, 8, "strong_encryption"),
     (64, 0, None), (0, 77, "method:77")],
)  # fmt: skip
def test_a_member_that_can_t_be_read_says_why(flags, method, why) -> None:
    assert refusal(flags, method) == why


def test_sizes_that_are_full_stand_in_the_wide_field_in_their_order() -> None:
    field = struct.pack("<HHQQ", 1, 16, 5_000_000_000, 7)
    assert wide(field, FULL32, 12, FULL32) == (5_000_000_000, 12, 7)
    assert wide(field, 1, 2, 3) == (1, 2, 3)
    assert wide(b"", FULL32, 2, 3) == (FULL32, 2, 3)
    assert wide(struct.pack("<HH", 1, 16) + b"\0" * 3, FULL32, 2, 3) == (FULL32, 2, 3)


def test_a_folder_is_known_by_its_mode_or_else_by_its_name() -> None:
    assert kind(b"a/", 0, 0) == "directory"
    assert kind(b"a", 0, 0) == "file"
    assert kind(b"a", 3 << 8, 0o040755 << 16) == "directory"
    assert kind(b"a", 3 << 8, 0o120777 << 16) == "symlink"


def test_the_extended_time_counts_before_that_of_the_header() -> None:
    assert time(DATE, CLOCK, b"") == datetime(2024, 3, 9, 21, 5, 30, tzinfo=UTC)
    extended = struct.pack("<HHBi", 0x5455, 5, 1, 1_700_000_000)
    assert time(DATE, CLOCK, extended) == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    assert time(0, 0, b"") is None
