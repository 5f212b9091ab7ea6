"""A write-ahead log with a fixed salt, so that the same seed gives the same bytes.

SQLite salts each log with random numbers. The format is described in sqlite.org/fileformat2.html,
section 4: a header of 32 bytes, frames with a header of 24 bytes, and checksums that run on.
"""

import struct

_HEADER, _FRAME = 32, 24
_SALT = b"clewdemo"


def settled(log: bytes) -> bytes:
    """The same log with our salt and the checksums that follow from it."""
    (magic,) = struct.unpack(">I", log[:4])
    order = ">" if magic & 1 else "<"
    (page,) = struct.unpack(">I", log[8:12])
    head = log[:16] + _SALT
    sums = _sums(order, head, (0, 0))
    out = [head, struct.pack(">II", *sums)]
    for start in range(_HEADER, len(log) - page - _FRAME + 1, page + _FRAME):
        position = log[start : start + 8]
        data = log[start + _FRAME : start + _FRAME + page]
        sums = _sums(order, position + data, sums)
        out += [position, _SALT, struct.pack(">II", *sums), data]
    return b"".join(out)


def _sums(order: str, data: bytes, sums: tuple[int, int]) -> tuple[int, int]:
    one, two = sums
    words = struct.unpack(f"{order}{len(data) // 4}I", data)
    for first, second in zip(words[::2], words[1::2], strict=True):
        one = (one + first + two) & 0xFFFFFFFF
        two = (two + second + one) & 0xFFFFFFFF
    return one, two
