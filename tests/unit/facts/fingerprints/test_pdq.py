"""PDQ: its values are the reference's, bit for bit, and its own laws hold."""

import numpy as np
import pytest

from clew.facts.fingerprints.decode import pictures
from clew.facts.fingerprints.pdq import ORIENTATIONS, distance, luma64, pdq

# What pdqhash 0.2.8, the binding of Meta's C++, gives for the pictures drawn below.
REFERENCE = {
    (480, 640): ("ad55160ead5572e28d5c8aaa550aea5274b4796474cdf98986398dca071fe8b7", 100),
    (1000, 333): ("78e3e55dcb8e871caaaa552aa9527694792472697cc9f3398e1383068f0d7077", 100),
    (64, 64): ("96998f1e8f1e0e1e8f1e0f1e70e170e170e120628f1fe2aa8f1e8f1e8f1f70e2", 3),
    (100, 97): ("c2ca8f1ecf1e70e138e38f1ece1e70e0f1e38f1e8f1e70e070e30f1c8f1ef080", 23),
    (2400, 3001): ("20e10e1e003fc1f7870e8f1e0a3a78f375f5c382f5f330e11f1e8f1e871e70e1", 100),
}
TURNED = [
    "ad1dec0eb1f1ad0fad551551550a55a914b54e9b14c956745e3e171c57075fc4",
    "fcdffda4fc0ff84bf84b2000007fd0f821e1d3ce2199db33d36c2760524ac29d",
    "f84846a4e4a407a5f800bffb005fff0341e0ec31419cfcde1b6bbdb60252f56e",
    "ad55e9f1ad558d1d8d5c7555550a15ad74b4869b74cd067686397235071f1748",
    "f800435bf80027bfd849dfff005fbf0721e12c312198acdcd36cd89f524abde2",
    "ad1d13f1b1f152f0ad55eaae550aaa5614b5b96414c9a98b4e3ee8e35707a03b",
    "f959f95bfca4f95af810e004005f40fcc1e19bce439c8331bb6be249ba52bab1",
]
# vpdq's and pdq's own hashers decode and shrink otherwise; their tests allow 16 bits.
STATED = """
f8f8f0cce0f4e84d0e370a22028f67f0b36e2ed596623e1d33e6339c4e9c9b22 dih/bridge-1-original.jpg
b0a10efd71cc3f429413d48d0ffffe12e34e0e17ada952a9d29684210aa9e5af dih/bridge-2-rotate-90.jpg
f439d924da56a1d4c63973a56acfc926cd53d9341b18367d318666cf9b142649 exif-rotn/exif-rotn-1.jpg
3acfa3cfab36b95e39cfa0023946790af441f1417d850401f7616005ffc17ff2 exif-rotn/exif-rotn-3.jpg
cfb2009ddd21c6dab0846a7745b5984757a8a4535b3377aea2591d32b33ff840 labelme-subset/q0122.jpg
b150231ffae4710ffcf4f18bb574b109a576f14bb8543189f8743289f174b109 labelme-subset/q2821.jpg
1f811b9d2e7fbc6613c0c3f30e041f9df69b836303e10f067fcdfc12c02d01f9 pen-and-coaster.png
"""


def drawn(height: int, width: int):
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    tone = 128 + 60 * np.sin(x / 37 + y / 91) + 40 * np.cos(x * y / 9000) + 25 * np.sin(y / 13)
    tone[height // 5 : height // 2, width // 4 : width // 3] = 240
    return np.clip(tone, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("size", REFERENCE, ids=str)
def test_a_whole_picture_has_the_reference_s_bits_and_quality(size) -> None:
    found = pdq(drawn(*size))
    assert (found.value, found.quality) == REFERENCE[size]


def test_every_orientation_has_the_reference_s_bits_in_its_order() -> None:
    assert list(pdq(drawn(480, 640)).turned) == TURNED


def test_a_turned_picture_is_found_by_the_orientation_of_its_name() -> None:
    plane = drawn(480, 640)
    turned = (
        np.rot90(plane), np.rot90(plane, 2), np.rot90(plane, 3), plane[::-1], plane[:, ::-1],
        plane.T, plane[::-1, ::-1].T,
    )  # fmt: skip
    predicted = pdq(plane).turned
    for name, other, expected in zip(ORIENTATIONS, turned, predicted, strict=True):
        distances = [distance(pdq(other).value, value) for value in predicted]
        assert distance(pdq(other).value, expected) <= 16, name
        assert distances.index(min(distances)) == ORIENTATIONS.index(name)


@pytest.mark.parametrize(
    ("name", "value"), [(p[1], p[0]) for p in (line.split() for line in STATED.split("\n") if line)]
)
def test_the_reference_s_published_hashes_are_near(fixtures, name, value) -> None:
    file = fixtures / "pdq" / "pdq" / "reg-test-input" / name
    kind = "image/png" if file.suffix == ".png" else "image/jpeg"
    (picture,) = pictures(file.read_bytes(), kind)
    assert distance(pdq(picture.plane, picture.height, picture.width).value, value) <= 16


def test_a_picture_with_nothing_in_it_has_no_quality_and_is_a_simple_graphic() -> None:
    for tone in (0, 3, 128, 255):
        found = pdq(np.full((300, 200), tone, np.uint8))
        assert (found.quality, found.simple_graphic) == (0, True)


def test_a_drawing_on_white_is_flagged_and_a_full_picture_is_not() -> None:
    page = np.full((600, 600), 255, np.uint8)
    page[200:400, 200:400] = drawn(200, 200)
    assert pdq(page).simple_graphic
    assert not pdq(drawn(600, 600)).simple_graphic


def on_black(seed: int, shape) -> np.ndarray:
    """A textured shape on black, such as a disc that a lens drew."""
    y, x = np.mgrid[0:400, 0:400]
    texture = np.random.default_rng(seed).integers(120, 160, (400, 400))
    return np.where(shape(x, y), texture, 0).astype(np.uint8)


@pytest.mark.parametrize("shape", [
    lambda x, y: x**2 + y**2 < 330**2, lambda x, y: (x - 60) ** 2 + (y - 90) ** 2 < 250**2,
    lambda x, y: x + y > 300, lambda x, y: 3 * x > y + 500,
])  # fmt: skip
def test_a_silhouette_is_flagged_whatever_is_within(shape) -> None:
    one, two = pdq(on_black(1, shape)), pdq(on_black(2, shape))
    assert distance(one.value, two.value) <= 31
    assert one.simple_graphic
    assert two.simple_graphic
    bright = pdq(255 - on_black(1, shape))
    assert bright.simple_graphic


def test_light_and_dark_alone_do_not_make_a_graphic() -> None:
    y, x = np.mgrid[0:400, 0:400]
    halves = np.where(x < 200, 60.0, 180.0)
    full = halves + 25 * np.sin(x / 9) * np.cos(y / 13) + 20 * np.sin(y / 31)
    assert not pdq(full.astype(np.uint8)).simple_graphic


def boxed(lines: np.ndarray) -> np.ndarray:
    """Each line's running mean, with the reference's window and phase."""
    n = lines.shape[1]
    window = (n + 127) // 128
    half = (window + 2) // 2
    spans = [(max(0, at + half - window), min(n - 1, at + half - 1) + 1) for at in range(n)]
    return np.stack([lines[:, a:b].mean(axis=1) for a, b in spans], axis=1)


def sampled(plane: np.ndarray) -> np.ndarray:
    """The reference's way: two passes over each axis, then 64 samples of each."""
    for _ in range(2):
        plane = boxed(boxed(plane)).T
    rows, columns = (((np.arange(64) + 0.5) * side / 64).astype(int) for side in plane.shape)
    return plane[rows][:, columns]


@pytest.mark.parametrize("size", [(1000, 333), (64, 700), (5, 9), (70, 65), (63, 64), (1, 300)])
def test_matrices_give_what_two_passes_of_a_filter_give(size) -> None:
    plane = drawn(*size).astype(np.float64)
    assert np.allclose(luma64(drawn(*size), *size), sampled(plane), atol=2e-3)
