"""What the libraries that decode evidence make of a file: the same at every level of the sandbox.

Each library loads codecs, tables or threads when it first meets a file that asks
for them, which is after the lock-down. So they are run here as a reader runs them, and the verdict
with the hash of what came out is compared between the levels, as a test and on any other machine.
"""

import hashlib
import io
import os
import re
import warnings
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from typing import Any

from clew.sandbox.frames import Yielded

_FRAMES = 8
_ROWS = 10_000
_ADDRESS = re.compile(" at 0x[0-9a-f]+")
"""Where an object lies in memory is no part of a verdict."""


def decode(argument: dict[str, Any]) -> Iterator[Yielded]:
    """Task: decode one file with each library named; for each a verdict with a hash, or its error.

    The file comes in as the descriptor ``file``.
    """
    content = _all(argument["file"])
    verdicts: dict[str, Any] = {}
    for name in argument["libraries"]:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                verdicts[name] = f"ok {LIBRARIES[name](content)}"
        except Exception as error:  # noqa: BLE001 - the error is the verdict that is compared
            verdicts[name] = _ADDRESS.sub("", f"{type(error).__name__} {error}")[:200]
    yield verdicts


def installed() -> tuple[str, ...]:
    """The libraries that this installation has; what is not there can't be compared."""
    return tuple(name for name in LIBRARIES if find_spec(_MODULES[name]))


def _all(handle: int) -> bytes:
    with os.fdopen(os.dup(handle), "rb") as file:
        file.seek(0)
        return file.read()


def _sum(*parts: bytes | str) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part)
    return digest.hexdigest()


def _pillow(content: bytes) -> str:
    import pi_heif
    from PIL import Image

    pi_heif.register_heif_opener()
    with Image.open(io.BytesIO(content)) as image:
        image.load()
        return f"{image.format} {image.mode} {image.size} {_sum(image.tobytes())}"


def _simplejpeg(content: bytes) -> str:
    import simplejpeg

    pixels = simplejpeg.decode_jpeg(content, colorspace="RGB")
    return f"{pixels.shape} {_sum(pixels.tobytes())}"


def _pyav(content: bytes) -> str:
    import av

    with av.open(io.BytesIO(content), mode="r") as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        parts = []
        for frame in container.decode(stream):
            parts.append(frame.to_ndarray(format="rgb24").tobytes())
            if len(parts) == _FRAMES:
                break
        return f"{container.format.name} {len(parts)} {_sum(*parts)}"


def _numpy(content: bytes) -> str:
    import numpy as np

    values = np.frombuffer(content[: 1 << 16], np.uint8).astype(np.float64)
    side = int(len(values) ** 0.5)
    square = values[: side * side].reshape(side, side)
    return _sum(np.rint(square @ square.T).astype(np.int64).tobytes())


def _pypdf(content: bytes) -> str:
    import pypdf

    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return f"{len(pages)} {_sum(*(page.extract_text() for page in pages))}"


def _docx(content: bytes) -> str:
    import docx

    paragraphs = docx.Document(io.BytesIO(content)).paragraphs
    return f"{len(paragraphs)} {_sum(*(p.text for p in paragraphs))}"


def _openpyxl(content: bytes) -> str:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    rows = [repr(row) for sheet in book for row in sheet.iter_rows(max_row=_ROWS, values_only=True)]
    return f"{len(rows)} {_sum(*rows)}"


LIBRARIES: dict[str, Callable[[bytes], str]] = {
    "pillow": _pillow,
    "simplejpeg": _simplejpeg,
    "pyav": _pyav,
    "numpy": _numpy,
    "pypdf": _pypdf,
    "docx": _docx,
    "openpyxl": _openpyxl,
}
"""How a reader uses each of them, by name."""
_MODULES = {"pillow": "PIL", "pyav": "av"} | {
    name: name for name in ("simplejpeg", "numpy", "pypdf", "docx", "openpyxl")
}
