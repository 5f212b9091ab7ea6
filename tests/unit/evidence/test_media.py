"""A medium is the bytes of its segments, one after another."""

from __future__ import annotations

import os
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clew.evidence.media import MediaError, Raw, _refuse_gaps, first_cause, opened

EWF = b"EVF\x09\x0d\x0a\xff\x00\x01"


@pytest.fixture(scope="module")
def segments(tmp_path_factory):
    folder, handles = tmp_path_factory.mktemp("segments"), []
    for number, size in enumerate((5, 0, 7, 300)):
        (folder / str(number)).write_bytes(bytes((number * 50 + n) % 256 for n in range(size)))
        handles.append(os.open(folder / str(number), os.O_RDONLY))
    yield handles
    for handle in handles:
        os.close(handle)


@given(offset=st.integers(0, 330), size=st.integers(0, 330))
def test_reading_across_segments_is_reading_the_whole(segments, offset, size) -> None:
    raw = Raw(segments)
    whole = b"".join(os.pread(handle, 1000, 0) for handle in segments)
    assert raw.size == len(whole)
    assert raw.read(offset, size) == whole[offset : offset + size]


def test_what_is_no_ewf_is_raw(segments) -> None:
    assert isinstance(opened(segments), Raw)


def numbered(folder, *numbers: int, last: bytes = b"done\0") -> list[int]:
    handles = []
    for number in numbers:
        data = EWF + struct.pack("<H", number) + b"\0\0" + last.ljust(76, b"\0")
        (folder / f"e{number}").write_bytes(data)
        handles.append(os.open(folder / f"e{number}", os.O_RDONLY))
    return handles


def test_a_segment_that_is_missing_is_named(tmp_path) -> None:
    _refuse_gaps(numbered(tmp_path, 1, 2))
    with pytest.raises(MediaError) as refused:
        _refuse_gaps(numbered(tmp_path, 1, 3))
    assert (refused.value.code, refused.value.values) == ("segments_missing", {"n": 2})


def test_a_last_segment_that_names_another_is_not_the_last(tmp_path) -> None:
    with pytest.raises(MediaError) as refused:
        _refuse_gaps(numbered(tmp_path, 1, 2, last=b"next\0"))
    assert refused.value.values == {"n": 3}


def test_the_first_cause_is_what_is_told() -> None:
    assert first_cause(OSError("a: b with error: no header. libewf_x: c")) == "no header"
