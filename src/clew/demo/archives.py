"""Archives written by hand: one that hides and overlaps, and one that is really encrypted."""

import io
import struct
import zipfile
import zlib
from random import Random

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
    body, hidden = b"benign\n" * 40, b"hidden, but benign"
    data = _local(b"hidden.txt", _fields(hidden)) + hidden
    behind_header, central = len(data) - len(hidden) + 18, []
    for name in (b"../../outside.txt", b"/absolute.txt", b"ok.txt"):
        central.append(_central(name, _fields(body), len(data)))
        data += _local(name, _fields(body)) + body
    central.append(_central(b"overlapping.txt", _fields(body), behind_header))
    return data + _ended(central, len(data)), len(central) + 1


def encrypted(name: bytes, data: bytes, password: bytes, chance: Random) -> bytes:
    """An archive with one member under the traditional cipher of PKZIP (APPNOTE 6.1)."""
    keys = [0x12345678, 0x23456789, 0x34567890]
    for byte in password:
        _turn(keys, byte)
    header = bytes(chance.randrange(256) for _ in range(11)) + bytes([zlib.crc32(data) >> 24])
    cipher = bytes(_enciphered(keys, byte) for byte in header + data)
    fields = _fields(data, len(cipher), flags=1)
    local = _local(name, fields) + cipher
    return local + _ended([_central(name, fields, 0)], len(local))


def _fields(body: bytes, packed: int | None = None, flags: int = 0) -> tuple[int, ...]:
    """What both headers of a member state: flags, method, time, date, sum and sizes."""
    stored = len(body) if packed is None else packed
    return 20, flags, 0, 0, _DOS_DATE, zlib.crc32(body), stored, len(body)


def _local(name: bytes, fields: tuple[int, ...]) -> bytes:
    return struct.pack("<4sHHHHHIIIHH", b"PK\3\4", *fields, len(name), 0) + name


def _central(name: bytes, fields: tuple[int, ...], at: int) -> bytes:
    rest = (len(name), 0, 0, 0, 0, 0, at)
    return struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\1\2", 20, *fields, *rest) + name


def _ended(central: list[bytes], start: int) -> bytes:
    """The directory and the record with which an archive ends."""
    count, directory = len(central), b"".join(central)
    record = (b"PK\5\6", 0, 0, count, count, len(directory), start, 0)
    return directory + struct.pack("<4sHHHHIIH", *record)


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


def _row(value: int) -> int:
    for _ in range(8):
        value = (value >> 1) ^ (0xEDB88320 if value & 1 else 0)
    return value


_TABLE = [_row(value) for value in range(256)]
