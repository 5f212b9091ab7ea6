"""PDQ over arbitrary pictures."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from clew.facts.fingerprints.pdq import distance, luma64, pdq


@st.composite
def planes(draw):
    """Pictures of blocks of any tone, in any order in memory."""
    height, width = draw(st.integers(2, 260)), draw(st.integers(2, 260))
    chance = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    coarse = chance.integers(0, 256, (draw(st.integers(2, 40)), draw(st.integers(2, 40))))
    rows = np.arange(height) * coarse.shape[0] // height
    columns = np.arange(width) * coarse.shape[1] // width
    return coarse[rows][:, columns].astype(np.uint8)


@given(planes())
@settings(max_examples=60, deadline=None)
def test_the_same_picture_has_the_same_hash_however_it_lies_in_memory(plane) -> None:
    first = pdq(plane)
    assert first == pdq(plane.copy(order="C")) == pdq(plane.copy(order="F"))
    assert 0 <= first.quality <= 100
    assert {len(value) for value in (first.value, *first.turned)} == {64}


@given(planes())
@settings(max_examples=40, deadline=None)
def test_no_more_than_half_of_the_bits_are_set(plane) -> None:
    found = pdq(plane)
    assert all(int(value, 16).bit_count() <= 128 for value in (found.value, *found.turned))


@st.composite
def detailed(draw):
    """64 x 64 samples with so much in them that rounding decides no bit."""
    chance = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    plane = chance.normal(128, 40, (draw(st.integers(90, 400)), draw(st.integers(90, 400))))
    return luma64(np.clip(plane.cumsum(0).cumsum(1) % 256, 0, 255).astype(np.uint8), *plane.shape)


@given(detailed())
@settings(max_examples=40, deadline=None)
def test_the_orientations_of_a_picture_are_those_of_the_turned_one(square) -> None:
    turned = (
        np.rot90(square), np.rot90(square, 2), np.rot90(square, 3), square[::-1], square[:, ::-1],
        square.T, square[::-1, ::-1].T,
    )  # fmt: skip
    found = pdq(square)
    for other, predicted in zip(turned, found.turned, strict=True):
        assert distance(pdq(other).value, predicted) <= 2
    assert distance(pdq(square[::-1, ::-1]).turned[1], found.value) <= 2
