"""Of an ext file system, a file whose content is encrypted is told from one that is not."""

from __future__ import annotations

import struct

from clew.evidence.ext import Encrypted

BLOCK, INODE = 1024, 256


class Medium:
    def __init__(self, data: bytes) -> None:
        self.data, self.size = data, len(data)

    def read(self, offset: int, size: int) -> bytes:
        return self.data[offset : offset + size]


def medium(features: int, flags: dict[int, int]) -> Medium:
    data = bytearray(64 * BLOCK)
    struct.pack_into("<I", data, 1024 + 20, 1)
    struct.pack_into("<I", data, 1024 + 40, 32)
    struct.pack_into("<H", data, 1024 + 88, INODE)
    struct.pack_into("<I", data, 1024 + 96, features)
    struct.pack_into("<I", data, 2 * BLOCK + 8, 10)
    for inode, flag in flags.items():
        struct.pack_into("<I", data, 10 * BLOCK + (inode - 1) * INODE + 32, flag)
    return Medium(bytes(data))


def test_an_inode_with_the_flag_is_encrypted_and_its_neighbour_is_not() -> None:
    told = Encrypted(medium(0x10000, {12: 0x800, 13: 0x80000}), 0)
    assert [told.holds(n) for n in (11, 12, 13)] == [False, True, False]


def test_where_no_file_can_be_encrypted_none_is() -> None:
    assert not Encrypted(medium(0, {12: 0x800}), 0).holds(12)


def test_what_lies_beyond_the_medium_is_not_encrypted() -> None:
    told = Encrypted(medium(0x10000, {}), 0)
    assert not told.holds(0)
    assert not told.holds(10**9)
    assert not Encrypted(Medium(b""), 0).holds(12)
