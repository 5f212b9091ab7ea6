"""The tree over the entries of a log: its hashes, and proofs of what it holds.

References:
    - RFC 6962, 2.1 (the tree and both proofs); RFC 9162, 2.1.3.2 and 2.1.4.2 (checking them)

"""

import hashlib
from collections.abc import Callable, Iterable

EMPTY = hashlib.sha256(b"").digest()
Range = Callable[[int, int], bytes]
"""Hash of the tree over the entries from one number up to, not including, another."""


def leaf(body: bytes) -> bytes:
    """Hash of an entry."""
    return hashlib.sha256(b"\0" + body).digest()


def node(left: bytes, right: bytes) -> bytes:
    """Hash of two trees put together."""
    return hashlib.sha256(b"\1" + left + right).digest()


class Frontier:
    """The whole trees, largest first, that a growing tree is made of."""

    def __init__(self, peaks: Iterable[tuple[int, bytes]] = ()) -> None:
        self._peaks = list(peaks)

    def add(self, hashed: bytes, number: int) -> list[tuple[int, int, bytes]]:
        """Add the leaf of an entry; every node made by it, as level, position and hash."""
        level, position = 0, number
        made = [(level, position, hashed)]
        while self._peaks and self._peaks[-1][0] == level:
            hashed = node(self._peaks.pop()[1], hashed)
            level, position = level + 1, position >> 1
            made.append((level, position, hashed))
        self._peaks.append((level, hashed))
        return made

    @property
    def root(self) -> bytes:
        """Hash of the whole tree."""
        if not self._peaks:
            return EMPTY
        *others, (_, hashed) = self._peaks
        for _, peak in reversed(others):
            hashed = node(peak, hashed)
        return hashed


def split(size: int) -> int:
    """Entries on the left of a tree: the largest power of two below its size."""
    return 1 << ((size - 1).bit_length() - 1)


def inclusion(range_hash: Range, number: int, size: int) -> list[bytes]:
    """Proof that the tree of this size holds entry ``number``, counted from 0."""
    proof = []
    start, end = 0, size
    while end - start > 1:
        middle = start + split(end - start)
        if number < middle:
            proof.append(range_hash(middle, end))
            end = middle
        else:
            proof.append(range_hash(start, middle))
            start = middle
    return proof[::-1]


def consistency(range_hash: Range, earlier: int, later: int) -> list[bytes]:
    """Proof that the tree of the later size continues that of the earlier one."""
    if not earlier:
        return []
    proof = []
    start, end, whole = 0, later, True
    while earlier != end:
        middle = start + split(end - start)
        if earlier <= middle:
            proof.append(range_hash(middle, end))
            end = middle
        else:
            proof.append(range_hash(start, middle))
            start, whole = middle, False
    return [*([] if whole else [range_hash(start, end)]), *proof[::-1]]


def holds(hashed: bytes, number: int, size: int, proof: list[bytes], root: bytes) -> bool:
    """Whether a proof shows that the tree with this root holds the entry of this hash."""
    if not 0 <= number < size:
        return False
    at, last = number, size - 1
    for sibling in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            hashed = node(sibling, hashed)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            hashed = node(hashed, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and hashed == root


def continues(earlier: tuple[int, bytes], later: tuple[int, bytes], proof: list[bytes]) -> bool:
    """Whether a proof shows that one tree (size and root) was continued by the other."""
    if not 0 <= earlier[0] <= later[0]:
        return False
    if earlier[0] == later[0]:
        return not proof and earlier[1] == later[1]
    if earlier[0] == 0:
        return not proof
    return _continues(earlier, later, list(proof))


def _continues(earlier: tuple[int, bytes], later: tuple[int, bytes], proof: list[bytes]) -> bool:
    if earlier[0] & (earlier[0] - 1) == 0:
        proof = [earlier[1], *proof]
    if not proof:
        return False
    at, last = earlier[0] - 1, later[0] - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    first = second = proof[0]
    for hashed in proof[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            first, second = node(hashed, first), node(hashed, second)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            second = node(second, hashed)
        at, last = at >> 1, last >> 1
    return last == 0 and first == earlier[1] and second == later[1]
