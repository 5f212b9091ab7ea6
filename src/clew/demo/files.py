"""The files that are shared: drawn and benign, or hashes alone.

Of one content all files show the same drawing; a variant is the drawing encoded anew.
"""

import hashlib
import io
from random import Random

import msgspec

from clew.demo.parameters import Media
from clew.errors import UsageError, installing

_SIZE = (320, 240)
_SAMPLE = 400


class File(msgspec.Struct, frozen=True):
    """A file as the messenger knows it."""

    sha256: str
    uploaded: str
    """Hash of the encrypted upload."""
    size: int
    width: int
    height: int
    data: bytes | None = None
    """Its bytes, where it was drawn."""


class Files:
    """Makes the file of each variant, the same at every call."""

    def __init__(self, seed: int, media: Media, origin: dict[int, tuple[int, int]]) -> None:
        self.media = media
        self._seed, self._origin = seed, origin
        self._made: dict[int, File] = {}

    def of(self, variant: int) -> File:
        """The file of a variant."""
        if variant not in self._made:
            self._made[variant] = self._make(variant)
        return self._made[variant]

    def _make(self, variant: int) -> File:
        content, generation = self._origin[variant]
        uploaded = _digest(f"{self._seed} upload {variant}")
        if self.media == Media.NONE or (self.media == Media.SAMPLE and content >= _SAMPLE):
            chance = Random(f"{self._seed} size {variant}")
            size = chance.randrange(40_000, 400_000)
            return File(_digest(f"{self._seed} file {variant}"), uploaded, size, *_SIZE)
        data = _draw(f"{self._seed} content {content}", generation, variant)
        return File(hashlib.sha256(data).hexdigest(), uploaded, len(data), *_SIZE, data)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _draw(content: str, generation: int, variant: int) -> bytes:
    """A drawing of a content, encoded worse with each generation."""
    try:
        from PIL import Image, ImageDraw
    except ImportError as error:
        raise UsageError(
            "drawing the demo's pictures needs Pillow", do=f"Install it: {installing('demo')}"
        ) from error

    chance = Random(content)
    image = Image.linear_gradient("L").resize(_SIZE).rotate(chance.randrange(360))
    image = Image.merge("RGB", [image, image.rotate(90), image.rotate(200)])
    pen = ImageDraw.Draw(image)
    for _ in range(14):
        x, y = chance.randrange(_SIZE[0]), chance.randrange(_SIZE[1])
        box = (x, y, x + chance.randrange(20, 120), y + chance.randrange(20, 120))
        pen.ellipse(box, fill=tuple(chance.randrange(256) for _ in range(3)))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=max(40, 90 - 7 * generation), comment=b"%d" % variant)
    return out.getvalue()
