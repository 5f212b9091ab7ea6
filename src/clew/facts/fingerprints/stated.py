"""What a file says of itself, gathered before it becomes rows."""

import unicodedata
from typing import Any

import msgspec

from clew.facts.fingerprints.results import NOWHERE
from clew.records import MediaDetail, MediaPlace

_LONGEST = 2000
_ODD = ("Cc", "Cs")


class Stated(msgspec.Struct):
    """All that one file says of itself; ``columns`` are those of ``media_files``."""

    columns: dict[str, Any] = {}
    details: list[MediaDetail] = []
    places: list[MediaPlace] = []

    def tell(self, locator: str, name: str, raw: Any, basis: str) -> str:
        """Keep a property, and return its value as text."""
        value = text(raw)
        self.details.append(
            MediaDetail(
                **NOWHERE, locator=locator, property=name, value=value, value_raw=as_found(raw),
                basis=basis,
            )
        )  # fmt: skip
        return value


def text(raw: Any) -> str:
    """A value as text: without the zeros and blanks that cameras pad with."""
    if isinstance(raw, bytes):
        ended = raw.split(b"\0", 1)[0]
        raw = ended.decode("utf-8", "backslashreplace") if ended else ""
    if isinstance(raw, tuple | list):
        raw = ", ".join(text(part) for part in raw[:32])
    cleaned = "".join(c for c in str(raw) if unicodedata.category(c) not in _ODD or c in "\n\t")
    return cleaned.strip()[:_LONGEST]


def as_found(raw: Any) -> str:
    """A value as it stands; bytes in hexadecimal."""
    if isinstance(raw, bytes):
        return f"x:{raw[:_LONGEST].hex()}"
    if isinstance(raw, tuple | list):
        return ", ".join(as_found(part) for part in raw[:32])
    found = str(raw).encode("utf-8", "backslashreplace").decode()
    return found.replace("\0", "\\x00")[:_LONGEST]
