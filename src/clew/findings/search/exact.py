"""Exact search: a sorted file of fixed-width digests, mapped, with a directory of their beginnings.

A digest costs its own bytes and nothing else, but for the directory: 8 bytes for each of at most
2^20 beginnings. Sorting goes through bins on the disk, so that memory stays flat.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from clew.errors import EvidenceError

Digests = npt.NDArray[np.uint8]
"""Digests one below the other: ``(n, width)`` bytes."""
_BINS = 64
_DIRECTORY_BITS = 20
_SHARE_OF_ENTRIES = 32
"""The directory has one beginning for so many digests, so that small sets stay small."""


def write_exact(file: Path, width: int, batches: Iterable[Digests]) -> int:
    """Write the distinct digests of a set in order, with their directory beside; how many."""
    bins = [file.with_name(f"{file.name}.bin{n:02d}") for n in range(_BINS)]
    handles = [path.open("wb") for path in bins]
    try:
        for digests in batches:
            bin_of = digests[:, 0] // (256 // _BINS)
            for n in np.unique(bin_of):
                handles[n].write(np.ascontiguousarray(digests[bin_of == n]).tobytes())
    finally:
        for handle in handles:
            handle.close()
    total = 0
    firsts: list[npt.NDArray[np.uint64]] = []
    with file.open("wb") as out:
        for path in bins:
            found = _distinct(np.fromfile(path, np.uint8).reshape(-1, width))
            path.unlink()
            out.write(found.tobytes())
            total += len(found)
            firsts.append(_beginnings(found, _DIRECTORY_BITS).astype(np.uint64))
    bits = min(_DIRECTORY_BITS, max(total // _SHARE_OF_ENTRIES, 1).bit_length())
    counts = np.zeros(1 << bits, np.int64)
    for first in firsts:
        shifted = (first >> np.uint64(_DIRECTORY_BITS - bits)).astype(np.int64)
        counts += np.bincount(shifted, minlength=1 << bits)
    offsets = np.zeros((1 << bits) + 1, np.int64)
    np.cumsum(counts, out=offsets[1:])
    offsets.tofile(_directory(file))
    return total


class ExactIndex:
    """The digests of one kind in one set; EvidenceError where its files are cut short."""

    def __init__(self, file: Path, width: int) -> None:
        empty = not file.stat().st_size  # which can't be mapped
        found = np.empty(0, np.uint8) if empty else np.memmap(file, np.uint8, mode="r")
        self._offsets = np.fromfile(_directory(file), np.int64)
        self._bits = max(len(self._offsets) - 1, 1).bit_length() - 1
        if len(found) % width or not _in_order(self._offsets, len(found) // width, self._bits):
            raise damaged(file)
        self._digests = found.reshape(-1, width)

    def __len__(self) -> int:
        return len(self._digests)

    def has(self, digests: Digests) -> npt.NDArray[np.bool_]:
        """Which of the digests are in the set."""
        if not len(self) or not len(digests):
            return np.zeros(len(digests), np.bool_)
        wanted = _words(digests)
        begins = _beginnings(digests, self._bits)
        low, high = self._offsets[begins], self._offsets[begins + 1]
        ends = high.copy()
        columns = _words(self._digests)
        for _ in range(int((high - low).max()).bit_length()):
            middle = (low + high) >> 1
            open_ = low < high
            before = open_ & _less(columns, np.minimum(middle, len(self) - 1), wanted)
            low = np.where(before, middle + 1, low)
            high = np.where(open_ & ~before, middle, high)
        at = np.minimum(low, len(self) - 1)
        same = low < ends
        for column, sought in zip(columns, wanted, strict=True):
            same &= column[at] == sought
        return same

    def batches(self, size: int = 1 << 20) -> Iterator[Digests]:
        """Every digest, in order."""
        for start in range(0, len(self), size):
            yield np.asarray(self._digests[start : start + size])


def damaged(file: Path) -> EvidenceError:
    """What is said of an index that is not as it was written: it would miss what it has."""
    return EvidenceError(
        f"the index {file.parent.name}/{file.name} of a hash set is damaged: it is not what was "
        "written, and a search in it could miss something",
        do="Remove that version (clew hashset remove) and add the set again from its file.",
    )


def _in_order(offsets: npt.NDArray[np.int64], count: int, bits: int) -> bool:
    """Whether a directory is whole, and of so many digests."""
    return (
        len(offsets) == (1 << bits) + 1
        and int(offsets[0]) == 0
        and int(offsets[-1]) == count
        and bool((np.diff(offsets) >= 0).all())
    )


def _less(
    columns: list[npt.NDArray[Any]], at: npt.NDArray[np.int64], wanted: list[npt.NDArray[Any]]
) -> npt.NDArray[np.bool_]:
    """Whether a digest in the file comes before the one that is wanted, word by word."""
    less = columns[0][at] < wanted[0]
    tied = np.nonzero(columns[0][at] == wanted[0])[0]
    for column, sought in zip(columns[1:], wanted[1:], strict=True):
        if not len(tied):
            break
        here = column[at[tied]]
        less[tied] = here < sought[tied]
        tied = tied[here == sought[tied]]
    return less


def _words(digests: Digests) -> list[npt.NDArray[Any]]:
    """Big-endian words, whose order is the order of the bytes; SHA-1 ends in half a word."""
    width = digests.shape[1]
    fields = [(f"w{n}", ">u8") for n in range(width // 8)]
    fields += [("last", ">u4")] if width % 8 else []
    rows = np.ascontiguousarray(digests).reshape(-1).view(np.dtype(fields))
    return [rows[name] for name, _ in fields]


def _beginnings(digests: Digests, bits: int) -> npt.NDArray[np.int64]:
    """The first so many bits of each digest, as a number."""
    heads = np.ascontiguousarray(digests[:, :4]).view(">u4").reshape(-1).astype(np.int64)
    return heads >> (32 - bits)


def _distinct(digests: Digests) -> Digests:
    """Digests in order, each once."""
    if not len(digests):
        return digests
    words = _words(digests)
    order = np.argsort(words[0].astype(np.uint64), kind="stable")
    first = words[0][order]
    if (first[1:] == first[:-1]).any():
        order = np.lexsort([w.astype(np.uint64) for w in reversed(words)])
    found = digests[order]
    differs = np.ones(len(found), np.bool_)
    differs[1:] = (found[1:] != found[:-1]).any(axis=1)
    return found[differs]


def _directory(file: Path) -> Path:
    return file.with_suffix(".dir")
