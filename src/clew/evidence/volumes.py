"""What the first bytes of a medium say: file system, partitions, encryption, or nothing known.

Names never matter. One signature alone is not enough where it is short: two bytes at the end of a
first sector stand in one file of 65,536 by chance, so the fields around them must make sense too.

References:
    - UEFI specification 2.10, chapter 5 (MBR and GPT)
    - Microsoft, FAT32 File System Specification 1.03; exFAT File System Specification
    - Linux kernel, Documentation/filesystems/ext4; include/linux/f2fs_fs.h; fs/erofs/erofs_fs.h
    - Apple, Apple File System Reference; Technical Note TN1150 (HFS Plus)
    - libbde, BitLocker Drive Encryption format; libfvde, Core Storage format
    - cryptsetup, LUKS1 and LUKS2 on-disk formats

"""

import struct
from itertools import pairwise

HEAD_NEEDED = 4104
"""First bytes that are looked at, to the table of a disk of 4,096-byte sectors."""
_MAGICS = (
    (512, b"EFI PART", "gpt"), (4096, b"EFI PART", "gpt"), (32, b"NXSB", "apfs"),
    (1024, b"\x10\x20\xf5\xf2", "f2fs"), (1024, b"\xe2\xe1\xf5\xe0", "erofs"),
    (1024, b"H+\0\4", "hfs+"), (1024, b"HX\0\5", "hfs+"), (0, b"XFSB\0\0", "xfs"),
    (0, b"hsqs", "squashfs"),
)  # fmt: skip
UNREAD = frozenset({"f2fs", "erofs", "xfs", "squashfs"})
"""File systems that are recognised and that no library here reads."""
_BITLOCKER_TO_GO = bytes.fromhex("3bd66749292ed84a8399f6a339e3d001")
_LUKS = (b"LUKS\xba\xbe\0\1", b"LUKS\xba\xbe\0\2")
_TABLE, _ENTRY = 446, 16
_POWERS = tuple(1 << n for n in range(8))
_EXT_SUPER = 1024


def is_disk(head: bytes) -> bool:
    """Whether a volume or a table of partitions begins here."""
    return bool(encryption(head) or file_system(head) or has_partitions(head))


def encryption(head: bytes) -> str | None:
    """How a volume is encrypted, by its first bytes; None where they do not say that it is."""
    if head[3:11] == b"-FVE-FS-" or head[424:440] == _BITLOCKER_TO_GO:
        return "BitLocker"
    if head.startswith(_LUKS):
        return "LUKS"
    is_core = head[88:90] == b"CS" and head[8:10] == b"\1\0" and head[10:12] == b"\x10\0"
    return "Core Storage" if is_core else None


def file_system(head: bytes) -> str | None:
    """Name of the file system, or ``gpt``, that the first bytes show."""
    for offset, magic, name in _MAGICS:
        if head[offset : offset + len(magic)] == magic:
            return name
    if head[3:11] == b"NTFS    " and _is_boot_sector(head):
        return "ntfs"
    if head[3:11] == b"EXFAT   " and _is_boot_sector(head) and not any(head[11:64]):
        return "exfat"
    if _is_ext(head):
        return "ext"
    return "fat" if _is_fat(head) else None


def has_partitions(head: bytes) -> bool:
    """A master boot record whose four entries are each empty or a span, none over another."""
    if not _is_boot_sector(head):
        return False
    spans = []
    for at in range(_TABLE, 510, _ENTRY):
        status, kind, start, count = struct.unpack_from("<B3xB3xII", head, at)
        if not any(head[at : at + _ENTRY]):
            continue
        if status not in (0, 0x80) or not (kind and start and count):
            return False
        spans.append((start, start + count))
    spans.sort()
    apart = all(end <= start for (_, end), (start, _) in pairwise(spans))
    return bool(spans) and apart


def _is_boot_sector(head: bytes) -> bool:
    return head[510:512] == b"\x55\xaa"


def _is_ext(head: bytes) -> bool:
    """An ext superblock: its magic, and counts, sizes and a revision that can be."""
    if len(head) < _EXT_SUPER + 264 or head[1080:1082] != b"\x53\xef":
        return False
    inodes, blocks = struct.unpack_from("<II", head, _EXT_SUPER)
    shift, per_group, revision = struct.unpack_from("<I4xI36xI", head, _EXT_SUPER + 24)
    # 64 KiB blocks; revisions 0 and 1
    return bool(inodes and blocks and per_group and shift <= 6 and revision <= 1)


def _is_fat(head: bytes) -> bool:
    """A FAT boot sector whose figures can all be."""
    if not _is_boot_sector(head) or head[0] not in (0xEB, 0xE9):
        return False
    sector, cluster, reserved, tables = struct.unpack_from("<HBHB", head, 11)
    small, media = struct.unpack_from("<HB", head, 19)
    (large,) = struct.unpack_from("<I", head, 32)
    shapes = sector in (512, 1024, 2048, 4096) and cluster in _POWERS and tables in (1, 2)
    # media descriptors
    return bool(shapes and reserved and (media == 0xF0 or media >= 0xF8) and (small or large))
