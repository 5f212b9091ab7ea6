"""A text file as blocks of whole lines, in any of the encodings that exports come in.

A line too long to hold comes in pieces; only the first piece of it starts a line. Every block
that starts a line begins with a line feed, so that each line of the file is one line feed.
"""

from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from clew.formats.encoded import encoding_of, pieces

SIZE = 2 << 20
"""Bytes read at a time; a block holds some twenty thousand messages."""
_REPLACEMENT = "\ufffd"


class Block(msgspec.Struct, frozen=True):
    """Some lines of a file, or a piece of a line that is too long to hold."""

    text: str
    """The lines, each after a line feed; a piece of a line has none before it."""
    damaged: int = 0
    """Bytes that could not be decoded, shown as U+FFFD."""


def blocks(raw: BinaryIO, size: int = SIZE) -> Iterator[Block]:
    """Yield the whole file, block by block."""
    with raw:
        mark, encoding = encoding_of(raw.read(256))
        raw.seek(mark if encoding == "utf-8" else 0)
        if encoding == "utf-8":
            decoded = _utf8(iter(lambda: raw.read(size), b""))
        else:
            decoded = ((text, text.count(_REPLACEMENT)) for text in pieces(raw, size=size))
        yield from _whole_lines(decoded, size)


def _utf8(pieces: Iterator[bytes]) -> Iterator[tuple[str, int]]:
    """Cut at line feeds, which no other character contains, so that most decodes are plain."""
    pending = b""
    for piece in pieces:
        cut = piece.rfind(b"\n") + 1 or _boundary(piece)
        yield _text(pending + piece[:cut])
        pending = piece[cut:]
    if pending:
        yield _text(pending)


def _boundary(piece: bytes) -> int:
    """Where the last whole character of a piece without a line feed ends."""
    for back in range(1, min(4, len(piece)) + 1):
        if piece[-back] & 0xC0 == 0xC0:  # the first byte of a character
            return len(piece) - back
    return len(piece)


def _text(raw: bytes) -> tuple[str, int]:
    try:
        return raw.decode(), 0
    except UnicodeDecodeError:
        text = raw.decode(errors="replace")
        return text, text.count(_REPLACEMENT) - raw.count(_REPLACEMENT.encode())


def _whole_lines(decoded: Iterator[tuple[str, int]], size: int) -> Iterator[Block]:
    """Put texts together so that each begins and ends with a line, where lines are not too long."""
    pending, lead, damaged = "", "\n", 0
    for text, bad in decoded:
        pending, damaged = pending + text, damaged + bad
        cut = pending.rfind("\n")
        if cut < 0 and len(pending) < 2 * size:
            continue
        whole, rest = pending[: max(cut, 0)], pending[cut + 1 :]
        if cut < 0:  # a line feed may follow a carriage return
            whole, rest = pending.removesuffix("\r"), "\r" if pending.endswith("\r") else ""
        yield Block(_lines(lead + whole), damaged)
        pending, damaged = rest, 0
        lead = "\n" if cut >= 0 else ""
    if pending or damaged:
        yield Block(_lines(lead + pending), damaged)


def _lines(text: str) -> str:
    if "\r" not in text:
        return text
    text = text.replace("\r\n", "\n")
    return text.removesuffix("\r")
