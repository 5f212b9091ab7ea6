"""Pictures to brightness: one decoder for each type, the smallest decode that still tells.

* JPEG is decoded as its own brightness, shrunk by 2, 4 or 8 while it is decoded; where the hash of
  that is not sure, once more at twice the size.
* All else is decoded whole by Pillow (HEIC by libheif), and weighed 0.299 R + 0.587 G + 0.114 B.
* What is transparent lies on white. A palette is looked up. 16 bit become 8 by their upper bits,
  and so do 32 bit that hold more than a byte; floats are cut to 0-255; CMYK goes to RGB, of LAB its
  lightness counts alone.
* The EXIF orientation is not applied, as the reference's tools don't; turned pictures are found
  by their other orientations. Turns that HEIF defines as part of the picture libheif applies.
* A GIF or another picture that moves gives its first and its middle frame; a HEIC with several
  pictures its main one and its middle one; a TIFF its first page, and whether there
  are more is reported.

No type is guessed by a library: each is opened by the one decoder of its signature, so that formats
that run programs (EPS, PDF, WMF) are never tried.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from io import BytesIO
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import simplejpeg

from clew.facts.fingerprints import kinds
from clew.facts.fingerprints.pdq import Plane
from clew.words.reasons import Unreadable

if TYPE_CHECKING:
    from PIL import Image

JPEG, HEIC, TIFF = "image/jpeg", "image/heic", "image/tiff"
MOST_PIXELS = 100_000_000
"""Pixels that are decoded at most; a larger JPEG is decoded shrunk."""
QUICK, FINE, WHOLE = 256, 512, 0
"""Pixels that either side of a JPEG keeps at least: at the first look, where the hash of that is
not sure, and where nothing is shrunk."""
_MOST_FRAMES = 10_000
_WEIGHTS = np.array([0.299, 0.587, 0.114], np.float32)
_ADDRESS = re.compile(r" at 0x[0-9a-f]+")
"""Address in memory of an object that a library names in its message: another one in every run."""
_SIMPLEJPEG = f"simplejpeg {version('simplejpeg')}"


class Undecodable(Unreadable):
    """A picture or video can't be decoded, or not to its end."""


class Picture(msgspec.Struct, frozen=True):
    """A decoded picture or frame."""

    plane: Plane
    height: int
    """Full height, before it was shrunk."""
    width: int
    path: str
    """How it was decoded."""
    frame: int | None = None
    at_ms: int | None = None
    stream: int | None = None
    """Of a video: its stream, where that is not the first film."""
    turned: bool = True
    """Whether its other orientations are asked for."""


def pictures(data: bytes, media_type: str, least: int = QUICK) -> Iterator[Picture]:
    """The picture, or the frames that stand for one that moves; raises Undecodable.

    A JPEG keeps ``least`` pixels of either side; all else is decoded whole.
    """
    if media_type == JPEG:
        yield from _jpeg(data, least)
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield from _by_pillow(data, media_type)


def _jpeg(data: bytes, least: int) -> Iterator[Picture]:
    try:
        height, width, space, _ = simplejpeg.decode_jpeg_header(data, strict=False)
    except (ValueError, KeyError):  # such as an odd subsampling, which Pillow may take, or none
        space = ""
    if space in {"", "CMYK", "YCCK"}:
        yield from _by_pillow(data, JPEG)
        return
    keeps = {"min_height": least, "min_width": least, "min_factor": 1, "strict": False}
    _refuse_large(*simplejpeg.decode_jpeg_header(data, **keeps)[:2])
    try:
        plane, note = _gray(data, least, strict=True), ""
    except ValueError:
        try:
            plane, note = _gray(data, least, strict=False), " partial"
        except ValueError as error:
            raise Undecodable("damaged", cause=error) from error
    eighths = max(round(8 * plane.shape[0] / height), 1)
    scale = "1/1" if plane.shape == (height, width) else f"{eighths}/8 matched"
    scale = {"4/8 matched": "1/2 matched", "2/8 matched": "1/4 matched"}.get(scale, scale)
    yield Picture(plane, height, width, f"{_SIMPLEJPEG} {scale}{note}")
    if note:
        raise Undecodable("partial")


def _gray(data: bytes, least: int, *, strict: bool) -> Plane:
    plane: Plane = simplejpeg.decode_jpeg(
        data, "GRAY", min_height=least, min_width=least, strict=strict
    )
    return plane[:, :, 0]


def _by_pillow(data: bytes, media_type: str) -> Iterator[Picture]:
    with _opened(data, media_type) as image:
        _refuse_large(image.height, image.width)
        yield from _frames(image, media_type)


@contextmanager
def _opened(data: bytes, media_type: str) -> Iterator[Image.Image]:
    """A picture as Pillow opens it; what goes wrong with it is that it can't be decoded."""
    from PIL import Image, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = None  # bounded here, where it is reported and not warned of
    if media_type == HEIC:
        import pi_heif

        pi_heif.register_heif_opener(thumbnails=False)
    try:
        with Image.open(BytesIO(data), formats=kinds.PICTURES[media_type]) as image:
            yield image
    except (Undecodable, MemoryError):
        raise
    except UnidentifiedImageError as error:
        raise Undecodable("damaged:header") from error
    except Exception as error:
        cause = _ADDRESS.sub("", f"{type(error).__name__}: {error}")[:200]
        raise Undecodable("damaged", cause=cause) from error


def _frames(image: Image.Image, media_type: str) -> Iterator[Picture]:
    """What is shown first; of a picture that moves, or holds several, the middle one too.

    The first is decoded before the file is asked how many there are: it may be torn further on.
    """
    path = _library(media_type)
    first = image.tell()
    plane = brightness(image)
    shown = Picture(plane, plane.shape[0], plane.shape[1], f"{path} {image.mode}")
    try:
        count = min(getattr(image, "n_frames", 1), _MOST_FRAMES)
    except Exception:
        yield shown
        raise
    if count == 1 or media_type == TIFF:
        yield shown
        if count > 1:
            raise Undecodable("limit:pages", pages=count, read=1)
        return
    yield msgspec.structs.replace(shown, frame=first, at_ms=None if media_type == HEIC else 0)
    if (middle := count // 2) != first:
        yield _later(image, middle, path, still=media_type == HEIC)


def _later(image: Image.Image, frame: int, path: str, *, still: bool) -> Picture:
    """A later frame, and when it is shown: as its format says, or after those before it."""
    at_ms = 0
    for passed in range(frame):
        image.seek(passed)
        at_ms += int(image.info.get("duration") or 0)
    image.seek(frame)
    _refuse_large(image.height, image.width)
    plane = brightness(image)
    at_ms = int(image.info.get("timestamp", at_ms))
    shown = f"{path} {image.mode}"
    return Picture(plane, plane.shape[0], plane.shape[1], shown, frame, None if still else at_ms)


def brightness(image: Image.Image) -> Plane:
    """Brightness of a picture of any mode of Pillow's; what is transparent is white."""
    image.load()  # only then a format's reader knows the mode, and what is transparent
    mode = image.mode
    if mode.startswith("I;16"):
        return _sixteen_bits(image)
    if mode in {"I", "F"}:
        return _wide(np.asarray(image, np.float32), mode)
    if mode == "LAB":
        return np.ascontiguousarray(np.asarray(image)[:, :, 0])
    if mode in {"L", "1"} and "transparency" not in image.info:
        return np.asarray(image.convert("L"))
    return _weighed(np.asarray(_on_white(image)))


def _sixteen_bits(image: Image.Image) -> Plane:
    values = np.asarray(image).astype(np.uint32)
    plane: Plane = (values >> 8).astype(np.uint8)
    if isinstance(clear := image.info.get("transparency"), int):
        plane[values == clear] = 255
    return plane


def _wide(values: Any, mode: str) -> Plane:
    """32-bit brightness; integers above a byte's hold 16 bits, as PNG and TIFF give them."""
    if mode == "I" and values.size and values.max() > 255:  # a byte's
        values = values / 256
    plane: Plane = np.clip(np.nan_to_num(values), 0, 255).astype(np.float32)
    return plane


def _on_white(image: Image.Image) -> Image.Image:
    """As RGB; what is transparent lies on white."""
    from PIL import Image as Images

    see_through = "A" in image.getbands() or "a" in image.getbands() or "transparency" in image.info
    if not see_through:
        return image.convert("RGB")
    rgba = image.convert("RGBA")
    white = Images.new("RGBA", rgba.size, "white")
    return Images.alpha_composite(white, rgba).convert("RGB")


def _weighed(rgb: Any) -> Plane:
    """Brightness of RGB pixels, some rows at a time, so that no copy in floats is whole."""
    plane: Plane = np.empty(rgb.shape[:2], np.float32)
    step = max((1 << 20) // max(rgb.shape[1], 1), 1)
    for top in range(0, rgb.shape[0], step):
        plane[top : top + step] = rgb[top : top + step].astype(np.float32) @ _WEIGHTS
    return plane


def colours(data: bytes, media_type: str, height: int, width: int) -> tuple[Any, str]:
    """A picture's colours as red, green and blue bytes, no smaller than asked where it is larger.

    The path of its decode stands beside them. Of a picture that moves it is the first frame.
    """
    if media_type == JPEG:
        try:
            least = {"min_height": height, "min_width": width, "strict": False}
            _refuse_large(*simplejpeg.decode_jpeg_header(data, min_factor=1, **least)[:2])
            return simplejpeg.decode_jpeg(data, "RGB", **least), f"{_SIMPLEJPEG} RGB"
        except (ValueError, KeyError):
            pass  # such as CMYK or an odd subsampling, which Pillow may take
    with warnings.catch_warnings(action="ignore"), _opened(data, media_type) as image:
        _refuse_large(image.height, image.width)
        if image.mode in {"L", "1", "I", "F", "LAB"} or image.mode.startswith("I;16"):
            gray = brightness(image).astype(np.uint8)
            return np.repeat(gray[:, :, None], 3, axis=2), f"{_library(media_type)} {image.mode}"
        return np.asarray(_on_white(image)), f"{_library(media_type)} {image.mode}"


def _refuse_large(height: int, width: int) -> None:
    if height <= 0 or width <= 0:
        raise Undecodable("damaged:size", width=width, height=height)
    if height * width > MOST_PIXELS:
        raise Undecodable("limit:pixels", width=width, height=height)


def _library(media_type: str) -> str:
    if media_type == HEIC:
        return f"pi-heif {version('pi-heif')}"
    return f"Pillow {version('pillow')}"


def exif_block(data: bytes, media_type: str) -> bytes | None:
    """The EXIF of a picture that is no JPEG, if it has any; None also where it can't be opened.

    Raises Undecodable where the picture can be opened and its EXIF can't be read.
    """
    from PIL import Image

    if media_type == HEIC:
        import pi_heif

        pi_heif.register_heif_opener(thumbnails=False)
    with warnings.catch_warnings(action="ignore"):
        try:
            image = Image.open(BytesIO(data), formats=kinds.PICTURES[media_type])
        except Exception:
            return None
        with image:
            try:
                tiff = media_type == TIFF
                block = image.getexif().tobytes() if tiff else image.info.get("exif")
            except Exception as error:
                raise Undecodable("damaged", cause=_ADDRESS.sub("", f"{error!r}")) from error
    return block if isinstance(block, bytes) else None
