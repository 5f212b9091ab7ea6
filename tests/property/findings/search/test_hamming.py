"""Search finds what comparing with every entry would find, at every distance."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clew.errors import EvidenceError
from clew.findings.search import ExactIndex, HammingIndex, hamming, write_exact, write_hamming

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


def shaped(shape: str, chance: np.random.Generator) -> np.ndarray:
    """Entries as no random set has them: few, all the same, or alike in nearly all pieces."""
    whole = chance.integers(0, 256, (400, 32), dtype=np.uint8)
    if shape.isdigit():
        return whole[: int(shape)]
    if shape == "all equal":
        return np.repeat(whole[:1], 400, axis=0)
    if shape == "alike but for one piece":
        return np.concatenate([np.repeat(whole[:1, :30], 400, axis=0), whole[:, 30:]], axis=1)
    if shape == "near each other":
        return np.array([turned(whole[0], chance.choice(256, n % 60, replace=False))
                         for n in range(400)])  # fmt: skip
    return np.zeros((400, 32), np.uint8) + np.uint8(255) * (chance.random((400, 1)) < 0.5)


SHAPES = ("0", "1", "2", "3", "400", "all equal", "alike but for one piece", "near each other",
          "nothing but zeros and ones")  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_whatever_shape_a_set_has_every_radius_is_as_by_comparing_all(shape, tmp_path) -> None:
    chance = np.random.default_rng(len(shape))
    known = shaped(shape, chance).astype(np.uint8)
    aimed = [turned(known[n % len(known)], chance.choice(256, n, replace=False))
             for n in range(0, 51, 3)] if len(known) else []  # fmt: skip
    some = [known[:2], chance.integers(0, 256, (2, 32), dtype=np.uint8)]
    queries = np.concatenate([*(a[None] for a in aimed), *some])
    write_hamming(tmp_path / "x.mih", known)
    for index in (HammingIndex.of(known), HammingIndex.open(tmp_path / "x.mih", known)):
        for radius in EVERY_RADIUS:
            assert found(index, queries, radius) == oracle(queries, known, radius), radius


def test_blocks_of_queries_change_nothing(monkeypatch) -> None:
    known, queries = planted(3)
    whole = {radius: found(HammingIndex.of(known), queries, radius) for radius in (0, 31, 48)}
    for name, value in (("_PROBES", 700), ("_QUERIES", 3), ("_CANDIDATES", 5), ("_LAID_OUT", 0)):
        monkeypatch.setattr(hamming, name, value)
        for radius, pairs in whole.items():
            assert found(HammingIndex.of(known), queries, radius) == pairs


@pytest.mark.parametrize("harm", ["cut", "longer", "empty", "offsets", "of another set"])
def test_an_index_that_is_not_what_was_written_is_refused(tmp_path, harm) -> None:
    known, _ = planted(1)
    file = tmp_path / "x.mih"
    write_hamming(file, known)
    data = file.read_bytes()
    harmed = {
        "cut": data[:-1], "longer": data + b"\0", "empty": b"",
        "offsets": data[:80] + bytes([9]) * 8 + data[88:], "of another set": data,
    }  # fmt: skip
    file.write_bytes(harmed[harm])
    with pytest.raises(EvidenceError, match="could miss something"):
        HammingIndex.open(file, known[:-1] if harm == "of another set" else known)


@pytest.mark.parametrize("harm", ["cut", "cut by a digest", "directory", "no directory"])
def test_digests_that_are_not_what_was_written_are_refused(tmp_path, harm) -> None:
    digests = np.random.default_rng(1).integers(0, 256, (900, 16), dtype=np.uint8)
    file = tmp_path / "md5.bin"
    write_exact(file, 16, [digests])
    data, directory = file.read_bytes(), file.with_suffix(".dir")
    if harm.startswith("cut"):
        file.write_bytes(data[: -16 if harm == "cut by a digest" else -1])
    else:
        directory.write_bytes(directory.read_bytes()[:-8] if harm == "directory" else b"")
    with pytest.raises(EvidenceError, match="could miss something"):
        ExactIndex(file, 16)


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
