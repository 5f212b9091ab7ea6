"""The segments of a JPEG: its quantisation tables, its coding, and where its EXIF lies.

An encoder writes the same tables into every file of one setting, so that their hash groups files
by what wrote them last: a phone's camera, a messenger, an editor. It is no proof of either.

References:
    - ITU-T T.81, annex B: markers, DQT (B.2.4.1), SOF (B.2.2)

"""

import hashlib
from collections.abc import Iterator

from clew.facts.fingerprints.stated import Stated

_START, _TABLES, _SCAN, _END, _APP1 = 0xD8, 0xDB, 0xDA, 0xD9, 0xE1
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})
_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_NAMES = {0xC0: "baseline", 0xC1: "extended", 0xC2: "progressive", 0xC3: "lossless"}
_MOST = 2000
"""Segments that are looked at before the first scan."""


def segments(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Marker, offset and content of each segment before the first scan."""
    at = 2
    for _ in range(_MOST):
        at = data.find(b"\xff", at)
        if at < 0 or at + 4 > len(data):
            return
        marker = data[at + 1]
        if marker in {0xFF, 0x00} or marker in _ALONE:
            at += 1 if marker == 0xFF else 2  # fill bytes repeat
            continue
        if marker in {_SCAN, _END}:
            return
        length = int.from_bytes(data[at + 2 : at + 4])
        yield marker, at, data[at + 4 : at + 2 + length]
        at += 2 + max(length, 2)


def state(data: bytes, stated: Stated) -> tuple[int, bytes] | None:
    """Tell of a JPEG's coding, and return its EXIF with the offset at which it begins."""
    tables: dict[int, bytes] = {}
    exif = None
    for marker, at, content in segments(data):
        if marker == _TABLES:
            tables.update(_tables(content))
        elif marker in _FRAMES:
            _frame(marker, at, content, stated)
        elif marker == _APP1 and content.startswith(b"Exif\0\0") and exif is None:
            exif = at + 10, content[6:]
    if tables:
        stated.columns["quantisation_fingerprint"] = fingerprint(tables)
    return exif


def fingerprint(tables: dict[int, bytes]) -> str:
    """SHA-256 over each table's number and its 64 values of two bytes, in order of number."""
    digest = hashlib.sha256()
    for number in sorted(tables):
        digest.update(bytes([number]) + tables[number])
    return digest.hexdigest()


def _tables(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Number and values, each as two bytes, of the tables of one segment."""
    at = 0
    while at < len(content):
        wide, number = content[at] >> 4, content[at] & 15
        size = 128 if wide else 64
        values = content[at + 1 : at + 1 + size]
        if len(values) < size:
            return
        yield number, values if wide else b"".join(bytes((0, value)) for value in values)
        at += 1 + size


def _frame(marker: int, at: int, content: bytes, stated: Stated) -> None:
    coding = _NAMES.get(marker, f"SOF{marker - 0xC0}")
    parts = [content[i + 1] for i in range(6, min(len(content) - 2, 18), 3)]
    sampling = ",".join(f"{part >> 4}x{part & 15}" for part in parts)
    stated.tell(f"jpeg/{at}", "jpeg.coding", coding, "jpeg")
    stated.tell(f"jpeg/{at}", "jpeg.sampling", sampling, "jpeg")
