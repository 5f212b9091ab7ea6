"""What SQLite writes beside a database: frames of the write-ahead log, records of the journal.

Which of them count is decided as SQLite decides it, by salts and checksums: a frame behind the
first that does not fit was never part of the database, and what is live must not be judged by it.

References:
    - sqlite.org/fileformat2.html, "The Rollback Journal" and "The Write-Ahead Log"

"""

import mmap
import struct
from collections.abc import Iterator

import msgspec

Bytes = mmap.mmap | bytes
_WAL_HEADER, _FRAME = 32, 24
_WAL_MAGIC, _BIG_ENDIAN = 0x377F0682, 1
_JOURNAL_MAGIC = bytes.fromhex("d9d505f920a163d7")
_JOURNAL_HEADER = struct.Struct(">8xIIIII")
_SECTOR, _SECTORS = 512, frozenset(1 << n for n in range(9, 17))
_TO_THE_END = 0xFFFFFFFF
_EVERY = 200
_WORD = 0xFFFFFFFF


class Frame(msgspec.Struct, frozen=True):
    """A page in the write-ahead log."""

    number: int
    commits: bool
    """It ends a transaction."""
    base: int
    """Byte at which the page begins."""
    fits: bool
    """It and all before it are of this round of the log, and whole."""
    this_round: bool
    """It was written since the log was last started anew."""


class Record(msgspec.Struct, frozen=True):
    """A page in the rollback journal, as it was before a change."""

    number: int
    base: int
    """Byte at which the page begins."""
    rolls_back: bool
    """SQLite would put it back at the next opening, since the change was never committed."""


def frames(data: Bytes, size: int) -> Iterator[Frame]:
    """Every frame of a log, in order."""
    if len(data) < _WAL_HEADER:
        return
    magic, _, stated = struct.unpack_from(">III", data)
    order = ">" if magic & _BIG_ENDIAN else "<"
    sums = _sums(bytes(data[:24]), order, (0, 0))
    fits = (
        magic & ~_BIG_ENDIAN == _WAL_MAGIC
        and stated in (size, size & 1)  # 65536 is written as 1
        and sums == struct.unpack_from(">II", data, 24)
    )
    for at in range(_WAL_HEADER, len(data) - _FRAME - size + 1, _FRAME + size):
        number, commits = struct.unpack_from(">II", data, at)
        base = at + _FRAME
        salts = data[at + 8 : at + 16]
        waits = not any(data[at + 8 : base])  # written again in its change: summed up at the commit
        this_round = number > 0 and (waits or salts == data[16:24])
        fits = fits and this_round and not waits
        if fits:
            sums = _sums(bytes(data[at : at + 8]), order, sums)
            sums = _sums(bytes(data[base : base + size]), order, sums)
            fits = sums == struct.unpack_from(">II", data, at + 16)
        yield Frame(number, commits > 0, base, fits, this_round)


def unfinished(data: Bytes, size: int) -> int | None:
    """Pages that the database had before a change that was not finished; None where none was."""
    if len(data) < _SECTOR or data[:8] != _JOURNAL_MAGIC:
        return None
    records, _, pages, _, stated = _JOURNAL_HEADER.unpack_from(data)
    return pages if records and stated == size else None


def records(data: Bytes, size: int) -> Iterator[Record]:
    """Every record of a journal, in order: of its segments, then of what stands behind them."""
    rolls_back = unfinished(data, size) is not None
    at, sector = 0, _SECTOR
    while at + _SECTOR <= len(data) and data[at : at + 8] == _JOURNAL_MAGIC:
        count, nonce, _, stated, _ = _JOURNAL_HEADER.unpack_from(data, at)
        sector = stated if stated in _SECTORS else sector
        at += sector
        here = (len(data) - at) // (8 + size)
        for _ in range(here if count == _TO_THE_END else min(count, here)):
            rolls_back = rolls_back and _sum_of_record(data, at, size, nonce)
            yield Record(struct.unpack_from(">I", data, at)[0], at + 4, rolls_back)
            at += 8 + size
        if data[-(-at // sector) * sector :][:8] == _JOURNAL_MAGIC:
            at = -(-at // sector) * sector
    for offset in range(at or sector, len(data) - size - 7, 8 + size):
        yield Record(struct.unpack_from(">I", data, offset)[0], offset + 4, rolls_back=False)


def _sum_of_record(data: Bytes, at: int, size: int, nonce: int) -> bool:
    """Whether the checksum of a record is that of its page: every 200th byte, from its end."""
    page = data[at + 4 : at + 4 + size]
    (stated,) = struct.unpack_from(">I", data, at + 4 + size)
    return bool((nonce + sum(page[size - _EVERY : 0 : -_EVERY])) & _WORD == stated)


def _sums(data: bytes, order: str, before: tuple[int, int]) -> tuple[int, int]:
    """The log's checksum, which goes on from frame to frame."""
    first, second = before
    words = iter(struct.unpack(f"{order}{len(data) // 4}I", data))
    for one, other in zip(words, words, strict=True):
        first = (first + one + second) & _WORD
        second = (second + other + first) & _WORD
    return first, second
