"""How many members two groups share: exact, by a sparse product, in blocks of rows.

Row g of the matrix has a one for every member of group g; the matrix times its transpose holds, for
each two groups, how many members are in both. Nothing is sampled or hashed. A block is as many rows
as can't bring more than a fixed number of pairs, so that memory stays bounded however many groups
there are.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from scipy import sparse

Numbers = npt.NDArray[np.int64]
Codes = npt.NDArray[np.integer]
PAIRS = 2_000_000
"""Pairs of groups that one block may bring at most, unless one group alone brings more."""


class Sets:
    """Sets of things, such as the members of groups, as a matrix of ones."""

    def __init__(self, sets: Codes, things: Codes, count: int) -> None:
        """Take pairs of set and thing, each pair once; things that stand in one set only share."""
        from scipy import sparse

        self.sizes: Numbers = np.bincount(sets, minlength=count).astype(np.int64)
        in_sets = np.bincount(things) if len(things) else np.zeros(0, np.int64)
        shared = in_sets[things] > 1
        sets, things = sets[shared], things[shared]
        ones = np.ones(len(sets), np.int32)
        shape = (count, len(in_sets))
        self._rows = sparse.csr_matrix((ones, (sets, things)), shape=shape)
        self._columns: sparse.csr_matrix = self._rows.T.tocsr()
        most = np.bincount(sets, weights=in_sets[things], minlength=count)
        self.most: Numbers = np.minimum(most, count).astype(np.int64)
        """Other sets that each set can share anything with, at most."""

    def overlaps(self, first: int, last: int) -> tuple[Numbers, Numbers, Numbers]:
        """Each of these sets, each later set that shares with it, and how many things."""
        product = self._rows[first:last] @ self._columns
        product.sort_indices()
        ones = np.repeat(np.arange(first, last, dtype=np.int64), np.diff(product.indptr))
        later = product.indices > ones
        return (
            ones[later],
            product.indices[later].astype(np.int64),
            product.data[later].astype(np.int64),
        )


def blocks(*most: Numbers, pairs: int = PAIRS) -> Iterator[tuple[int, int]]:
    """Runs of rows that bring no more than so many pairs together, or single rows.

    >>> list(blocks(np.array([5, 4, 9, 1, 1]), pairs=10))
    [(0, 2), (2, 4), (4, 5)]
    """
    work = np.sum(most, axis=0)
    reached = np.concatenate([[0], np.cumsum(work)])
    first = 0
    while first < len(work):
        last = int(np.searchsorted(reached, reached[first] + pairs, side="right")) - 1
        last = min(max(last, first + 1), len(work))
        yield first, last
        first = last


def links(members: pa.Table, files: pa.Table) -> Iterator[dict[str, pa.Array]]:
    """Columns of ``group_links``, block by block, in the order of its key.

    ``members`` has chat_id and person_id, ``files`` chat_id and sha256, each pair once.
    """
    names = pc.unique(members.column("chat_id")).sort()
    people = Sets(_row_numbers(members, "chat_id", names), _codes(members, "person_id"), len(names))
    shared = files.filter(pc.is_in(files.column("chat_id"), names))
    contents = Sets(_row_numbers(shared, "chat_id", names), _codes(shared, "sha256"), len(names))
    for first, last in blocks(people.most, contents.most, pairs=PAIRS):
        one, other, shared = people.overlaps(first, last)
        a, b = people.sizes[one], people.sizes[other]
        yield {
            "chat_a": names.take(pa.array(one)),
            "chat_b": names.take(pa.array(other)),
            "shared_members": pa.array(shared),
            "members_a": pa.array(a),
            "members_b": pa.array(b),
            "containment": pa.array(shared / np.minimum(a, b)),
            "jaccard": pa.array(shared / (a + b - shared)),
            "shared_files": pa.array(_at(contents.overlaps(first, last), one, other, len(names))),
        }


def _row_numbers(table: pa.Table, column: str, names: pa.Array) -> Codes:
    """Where each value stands among the names."""
    found = pc.index_in(table.column(column), value_set=names)
    return np.asarray(found.combine_chunks().to_numpy(zero_copy_only=False), dtype=np.int32)


def _codes(table: pa.Table, column: str) -> Codes:
    """A number for each different value."""
    values = table.column(column).combine_chunks().dictionary_encode()
    return np.asarray(values.indices.to_numpy(zero_copy_only=False), dtype=np.int32)


def _at(
    overlaps: tuple[Numbers, Numbers, Numbers], one: Numbers, other: Numbers, count: int
) -> Numbers:
    """The overlaps of certain pairs; 0 where there is none. Both are in the order of pairs."""
    keys, wanted = overlaps[0] * count + overlaps[1], one * count + other
    if not len(keys):
        return np.zeros(len(wanted), np.int64)
    positions = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    found: Numbers = np.where(keys[positions] == wanted, overlaps[2][positions], 0)
    return found
