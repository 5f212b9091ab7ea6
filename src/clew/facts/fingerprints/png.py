"""The chunks of a PNG that say something of it: texts, and EXIF wherever it stands.

Programs that take screenshots, draw or generate pictures write their name and settings into texts.
EXIF may stand behind the pixels, where a library that only opens a picture does not look.

References:
    - W3C, Portable Network Graphics (third edition): 5.3 chunks, 11.3.3 tEXt, zTXt, iTXt, eXIf

"""

import re
import zlib
from collections.abc import Iterator

from clew.facts.fingerprints.results import NOWHERE
from clew.facts.fingerprints.stated import Stated, as_found
from clew.records import MediaPlace

_SIGNATURE = 8
_MOST = 10_000
"""Chunks that are looked at; the pixels of a large picture lie in some thousand."""
_MOST_TEXT = 1 << 20
_LARGE = re.compile(r"XML:com\.adobe\.xmp|Raw profile type ")
"""Packed metadata of other formats: named and not unfolded."""
_AT_A_PLACE = re.compile(r"location|gps|latitude|longitude|coordinates", re.IGNORECASE)


def chunks(data: bytes) -> Iterator[tuple[bytes, int, bytes]]:
    """Name, offset and content of each chunk, to the first that is not whole."""
    at = _SIGNATURE
    for _ in range(_MOST):
        length = int.from_bytes(data[at : at + 4])
        if at + 12 + length > len(data):
            return
        yield data[at + 4 : at + 8], at, data[at + 8 : at + 8 + length]
        at += 12 + length


def state(data: bytes, stated: Stated) -> bytes | None:
    """Tell of the texts of a PNG, and return its EXIF, if it has any."""
    exif = None
    for name, at, content in chunks(data):
        if name == b"eXIf":
            exif = exif or content
        elif name in {b"tEXt", b"zTXt", b"iTXt"}:
            _text(name, at, content, stated)
    return exif


def _text(name: bytes, at: int, content: bytes, stated: Stated) -> None:
    raw, _, rest = content.partition(b"\0")
    keyword = raw.decode("latin-1")
    locator = f"png/{at}"
    if _LARGE.match(keyword):
        stated.tell(locator, f"png.{keyword}", f"{len(rest)} bytes", "png")
        return
    try:
        text = _unpacked(name, rest)
    except (zlib.error, ValueError) as error:
        text = f"it can't be read: {error}"
    if _AT_A_PLACE.search(keyword):
        stated.places.append(
            MediaPlace(**NOWHERE, locator=locator, value_raw=as_found(text), basis="png")
        )
        return
    value = stated.tell(locator, f"png.{keyword}", text, "png")
    if value and keyword == "Software":
        stated.columns.setdefault("software", value)


def _unpacked(name: bytes, rest: bytes) -> str:
    """The text of a chunk after its keyword."""
    if name == b"tEXt":
        return rest.decode("latin-1")
    if name == b"zTXt":
        return _inflated(rest[1:]).decode("latin-1")
    packed = rest[:1] == b"\x01"
    _, _, rest = rest[2:].partition(b"\0")
    _, _, text = rest.partition(b"\0")
    return (_inflated(text) if packed else text).decode("utf-8", "backslashreplace")


def _inflated(packed: bytes) -> bytes:
    return zlib.decompressobj().decompress(packed, _MOST_TEXT)
