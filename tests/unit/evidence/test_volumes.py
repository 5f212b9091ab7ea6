"""A disk is told by fields that make sense together, never by two bytes alone."""

from __future__ import annotations

import random
import struct

import pytest

from clew.evidence.signatures import DISK, media_type
from clew.evidence.volumes import HEAD_NEEDED, encryption, file_system, is_disk


def test_noise_that_ends_like_a_boot_sector_is_no_disk() -> None:
    chance = random.Random(1)
    for _ in range(5000):
        head = bytearray(chance.randbytes(HEAD_NEEDED))
        head[510:512] = b"\x55\xaa"
        head[0] = chance.choice((0xEB, 0xE9, head[0]))
        assert not is_disk(bytes(head))


def table(*entries: tuple[int, int, int, int]) -> bytes:
    packed = b"".join(struct.pack("<B3xB3xII", *entry) for entry in entries)
    return bytes(446) + packed.ljust(64, b"\0") + b"\x55\xaa" + bytes(4096)


def test_a_table_of_partitions_has_spans_that_lie_apart() -> None:
    good = table((0x80, 0x83, 2048, 1000), (0, 7, 4096, 100))
    assert is_disk(good)
    assert media_type(good) == DISK
    assert not is_disk(table((0x80, 0x83, 2048, 1000), (0, 7, 2500, 100)))
    assert not is_disk(table((0x81, 0x83, 2048, 1000)))
    assert not is_disk(table((0, 0x83, 0, 1000)))
    assert not is_disk(table())


@pytest.mark.parametrize(
    ("head", "how"),
    [
        (b"\xeb\x58\x90-FVE-FS-", "BitLocker"),
        (b"LUKS\xba\xbe\0\1", "LUKS"),
        (b"LUKS\xba\xbe\0\2", "LUKS"),
        (bytes(424) + bytes.fromhex("3bd66749292ed84a8399f6a339e3d001"), "BitLocker"),
        (b"LUKS", None),
    ],
)  # fmt: skip
def test_encryption_is_told_by_the_first_bytes(head, how) -> None:
    assert encryption(head.ljust(HEAD_NEEDED, b"\0")) == how


@pytest.mark.parametrize(
    ("at", "magic", "name"),
    [(32, b"NXSB", "apfs"), (1024, b"H+\0\4", "hfs+"), (4096, b"EFI PART", "gpt"),
     (1024, b"\x10\x20\xf5\xf2", "f2fs")],
)  # fmt: skip
def test_a_file_system_is_told_by_its_own_place(at, magic, name) -> None:
    head = (bytes(at) + magic).ljust(HEAD_NEEDED, b"\0")
    assert file_system(head) == name
    assert file_system(b"\0" + head) is None
