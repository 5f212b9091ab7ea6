"""Texts and EXIF of a PNG are told wherever they stand."""

import struct
import zlib

import pytest

from clew.facts.fingerprints import png
from clew.facts.fingerprints.stated import Stated


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", 0)


def told(*chunks: bytes) -> tuple[Stated, bytes | None]:
    stated = Stated()
    return stated, png.state(b"\x89PNG\r\n\x1a\n" + b"".join(chunks), stated)


@pytest.mark.parametrize("text", [
    chunk(b"tEXt", b"Software\0Program 1"),
    chunk(b"zTXt", b"Software\0\0" + zlib.compress(b"Program 1")),
    chunk(b"iTXt", b"Software\0\0\0en\0Programm\0Program 1"),
    chunk(b"iTXt", b"Software\0\1\0\0\0" + zlib.compress(b"Program 1")),
])  # fmt: skip
def test_a_text_is_told_with_its_place(text) -> None:
    stated, _ = told(chunk(b"IDAT", b"pixels"), text)
    (detail,) = stated.details
    assert (detail.locator, detail.property, detail.value) == (
        "png/26",
        "png.Software",
        "Program 1",
    )
    assert stated.columns == {"software": "Program 1"}


def test_exif_behind_the_pixels_is_found() -> None:
    assert told(chunk(b"IDAT", b"pixels"), chunk(b"eXIf", b"MM\0*"))[1] == b"MM\0*"


def test_a_place_is_told_as_a_place_alone() -> None:
    stated, _ = told(chunk(b"tEXt", b"GPSLatitude\0somewhere"))
    assert not stated.details
    assert [place.value_raw for place in stated.places] == ["somewhere"]


def test_what_is_packed_within_is_named_and_not_unfolded() -> None:
    stated, _ = told(chunk(b"iTXt", b"XML:com.adobe.xmp\0" + bytes(4) + b"<x>a place</x>"))
    assert [d.value for d in stated.details] == ["18 bytes"]


@pytest.mark.parametrize("broken", [
    b"\0\0", struct.pack(">I", 1 << 31) + b"tEXt", chunk(b"zTXt", b"a\0\0no"),
    chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(9 << 20))), chunk(b"iTXt", b""),
])  # fmt: skip
def test_what_is_broken_is_told_or_passed(broken) -> None:
    stated, exif = told(broken, chunk(b"eXIf", b"x"))
    assert len(repr(stated)) < 10_000
    assert exif in (None, b"x")
