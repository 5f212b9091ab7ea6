"""Archives written by hand: one that hides and overlaps, and one that is really encrypted."""

import io
import random
import struct
import zipfile
import zlib

_Date = tuple[int, int, int, int, int, int]
_DATE = (2024, 3, 1, 10, 0, 0)
_DOS_DATE = ((2024 - 1980) << 9) | (3 << 5) | 1


def plain(members: dict[str, bytes], date: _Date = _DATE) -> bytes:
    """A well-formed archive; the same members give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, date), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def hostile() -> tuple[bytes, int]:
    """An archive with a hidden member, two entries over one body and names that lead out.

    Returned with the number of its members, the hidden one counted.
    """
    body = b"benign\n" * 40
    out = io.BytesIO()
    out.write(_local(b"hidden.txt", b"hidden, but benign") + b"hidden, but benign")
    central = []
    for name in (b"../../outside.txt", b"/absolute.txt", b"ok.txt"):
        central.append(_central(name, body, out.tell()))
        out.write(_local(name, body) + body)
    central.append(_central(b"overlapping.txt", body, len(_local(b"hidden.txt", b"")) + 18))
    start = out.tell()
    directory = b"".join(central)
    ends = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 4, 4, len(directory), start, 0)
    return out.getvalue() + directory + ends, 5


def encrypted(name: bytes, data: bytes, password: bytes, chance: random.Random) -> bytes:
    """An archive with one member under the traditional cipher of PKZIP (APPNOTE 6.1)."""
    keys = [0x12345678, 0x23456789, 0x34567890]
    for byte in password:
        _turn(keys, byte)
    crc = zlib.crc32(data)
    header = bytes(chance.randrange(256) for _ in range(11)) + bytes([crc >> 24])
    cipher = bytes(_enciphered(keys, byte) for byte in header + data)
    fields = (0, 0, _DOS_DATE, crc, len(cipher), len(data), len(name))
    local = struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 20, 1, *fields, 0) + name + cipher
    central = struct.pack(
        "<4sHHHHHHIIIHHHHHII", b"PK\1\2", 20, 20, 1, *fields, 0, 0, 0, 0, 0, 0
    ) + name  # fmt: skip
    ends = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 1, 1, len(central), len(local), 0)
    return local + central + ends


def _local(name: bytes, body: bytes) -> bytes:
    fields = (0, 0, _DOS_DATE, zlib.crc32(body), len(body), len(body), len(name), 0)
    return struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 20, 0, *fields) + name


def _central(name: bytes, body: bytes, at: int) -> bytes:
    fields = (0, 0, _DOS_DATE, zlib.crc32(body), len(body), len(body), len(name), 0, 0, 0, 0, 0, at)
    return struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\1\2", 20, 20, 0, *fields) + name


def _enciphered(keys: list[int], byte: int) -> int:
    mixed = (keys[2] | 2) & 0xFFFF
    stream = ((mixed * (mixed ^ 1)) >> 8) & 0xFF
    _turn(keys, byte)
    return byte ^ stream


def _turn(keys: list[int], byte: int) -> None:
    keys[0] = _crc(keys[0], byte)
    keys[1] = ((keys[1] + (keys[0] & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
    keys[2] = _crc(keys[2], keys[1] >> 24)


def _crc(crc: int, byte: int) -> int:
    return (crc >> 8) ^ _TABLE[(crc ^ byte) & 0xFF]


def _table() -> list[int]:
    rows = []
    for row in range(256):
        for _ in range(8):
            row = (row >> 1) ^ (0xEDB88320 if row & 1 else 0)  # noqa: PLW2901 - eight turns of one value
        rows.append(row)
    return rows


_TABLE = _table()
