"""The text of a file, piece by piece, in the encoding that its first bytes show."""

import codecs
from collections.abc import Callable, Iterator
from typing import BinaryIO

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def encoding_of(head: bytes, otherwise: str = "utf-8") -> tuple[int, str]:
    """Length of the byte order mark and the encoding that it shows; without one, ``otherwise``."""
    marked = ((len(mark), name) for mark, name in _MARKS if head.startswith(mark))
    return next(marked, (0, otherwise))


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
