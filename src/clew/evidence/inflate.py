"""Unpacking the data of one member, in bounded chunks and within limits."""

import bz2
import lzma
import mmap
import zlib
from collections.abc import Iterator
from functools import partial
from typing import Any

import msgspec

STORED, DEFLATED, BZIP2, LZMA, XZ = 0, 8, 12, 14, 95
MEMBER_METHODS = frozenset({STORED, DEFLATED, BZIP2, LZMA, XZ})
_IN, _OUT = 64 << 10, 256 << 10
_LZMA_DICTIONARY = 64 << 20
_LZMA_MEMORY = 256 << 20


class Inflation(msgspec.Struct):
    """How a member is packed and how far it may swell; and, at the end, what came of it."""

    method: int
    ratio: int
    ratio_from: int
    most: int
    out: int = 0
    crc: int = 0


def inflated(
    data: mmap.mmap | bytes, start: int, end: int, inflation: Inflation
) -> Iterator[bytes]:
    """Chunks of a member; ValueError with a short reason where it can't go on."""
    for chunk, taken in _chunks(data, start, end, inflation.method):
        inflation.out += len(chunk)
        if inflation.out > inflation.most:
            raise ValueError("limit:member")
        swollen = inflation.out > inflation.ratio_from
        if swollen and inflation.out > inflation.ratio * max(taken - start, 1):
            raise ValueError("limit:ratio")
        inflation.crc = zlib.crc32(chunk, inflation.crc)
        yield chunk


class Zlib:
    """zlib in the form of the standard library's newer unpackers; ValueError where data are bad."""

    def __init__(self, window: int = -zlib.MAX_WBITS) -> None:
        self._unpacker = zlib.decompressobj(window)

    @property
    def eof(self) -> bool:
        """The end of the stream was met."""
        return self._unpacker.eof

    @property
    def unused_data(self) -> bytes:
        """What stands behind the stream."""
        return self._unpacker.unused_data

    @property
    def needs_input(self) -> bool:
        """All that it was given is unpacked."""
        return not self._unpacker.unconsumed_tail

    def decompress(self, data: bytes, size: int) -> bytes:
        """The next bytes, at most so many."""
        try:
            return self._unpacker.decompress(data or self._unpacker.unconsumed_tail, size)
        except zlib.error as error:
            raise ValueError(str(error).rpartition(": ")[2]) from error


Gzip = partial(Zlib, zlib.MAX_WBITS | 16)


def _chunks(
    data: mmap.mmap | bytes, start: int, end: int, method: int
) -> Iterator[tuple[bytes, int]]:
    """Chunks, each with how far into the archive it was read."""
    if method == STORED:
        for at in range(start, end, _OUT):
            upto = min(end, at + _OUT)
            yield bytes(data[at:upto]), upto
        return
    unpacker: Any
    if method == LZMA:
        unpacker, start = _lzma(data, start, end)
    elif method == XZ:
        unpacker = lzma.LZMADecompressor(format=lzma.FORMAT_XZ, memlimit=_LZMA_MEMORY)
    else:
        unpacker = Zlib() if method == DEFLATED else bz2.BZ2Decompressor()
    yield from _unpacked(unpacker, data, start, end, may_end=method == LZMA)


def _unpacked(
    unpacker: Any, data: mmap.mmap | bytes, start: int, end: int, *, may_end: bool
) -> Iterator[tuple[bytes, int]]:
    at = start
    waiting = b""
    while not unpacker.eof:
        if unpacker.needs_input:
            if at >= end:
                break
            waiting = bytes(data[at : min(end, at + _IN)])
            at += len(waiting)
        try:
            chunk = unpacker.decompress(waiting, _OUT)
        except (OSError, lzma.LZMAError, EOFError, MemoryError, ValueError) as error:
            is_memory = isinstance(error, MemoryError) or "memory" in str(error).lower()
            raise ValueError("limit:memory" if is_memory else "data") from error
        waiting = b""
        if chunk:
            yield chunk, at
    if not unpacker.eof and not may_end:
        raise ValueError("data")


def _lzma(data: mmap.mmap | bytes, start: int, end: int) -> tuple[lzma.LZMADecompressor, int]:
    """An unpacker for a raw LZMA stream, whose properties stand before it (APPNOTE 5.8.8)."""
    if end - start < 9:  # version, size and five bytes of properties
        raise ValueError("data")
    size = int.from_bytes(data[start + 2 : start + 4], "little")
    packed = data[start + 4]
    dictionary = int.from_bytes(data[start + 5 : start + 9], "little")
    if size != 5 or packed >= 9 * 5 * 5:  # what the properties of LZMA are
        raise ValueError("data")
    if dictionary > _LZMA_DICTIONARY:
        raise ValueError("limit:memory")
    rest, literal_context = divmod(packed, 9)
    position, literal_position = divmod(rest, 5)
    try:
        about = {"id": lzma.FILTER_LZMA1, "dict_size": max(dictionary, 4096), "pb": position,
                 "lc": literal_context, "lp": literal_position}  # fmt: skip
        unpacker = lzma.LZMADecompressor(format=lzma.FORMAT_RAW, filters=[about])
    except (lzma.LZMAError, ValueError) as error:
        raise ValueError("data") from error
    return unpacker, start + 4 + size
