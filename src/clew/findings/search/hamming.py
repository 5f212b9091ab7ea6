"""Fingerprints within a Hamming radius: exact multi-index hashing (Norouzi, Punjani, Fleet 2012).

256 bits are cut into pieces. If two fingerprints differ in at most ``r = pieces * q + s`` bits,
then one of the first ``s + 1`` pieces differs in at most ``q`` bits, or one of the rest in at most
``q - 1``. So every piece is looked up with so many bits flipped, and what is found is compared in
full: nothing within the radius is missed, at any radius. Probes are put in the order of their
buckets, and the first half of every fingerprint is laid out in that order too, so that memory is
read from front to back: fetching it from where it lies costs more than all the counting.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import combinations
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt

from clew.findings.search.exact import damaged

BITS = 256
_WORDS = BITS // 64
_PIECES = 16
_CANDIDATES = 1 << 16
"""Pairs compared at once: enough that Python is idle, few enough for the processor's cache."""
_QUERIES = 1 << 16
_PROBES = 1 << 22
"""Buckets that are looked up at once: at 48 bits each query asks for hundreds in every piece."""
_LAID_OUT = 1 << 23
"""Fingerprints whose halves are laid out anew; of more than these it would take too much memory."""
_WORTH = 256
"""Fingerprints for each query above which it costs more to lay out than to fetch."""
Fingerprints = npt.NDArray[np.uint8]
"""Fingerprints one below the other: ``(n, 32)`` bytes."""
Indices = npt.NDArray[np.int64]


class Near(msgspec.Struct, frozen=True):
    """Pairs within the radius; of a search every one, in order of query and entry."""

    query: Indices
    """Which of the queries."""
    entry: Indices
    """Which of the fingerprints in the index."""
    distance: npt.NDArray[np.int64]
    """Bits that differ."""


class Buckets(msgspec.Struct, frozen=True):
    """What queries ask of one piece: for each bucket who asks, where it begins, what it holds."""

    asker: Indices
    begins: Indices
    sizes: Indices


class HammingIndex:
    """Fingerprints that can be searched; an entry is named by its position."""

    def __init__(self, fingerprints: Fingerprints, order: npt.NDArray[np.uint32],
                 offsets: Indices) -> None:  # fmt: skip
        self._words = np.ascontiguousarray(fingerprints).view(np.uint64).reshape(-1, _WORDS)
        self._order = order
        self._offsets = offsets

    @classmethod
    def of(cls, fingerprints: Fingerprints) -> HammingIndex:
        """An index in memory."""
        pieces = _pieces(fingerprints)
        order = np.empty((_PIECES, len(fingerprints)), np.uint32)
        offsets = np.zeros((_PIECES, (1 << 16) + 1), np.int64)
        for n in range(_PIECES):
            order[n] = np.argsort(pieces[:, n], kind="stable")
            np.cumsum(np.bincount(pieces[:, n], minlength=1 << 16), out=offsets[n, 1:])
        return cls(fingerprints, order, offsets)

    @classmethod
    def open(cls, file: Path, fingerprints: Fingerprints) -> HammingIndex:
        """The index that ``write_hamming`` wrote over these fingerprints, mapped.

        Raises EvidenceError where the file is of other fingerprints, or cut short.
        """
        count = len(fingerprints)
        if not count:
            return cls.of(fingerprints)
        table = _PIECES * ((1 << 16) + 1)
        if file.stat().st_size != 8 * table + 4 * _PIECES * count:
            raise damaged(file)
        offsets = np.fromfile(file, np.int64, table).reshape(_PIECES, -1)
        whole = (offsets[:, 0] == 0) & (offsets[:, -1] == count)
        if not whole.all() or (np.diff(offsets) < 0).any():
            raise damaged(file)
        order = np.memmap(file, np.uint32, "r", offset=8 * table, shape=(_PIECES, count))
        return cls(fingerprints, order, offsets)

    def write(self, file: Path) -> None:
        """Keep what can be mapped again."""
        with file.open("wb") as out:
            out.write(self._offsets.tobytes())
            out.write(self._order.tobytes())

    def __len__(self) -> int:
        return len(self._words)

    def search(self, queries: Fingerprints, radius: int) -> Near:
        """Every pair of a query and an entry that differ in no more than ``radius`` bits."""
        found = list(self.pairs(queries, radius))
        query, entry, distance = (
            np.concatenate([getattr(n, name) for n in found] or [np.empty(0, np.int64)])
            for name in Near.__struct_fields__
        )
        order = np.lexsort((entry, query))
        return Near(query[order], entry[order], distance[order])

    def pairs(self, queries: Fingerprints, radius: int) -> Iterator[Near]:
        """The same pairs, each once, some at a time and in no order: there may be very many."""
        size = min(_QUERIES, _PROBES // len(_flips(radius // _PIECES)))
        for start in range(0, len(queries), size):
            for found in self._some(queries[start : start + size], radius):
                yield Near(found.query + start, found.entry, found.distance)

    def _some(self, queries: Fingerprints, radius: int) -> Iterator[Near]:
        words = np.ascontiguousarray(queries).view(np.uint64).reshape(-1, _WORDS)
        pieces, asked = _pieces(queries), np.ascontiguousarray(_half(words))
        laid_out = len(self) <= min(_LAID_OUT, _WORTH * len(queries))
        whole, rest = divmod(radius, _PIECES)
        most = np.array([whole if n <= rest else whole - 1 for n in range(_PIECES)])
        count = _PIECES if whole else rest + 1
        for n in range(count):
            buckets = self._buckets(n, pieces[:, n], _flips(int(most[n])))
            if int(buckets.sizes.sum()) * (count - n) > len(words) * len(self):
                yield from self._all(words, radius, most, n)
                return
            order = self._order[n]
            halves = _half(self._words)[order] if laid_out else None
            for asker, position in _candidates(buckets):
                kept = _half(self._words)[order[position]] if halves is None else halves[position]
                near = np.nonzero(_apart(kept, asked[asker]) <= radius)[0]
                if len(near):
                    entry = order[position[near]].astype(np.int64)
                    yield self._compared(words, asker[near], entry, radius, most, n)

    def _all(
        self, words: npt.NDArray[np.uint64], radius: int, most: npt.NDArray[np.int64], piece: int
    ) -> Iterator[Near]:
        """Pairs that no piece before this one tells, by comparing all with all.

        Where most fingerprints are of one kind, as the frames of a fixed camera, pieces part
        nothing, and each of them would find the same pairs.
        """
        for start in range(0, len(words), size := max(_CANDIDATES // max(len(self), 1), 1)):
            some = words[start : start + size]
            bits = np.bitwise_count(some[:, None] ^ self._words[None])
            query, entry = np.nonzero(bits.sum(2, dtype=np.uint16) <= radius)
            apart = np.bitwise_count((self._words[entry] ^ some[query]).view(np.uint16))
            later = np.argmax(apart <= most, axis=1) >= piece
            yield Near(query[later] + start, entry[later],
                       apart[later].sum(1, dtype=np.int64))  # fmt: skip

    def _buckets(
        self, piece: int, values: npt.NDArray[np.uint16], flips: npt.NDArray[np.uint16]
    ) -> Buckets:
        """The buckets of one piece that hold something that queries ask for, in their order."""
        offsets = self._offsets[piece]
        probes = (values[:, None] ^ flips[None]).ravel()
        by_bucket = np.argsort(probes, kind="stable")
        probes = probes[by_bucket].astype(np.int64)
        begins = offsets[probes]
        sizes = offsets[probes + 1] - begins
        some = sizes > 0
        return Buckets(by_bucket[some] // len(flips), begins[some], sizes[some])

    def _compared(  # noqa: PLR0913, PLR0917 - two sides, and what makes them a pair
        self, words: npt.NDArray[np.uint64], asker: Indices, entry: Indices, radius: int,
        most: npt.NDArray[np.int64], piece: int,
    ) -> Near:  # fmt: skip
        """The candidates that are within the radius by all their bits.

        Other pieces find a pair too; the first that does tells it.
        """
        bits = np.bitwise_count((self._words[entry] ^ words[asker]).view(np.uint16))
        distance = bits.sum(1, dtype=np.int64)
        first = np.argmax(bits <= most, axis=1) == piece
        near = np.nonzero((distance <= radius) & first)[0]
        return Near(asker[near], entry[near], distance[near])


def _candidates(buckets: Buckets) -> Iterator[tuple[Indices, Indices]]:
    """Pairs that agree in one piece but for the flips, some thousand at a time.

    An entry is given by its position in the order of the piece.
    """
    ends = np.cumsum(buckets.sizes)
    cut = 0
    while cut < len(ends):
        before = int(ends[cut - 1]) if cut else 0
        until = max(int(np.searchsorted(ends, before + _CANDIDATES, "right")), cut + 1)
        lengths = buckets.sizes[cut:until]
        total = int(ends[until - 1]) - before
        firsts = buckets.begins[cut:until] - (ends[cut:until] - lengths - before)
        positions = np.arange(total) + np.repeat(firsts, lengths)
        yield np.repeat(buckets.asker[cut:until], lengths), positions
        cut = until


def _half(words: npt.NDArray[np.uint64]) -> npt.NDArray[np.complex128]:
    """The first 128 bits of each as one number: numpy fetches one ten times faster than a row."""
    half: npt.NDArray[np.complex128] = words.view(np.complex128)[:, 0]
    return half


def _apart(
    left: npt.NDArray[np.complex128], right: npt.NDArray[np.complex128]
) -> npt.NDArray[np.uint8]:
    """In how many of 128 bits each pair differs; half of the bits settles most pairs."""
    bits = left.view(np.uint64)
    bits ^= right.view(np.uint64)
    counts = np.bitwise_count(bits)
    apart: npt.NDArray[np.uint8] = counts[::2] + counts[1::2]
    return apart


def write_hamming(file: Path, fingerprints: Fingerprints) -> None:
    """Write the index over fingerprints that are kept in a file of their own."""
    HammingIndex.of(fingerprints).write(file)


def _pieces(fingerprints: Fingerprints) -> npt.NDArray[np.uint16]:
    return np.ascontiguousarray(fingerprints).view(np.uint16).reshape(-1, _PIECES)


@cache
def _flips(most: int) -> npt.NDArray[np.uint16]:
    """Every pattern of up to so many flipped bits of a piece."""
    patterns = [
        sum(1 << bit for bit in bits)
        for count in range(most + 1)
        for bits in combinations(range(16), count)
    ]
    return np.array(patterns, np.uint16)
