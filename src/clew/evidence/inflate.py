"""Unpacking the data of one member, in bounded chunks and within limits."""

import bz2
import lzma
import mmap
import zlib
from collections.abc import Iterator
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


def _chunks(
    data: mmap.mmap | bytes, start: int, end: int, method: int
) -> Iterator[tuple[bytes, int]]:
    """Chunks, each with how far into the archive it was read."""
    if method == STORED:
        for at in range(start, end, _OUT):
            upto = min(end, at + _OUT)
            yield bytes(data[at:upto]), upto
        return
    unpacker: bz2.BZ2Decompressor | lzma.LZMADecompressor
    if method == LZMA:
        unpacker, start = _lzma(data, start, end)
    elif method == DEFLATED:
        yield from _deflated(data, start, end)
        return
    else:
        unpacker = bz2.BZ2Decompressor() if method == BZIP2 else _xz()
    yield from _unpacked(unpacker, data, start, end, may_end=method == LZMA)


def _deflated(data: mmap.mmap | bytes, start: int, end: int) -> Iterator[tuple[bytes, int]]:
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    at = start
    while at < end and not unpacker.eof:
        waiting = bytes(data[at : min(end, at + _IN)])
        at += len(waiting)
        while waiting and not unpacker.eof:
            try:
                chunk = unpacker.decompress(waiting, _OUT)
            except zlib.error as error:
                raise ValueError("data") from error
            waiting = unpacker.unconsumed_tail
            if chunk:
                yield chunk, at
    if not unpacker.eof:
        raise ValueError("data")


def _unpacked(
    unpacker: Any, data: mmap.mmap | bytes, start: int, end: int, *, may_end: bool
) -> Iterator[tuple[bytes, int]]:
    """Chunks from an unpacker of the standard library's newer kind."""
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
        except (OSError, lzma.LZMAError, EOFError, MemoryError) as error:
            reason = "limit:memory" if _is_memory(error) else "data"
            raise ValueError(reason) from error
        waiting = b""
        if chunk:
            yield chunk, at
    if not unpacker.eof and not may_end:
        raise ValueError("data")


def _is_memory(error: Exception) -> bool:
    return isinstance(error, MemoryError) or "memory" in str(error).lower()


def _xz() -> lzma.LZMADecompressor:
    return lzma.LZMADecompressor(format=lzma.FORMAT_XZ, memlimit=_LZMA_MEMORY)


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
        unpacker = lzma.LZMADecompressor(
            format=lzma.FORMAT_RAW,
            filters=[
                {
                    "id": lzma.FILTER_LZMA1,
                    "dict_size": max(dictionary, 4096),
                    "lc": literal_context,
                    "lp": literal_position,
                    "pb": position,
                }
            ],
        )
    except (lzma.LZMAError, ValueError) as error:
        raise ValueError("data") from error
    return unpacker, start + 4 + size
