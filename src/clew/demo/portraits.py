"""Profile pictures: squares in shades of grey, each a small JPEG, drawn without any library."""

import hashlib
import struct

_BLOCKS = 12
"""Squares along each side, of 8 by 8 pixels."""
_STEP = 8
"""Coarseness of the shades."""
_LENGTH = 4
"""Bits of every code of the table for shades: twelve codes of one length (ITU-T T.81, annex C)."""


def portrait(name: str) -> bytes:
    """The picture of a name; the same name gives the same bytes."""
    shades = hashlib.shake_256(name.encode()).digest(_BLOCKS * _BLOCKS)
    return b"".join((
        b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00",
        _part(0xDB, b"\x00" + bytes([_STEP]) * 64),
        _part(0xC0, struct.pack(">BHHB3B", 8, _BLOCKS * 8, _BLOCKS * 8, 1, 1, 0x11, 0)),
        _part(0xC4, b"\x00" + bytes([0, 0, 0, 12] + [0] * 12) + bytes(range(12))),
        _part(0xC4, b"\x10" + bytes([1] + [0] * 15) + b"\x00"),
        _part(0xDA, b"\x01\x01\x00\x00\x3f\x00"),
        _scan(shades),
        b"\xff\xd9",
    ))  # fmt: skip


def _part(mark: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, mark, len(body) + 2) + body


def _scan(shades: bytes) -> bytes:
    """Each square as the difference of its shade to the one before, and the end of its block."""
    bits, before = "", 0
    for shade in shades:
        level = (shade - 128) * 8 // _STEP
        step, before = level - before, level
        size = abs(step).bit_length()
        value = step if step > 0 else step + (1 << size) - 1
        bits += f"{size:0{_LENGTH}b}" + (f"{value:0{size}b}" if size else "") + "0"
    bits += "1" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big").replace(b"\xff", b"\xff\x00")
