"""Hashes and encodings as files of others state them."""

import base64
import binascii
import codecs
import re
from typing import Any

import msgspec

DIGITS = {"md5": 32, "sha1": 40, "sha256": 64, "pdq": 64}
"""Hexadecimal digits of each kind of hash."""
DIGESTS = {32: "md5", 40: "sha1", 64: "sha256"}
"""Kind of a digest, by how many digits it has."""
_HEX = re.compile(r"[0-9a-f]+")
_PHOTODNA_BYTES = 144
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Hash(msgspec.Struct, gc=False):
    """One hash of a record."""

    kind: str
    """Such as ``md5``: a column of ``known_hashes``."""
    value: str
    quality: int | None = None
    """Of a PDQ, where it is stated."""


def digest(kind: str, text: Any) -> str | None:
    """A hash of this kind in lower case, or None where the text is none."""
    if kind == "photodna":
        return photodna(text)
    if not isinstance(text, str):
        return None
    plain = text.strip().lower()
    fits = len(plain) == DIGITS[kind] and _HEX.fullmatch(plain)
    return plain if fits else None


def photodna(text: Any) -> str | None:
    """A PhotoDNA value in hexadecimal, from base64 or hexadecimal; None where it is not whole."""
    if not isinstance(text, str):
        return None
    plain = text.strip()
    try:
        value = (
            bytes.fromhex(plain)
            if len(plain) == 2 * _PHOTODNA_BYTES
            else base64.b64decode(plain, validate=True)
        )
    except (ValueError, binascii.Error):
        return None
    return value.hex() if len(value) == _PHOTODNA_BYTES else None


def encoding_of(head: bytes) -> str:
    """How a file's text is encoded, by its first four bytes; UTF-16 comes without a mark too."""
    if head[:2] in _UTF_16:
        return "utf-16"
    zeros = tuple(byte == 0 for byte in head[:4])
    if zeros == (False, True, False, True):
        return "utf-16-le"
    return "utf-16-be" if zeros == (True, False, True, False) else "utf-8-sig"


def text_of(head: bytes) -> str:
    """The beginning of a file as text."""
    return head.decode(encoding_of(head), "replace")
