"""A member is unpacked in bounded chunks, within its limits, or refused with a reason."""

from __future__ import annotations

import bz2
import lzma
import zlib

import pytest

from clew.evidence.inflate import (
    BZIP2,
    DEFLATED,
    STORED,
    XZ,
    Inflation,
    inflated,
)

DATA = b"bread and trains " * 5000


def deflated(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


PACKED = {
    STORED: DATA,
    DEFLATED: deflated(DATA),
    BZIP2: bz2.compress(DATA),
    XZ: lzma.compress(DATA),
}


def limits(method: int, **more) -> Inflation:
    return Inflation(**{"method": method, "ratio": 10**6, "ratio_from": 0, "most": 1 << 30, **more})


@pytest.mark.parametrize("method", PACKED)
def test_what_was_packed_comes_back(method) -> None:
    data, inflation = PACKED[method], limits(method)
    assert b"".join(inflated(b"xx" + data, 2, 2 + len(data), inflation)) == DATA
    assert (inflation.out, inflation.crc) == (len(DATA), zlib.crc32(DATA))


@pytest.mark.parametrize("method", [DEFLATED, BZIP2, XZ])
def test_what_is_cut_short_is_refused(method) -> None:
    data = PACKED[method][:-6]
    with pytest.raises(ValueError, match="data"):
        list(inflated(data, 0, len(data), limits(method)))


@pytest.mark.parametrize("method", [DEFLATED, BZIP2, XZ])
def test_noise_is_refused(method) -> None:
    noise = bytes(range(1, 200))
    with pytest.raises(ValueError, match="data"):
        list(inflated(noise, 0, len(noise), limits(method)))


def test_a_member_that_swells_is_stopped() -> None:
    data = PACKED[DEFLATED]
    with pytest.raises(ValueError, match="limit:member"):
        list(inflated(data, 0, len(data), limits(DEFLATED, most=1000)))
    with pytest.raises(ValueError, match="limit:ratio"):
        list(inflated(data, 0, len(data), limits(DEFLATED, ratio=2)))
