"""Builders that tests of several modules share, on stated."""

import io

import numpy as np
from PIL import Image


def saved(quality: int, **more) -> bytes:
    pixels = np.random.default_rng(3).integers(0, 256, (40, 60, 3)).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=quality, **more)
    return out.getvalue()
