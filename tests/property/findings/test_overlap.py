"""Overlap of groups is exact, whatever the groups, and however they are cut into blocks."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("scipy", reason="the sparse product needs clew[network]")

from clew.findings import overlap

_SETS = st.dictionaries(
    st.integers(0, 12), st.frozensets(st.integers(0, 9), min_size=1), min_size=1, max_size=9
)


def table(sets: dict[int, frozenset[int]], thing: str) -> pa.Table:
    rows = [(f"g{group:02}", f"t{one}") for group in sorted(sets) for one in sorted(sets[group])]
    return pa.table(
        {"chat_id": pa.array([g for g, _ in rows], pa.string()),
         thing: pa.array([t for _, t in rows], pa.string())}
    )  # fmt: skip


def brute(members: dict[int, frozenset[int]], files: dict[int, frozenset[int]]) -> list[tuple]:
    """Every pair counted one by one."""
    found = []
    for a, b in combinations(sorted(members), 2):
        both = len(members[a] & members[b])
        if both:
            small = min(len(members[a]), len(members[b]))
            union = len(members[a] | members[b])
            held = len(files.get(a, frozenset()) & files.get(b, frozenset()))
            found.append((f"g{a:02}", f"g{b:02}", both, len(members[a]), len(members[b]),
                          both / small, both / union, held))  # fmt: skip
    return found


@settings(deadline=None)  # scipy is loaded at the first
@given(members=_SETS, files=_SETS, pairs=st.integers(1, 40))
def test_every_pair_is_counted_as_by_hand(members, files, pairs) -> None:
    before, overlap.PAIRS = overlap.PAIRS, pairs
    try:
        found = [
            row
            for columns in overlap.links(table(members, "person_id"), table(files, "sha256"))
            for row in zip(*(c.to_pylist() for c in columns.values()), strict=True)
        ]
    finally:
        overlap.PAIRS = before
    assert found == brute(members, files)


@given(most=st.lists(st.integers(0, 50), max_size=30), pairs=st.integers(1, 60))
def test_blocks_take_every_row_once_and_stay_in_bounds(most, pairs) -> None:
    cut = list(overlap.blocks(np.array(most, np.int64), pairs=pairs))
    assert [row for first, last in cut for row in range(first, last)] == list(range(len(most)))
    assert all(last - first == 1 or sum(most[first:last]) <= pairs for first, last in cut)
