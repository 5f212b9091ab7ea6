"""What the readers of hash sets have in common: entries, and what could not be taken in."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

import msgspec

from clew.casefile.engine import Progress

DIGITS = {"md5": 32, "sha1": 40, "sha256": 64, "pdq": 64}
"""Hexadecimal digits of each kind of hash."""
_HEX = re.compile(r"[0-9a-f]+")
_PHOTODNA_BYTES = 144
_SHOWN = 2000


class Entry(msgspec.Struct, kw_only=True, gc=False):
    """One entry, as a reader gives it; the columns of ``known_hashes`` say what each means."""

    record: str
    md5: str | None = None
    sha1: str | None = None
    sha256: str | None = None
    pdq: str | None = None
    pdq_quality: int | None = None
    photodna: str | None = None
    scheme: str | None = None
    country: str | None = None
    scheme_version: str | None = None
    code: str | None = None
    medium: str | None = None
    at_ms: int | None = None
    deleted: bool = False
    disputed: int | None = None
    details: str | None = None

    @property
    def hashes(self) -> int:
        """How many hashes it has."""
        found = (self.md5, self.sha1, self.sha256, self.pdq, self.photodna)
        return sum(h is not None for h in found)


class Reading:
    """A set's file being read: it hears how far the reader is and what could not be taken in."""

    def __init__(
        self, file: Path, quarantine: IO[bytes], progress: Progress, country: str | None = None
    ) -> None:
        self.file = file
        self.country = country
        """Country of the categories as the caller states it, where the file does not."""
        self.rejected = 0
        self._quarantine = quarantine
        self._progress = progress

    def reject(self, place: str, reason: str, text: str) -> None:
        """Keep what could not be taken in, with its place."""
        self.rejected += 1
        kept = {"place": place, "reason": reason, "text": text[:_SHOWN]}
        self._quarantine.write(msgspec.json.encode(kept) + b"\n")

    def advance(self, amount: int) -> None:
        """So many bytes of the file are read."""
        self._progress.advance(amount)

    def chunks(self, size: int = 1 << 20) -> Iterator[bytes]:
        """The file's bytes, in order."""
        with self.file.open("rb") as handle:
            while chunk := handle.read(size):
                yield chunk
                self.advance(len(chunk))

    def lines(self) -> Iterator[str]:
        """The file's lines as text; bytes that are no text are written out."""
        with self.file.open(encoding=_encoding(self.file), errors="backslashreplace",
                            newline="") as lines:  # fmt: skip
            for line in lines:
                yield line
                self.advance(len(line))


class Format(msgspec.Struct, frozen=True):
    """One format of hash sets."""

    name: str
    told_by: Callable[[bytes], bool]
    """Whether the first 64 KiB of a file are of this format."""
    read: Callable[[Reading], Iterator[Entry]]


def digest(kind: str, text: Any) -> str | None:
    """A hash of this kind in lower case, or None where the text is none."""
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


def said(details: dict[str, Any]) -> str | None:
    """What else a record says, as JSON."""
    return msgspec.json.encode(details).decode() if details else None


def _encoding(file: Path) -> str:
    with file.open("rb") as handle:
        head = handle.read(2)
    return "utf-16" if head in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
