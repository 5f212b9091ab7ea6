"""Benign pictures: gradients and shapes, some again in other quality, as a messenger re-encodes."""

from __future__ import annotations

import hashlib
import io
import random

import msgspec

from clew.errors import UsageError

SIZE = (480, 360)


class Picture(msgspec.Struct, frozen=True):
    """A picture file."""

    data: bytes
    sha256: str


def draw_all(count: int, seed: int) -> list[Picture]:
    """Draw pictures; every eighth is an earlier one in other quality."""
    try:
        from PIL import Image, ImageDraw
    except ImportError as error:
        raise UsageError(
            "drawing the demo's pictures needs Pillow", do="pip install 'clew[demo]'"
        ) from error
    drawn: list[Picture] = []
    images: list[Image.Image] = []
    for number in range(count):
        again = number % 8 == 7
        if again:
            image = images[number - 5]
        else:
            chance = random.Random(f"{seed}/{number}")  # noqa: S311 - a drawing, not a secret
            image = Image.linear_gradient("L").resize(SIZE).rotate(chance.randrange(360))
            image = Image.merge("RGB", [image, image.rotate(90), image.rotate(200)])
            pen = ImageDraw.Draw(image)
            for _ in range(14):
                x, y = chance.randrange(SIZE[0]), chance.randrange(SIZE[1])
                box = (x, y, x + chance.randrange(20, 160), y + chance.randrange(20, 160))
                pen.ellipse(box, fill=tuple(chance.randrange(256) for _ in range(3)))
        images.append(image)
        held = io.BytesIO()
        image.save(held, "JPEG", quality=62 if again else 88)
        data = held.getvalue()
        drawn.append(Picture(data, hashlib.sha256(data).hexdigest()))
    return drawn
