"""A picture is decoded as little as its hash allows, and no less."""

import io
import os

import numpy as np
import pytest
from PIL import Image

from clew.facts.fingerprints import decode
from clew.facts.fingerprints.fingerprint_worker import fingerprint_files
from clew.facts.fingerprints.pdq import distance, pdq


def jpeg(seed: int, strength: float, texture: float) -> bytes:
    """Soft patches under texture so fine that a block's mean loses most of it."""
    chance = np.random.default_rng(seed)
    patches = Image.fromarray(chance.integers(0, 256, (12, 16)).astype(np.uint8))
    soft = np.asarray(patches.resize((1600, 1200), Image.Resampling.BICUBIC), np.float32) - 128
    fine = np.repeat(chance.normal(0, texture, (1200, 534)), 3, axis=1)[:, :1600]
    out = io.BytesIO()
    pixels = np.clip(128 + strength * soft + fine, 0, 255).astype(np.uint8)
    Image.fromarray(pixels).save(out, "JPEG", quality=80)
    return out.getvalue()


def looked_at(data: bytes, folder) -> dict:
    file = folder / "picture.jpg"
    file.write_bytes(data)
    handle = os.open(file, os.O_RDONLY)
    try:
        handed = [{"name": "one", "media_type": decode.JPEG}]
        (part,) = fingerprint_files({"handed": handed, "one": handle, "frames": "keyframes"})
    finally:
        os.close(handle)
    return part["rows"]["fingerprints"][0]


def whole(data: bytes) -> str:
    (picture,) = decode.pictures(data, decode.JPEG, decode.WHOLE)
    return pdq(picture.plane).value


@pytest.mark.parametrize("seed", range(8))
def test_what_texture_decides_is_decoded_finer_and_says_so(seed, tmp_path) -> None:
    data = jpeg(seed, 0.1, 20)
    (quick,) = decode.pictures(data, decode.JPEG)
    assert not pdq(quick.plane, quick.height, quick.width).sure
    face = looked_at(data, tmp_path)
    assert face["decode_path"].endswith("1/2 matched")
    assert distance(face["value"], whole(data)) <= 4


@pytest.mark.parametrize("seed", range(4))
def test_what_is_plain_to_see_is_decoded_once(seed, tmp_path) -> None:
    data = jpeg(seed, 0.9, 2)
    face = looked_at(data, tmp_path)
    assert face["decode_path"].endswith("1/4 matched")
    assert distance(face["value"], whole(data)) <= 4


def test_what_was_not_shrunk_is_always_sure() -> None:
    chance = np.random.default_rng(1)
    assert pdq(chance.integers(0, 256, (400, 300)).astype(np.uint8)).sure
