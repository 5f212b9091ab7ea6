"""A digest is found if and only if it was written."""

from __future__ import annotations

import numpy as np
import pytest

from clew.findings.search import ExactIndex, write_exact


def rows(*digests: bytes) -> np.ndarray:
    return np.frombuffer(b"".join(digests), np.uint8).reshape(len(digests), -1)


@pytest.mark.parametrize("width", [16, 20, 32])
def test_digests_that_differ_in_their_last_byte_are_told_apart(tmp_path, width) -> None:
    known = [bytes([7]) * (width - 1) + bytes([n]) for n in range(0, 200, 2)]
    assert write_exact(tmp_path / "x.bin", width, [rows(*known)]) == 100
    index = ExactIndex(tmp_path / "x.bin", width)
    asked = [bytes([7]) * (width - 1) + bytes([n]) for n in range(200)]
    assert index.has(rows(*asked)).tolist() == [n % 2 == 0 for n in range(200)]
    assert len(index) == 100


def test_an_empty_index_has_nothing(tmp_path) -> None:
    assert write_exact(tmp_path / "x.bin", 16, []) == 0
    index = ExactIndex(tmp_path / "x.bin", 16)
    assert index.has(rows(b"\0" * 16)).tolist() == [False]
    assert list(index.batches()) == []
