"""Search finds what comparing with every entry would find, at every distance."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clew.findings.search import ExactIndex, HammingIndex, write_exact, write_hamming

EVERY_RADIUS = range(49)


def turned(fingerprint: np.ndarray, bits: np.ndarray) -> np.ndarray:
    """The fingerprint with these bits flipped."""
    mask = np.zeros(256, np.uint8)
    mask[bits] = 1
    return fingerprint ^ np.packbits(mask)


def oracle(queries: np.ndarray, known: np.ndarray, radius: int) -> set[tuple[int, int, int]]:
    """Every pair within the radius, by comparing all with all."""
    apart = np.bitwise_count(queries[:, None] ^ known[None]).sum(2, dtype=np.int64)
    query, entry = np.nonzero(apart <= radius)
    return set(zip(query.tolist(), entry.tolist(), apart[query, entry].tolist(), strict=True))


def found(index: HammingIndex, queries: np.ndarray, radius: int) -> set[tuple[int, int, int]]:
    near = index.search(queries, radius)
    pairs = list(zip(near.query.tolist(), near.entry.tolist(), near.distance.tolist(), strict=True))
    assert pairs == sorted(pairs)
    assert len(pairs) == len(set(pairs))
    return set(pairs)


def planted(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Known fingerprints, and one query at every distance from 0 to 50 of one of them."""
    chance = np.random.default_rng(seed)
    known = chance.integers(0, 256, (300, 32), dtype=np.uint8)
    known[7] = known[8]
    queries = [
        turned(known[distance], chance.choice(256, distance, replace=False))
        for distance in range(51)
    ]
    return known, np.array(queries)


@pytest.mark.parametrize("radius", EVERY_RADIUS)
def test_nothing_within_the_radius_is_missed_and_nothing_beyond_it_found(radius) -> None:
    known, queries = planted(radius)
    index = HammingIndex.of(known)
    pairs = found(index, queries, radius)
    assert pairs == oracle(queries, known, radius)
    assert {(q, d) for q, e, d in pairs if q == e and d == q} == {(n, n) for n in range(radius + 1)}


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_fingerprints_at_any_radius_as_by_comparing_all(data) -> None:
    """Small alphabets give duplicates, empty sets, sets of one and crowded buckets."""
    rows = st.lists(st.sampled_from([0, 1, 3, 255]), min_size=32, max_size=32)
    known, queries = (
        np.array(data.draw(st.lists(rows, max_size=6)), np.uint8).reshape(-1, 32) for _ in range(2)
    )
    radius = data.draw(st.sampled_from(EVERY_RADIUS))
    assert found(HammingIndex.of(known), queries, radius) == oracle(queries, known, radius)


@pytest.mark.parametrize("worst", [15, 16, 31, 32, 47, 48])
def test_bits_that_differ_evenly_in_all_pieces_are_found(worst) -> None:
    """The hardest case: no piece agrees more than the radius forces it to."""
    known = np.random.default_rng(worst).integers(0, 256, (1, 32), dtype=np.uint8)
    bits = np.array([16 * (n % 16) + n // 16 for n in range(worst)])
    query = turned(known[0], bits)[None]
    assert found(HammingIndex.of(known), query, worst) == {(0, 0, worst)}
    assert found(HammingIndex.of(known), query, worst - 1) == set()


@pytest.mark.parametrize("entries", [0, 1, 2, 5000])
def test_a_mapped_index_finds_what_one_in_memory_finds(tmp_path, entries) -> None:
    chance = np.random.default_rng(entries)
    known = chance.integers(0, 256, (entries, 32), dtype=np.uint8)
    queries = np.concatenate([known[:50] ^ np.uint8(1), chance.integers(0, 256, (9, 32), np.uint8)])
    write_hamming(tmp_path / "x.mih", known)
    mapped = HammingIndex.open(tmp_path / "x.mih", known)
    assert found(mapped, queries, 32) == found(HammingIndex.of(known), queries, 32)


@settings(max_examples=60, deadline=None)
@given(data=st.data(), width=st.sampled_from([16, 20, 32]))
def test_exact_lookups_are_those_of_a_set(tmp_path_factory, data, width) -> None:
    """Alike beginnings, duplicates and the lowest and highest digests among them."""
    digest = st.one_of(
        st.binary(min_size=width, max_size=width),
        st.sampled_from([b"\0" * width, b"\xff" * width, b"\0" * (width - 1) + b"\1"]),
        st.binary(min_size=1, max_size=1).map(lambda last: b"\x80" * (width - 1) + last),
    )
    known, queries = (data.draw(st.lists(digest, max_size=40)) for _ in range(2))
    folder = tmp_path_factory.mktemp("exact")
    as_rows = [
        np.frombuffer(b"".join(some), np.uint8).reshape(-1, width)
        for some in (known[:13], known[13:])
    ]
    assert write_exact(folder / "x.bin", width, as_rows) == len(set(known))
    index = ExactIndex(folder / "x.bin", width)
    asked = [*queries, *known]
    rows = np.frombuffer(b"".join(asked), np.uint8).reshape(-1, width)
    assert index.has(rows).tolist() == [d in set(known) for d in asked]
    assert b"".join(b.tobytes() for b in index.batches(7)) == b"".join(sorted(set(known)))
