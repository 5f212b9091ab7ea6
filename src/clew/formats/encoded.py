"""The text of a file, piece by piece, in the encoding that its first bytes show."""

import codecs
from collections.abc import Callable, Iterator
from typing import BinaryIO

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SHOWN = 256
_WIDEST = 4
"""Bytes of a character of UTF-32."""
_MOST, _FEW = 0.9, 0.1
_MANY, _HARDLY = 0.4, 0.05
"""Shares of zeros in the bytes of UTF-32 and of UTF-16 that are zero for letters of the Latin
script: all or none in the one, many or hardly any in the other, which other scripts share."""


def encoding_of(head: bytes, otherwise: str = "utf-8") -> tuple[int, str]:
    """Length of the byte order mark and the encoding that it shows.

    Without a mark, zeros in every second byte, or in three of four, show it as well (RFC 4627,
    section 3), behind zeros that may stand first; where nothing does, it is ``otherwise``.
    """
    for mark, name in _MARKS:
        if head.startswith(mark) and not (name == "utf-32-le" and _is_none(head, name)):
            return len(mark), name
    return 0, _by_zeros(head) or otherwise


def _is_none(head: bytes, name: str) -> bool:
    """Whether bytes can't be this encoding: its mark is that of UTF-16 with a zero behind it."""
    try:
        head[: len(head) // 4 * 4].decode(name)
    except UnicodeDecodeError:
        return True
    return False


def _by_zeros(head: bytes) -> str | None:
    zeros = len(head) - len(head.lstrip(b"\0"))
    start = head[zeros // 4 * 4 :][:_SHOWN]
    if len(start) < _WIDEST:
        return None
    columns = (start[at::4] for at in range(4))
    first, second, third, fourth = (column.count(0) / max(len(column), 1) for column in columns)
    if min(third, fourth) >= _MOST and first <= _FEW:
        return "utf-32-le"
    if min(first, second) >= _MOST and fourth <= _FEW:
        return "utf-32-be"
    if second + fourth >= 2 * _MANY and first + third <= 2 * _HARDLY:
        return "utf-16-le"
    return "utf-16-be" if first + third >= 2 * _MANY and second + fourth <= 2 * _HARDLY else None


def pieces(
    file: BinaryIO, otherwise: Callable[[bytes], str] = lambda _: "utf-8", size: int = 1 << 20
) -> Iterator[str]:
    """The text of a file; what is none is shown as U+FFFD.

    ``otherwise`` names the encoding of a beginning without a mark; ``size`` counts bytes.
    """
    head = file.read(size)
    mark, encoding = encoding_of(head, otherwise(head))
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    piece = head[mark:]
    while piece:
        yield decoder.decode(piece)
        piece = file.read(size)
    yield decoder.decode(b"", final=True)
