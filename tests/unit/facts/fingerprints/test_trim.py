"""Borders are cut off, and pictures without any stay whole."""

import numpy as np
import pytest

from clew.facts.fingerprints.pdq import distance, pdq
from clew.facts.fingerprints.trim import trimmed


def drawn(height=360, width=480):
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    tone = 128 + 60 * np.sin(x / 37 + y / 91) + 40 * np.cos(x * y / 9000) + 25 * np.sin(y / 13)
    return np.clip(tone, 0, 255).astype(np.uint8)


def within(tone, top, bottom, left, right):
    plane = drawn()
    height, width = plane.shape
    page = np.full((top + height + bottom, left + width + right), tone, np.uint8)
    page[top : top + height, left : left + width] = plane
    return page


@pytest.mark.parametrize("tone", [0, 255])
@pytest.mark.parametrize(
    "border", [(12, 12, 12, 12), (90, 90, 0, 0), (0, 0, 60, 60), (150, 40, 0, 0)]
)
def test_the_trimmed_hash_is_near_that_of_the_picture_within(tone, border) -> None:
    page = within(tone, *border)
    near = [
        distance(pdq(page[top:bottom, left:right]).value, pdq(drawn()).value)
        for _, (top, bottom, left, right) in trimmed(page)
    ]
    assert min(near) <= 31


def test_a_picture_without_a_border_has_no_trimmed_variant() -> None:
    assert list(trimmed(drawn())) == []


@pytest.mark.parametrize("turns", range(4))
def test_a_sky_is_no_bar_and_a_plain_border_is_one_however_it_ends(turns) -> None:
    """Both are alike for 60 lines, and fade into the picture; one of them is of a single tone."""
    chance = np.random.default_rng(3)
    fade = np.clip((np.arange(400)[:, None] - 60) / 80, 0, 1)
    ground = np.repeat(np.repeat(chance.integers(0, 200, (20, 25)), 20, axis=0), 20, axis=1)
    noise = np.clip(chance.normal(0, 2.5, (400, 500)), -9, 9)
    border = (220 * (1 - fade) + ground * fade).astype(np.uint8)
    sky = (np.clip(220 + noise, 0, 255) * (1 - fade) + ground * fade).astype(np.uint8)
    assert list(trimmed(np.rot90(sky, turns))) == []
    parts = dict(trimmed(np.rot90(border, turns)))
    assert parts
    kept = min((bottom - top) * (right - left) for top, bottom, left, right in parts.values())
    assert kept < 0.9 * 400 * 500


def test_a_blank_page_is_not_cut_to_nothing() -> None:
    for _, (top, bottom, left, right) in trimmed(np.full((500, 400), 255, np.uint8)):
        assert bottom - top >= 40
        assert right - left >= 30
