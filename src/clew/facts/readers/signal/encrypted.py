"""What Signal keeps encrypted: recognised by name and by first bytes, reported, and never read."""

import math
import re
from collections import Counter

from clew.facts.reader_api import Found, Probe

KIND = "signal.encrypted"
_KEY_FILE = "signal.desktop.key"
FILES = ("*.backup", "signal.sqlite", "signal.db", "db.sqlite", "config.json", "main", "metadata")
_LOOKED_AT = 1 << 16
_RANDOM = 7.9
"""Bits in a byte from which a file looks random, over 64 KiB; a database has far fewer."""
_SMALLEST = 4096
_LOCAL_BACKUP = re.compile(r"signal-backup-[0-9-]+/(main|metadata)$")
_OF_SIGNAL = re.compile(
    r"(^|[^a-z])(org\.thoughtcrime\.securesms|org\.whispersystems\.signal|signal)", re.IGNORECASE
)
_DESKTOP_KEY = re.compile(rb'"(encryptedKey|key)"\s*:\s*"[0-9a-fA-F]{64,}"')
CODES = {KIND: "encrypted", _KEY_FILE: "key_file"}
"""What each kind of file is reported as; none of them is read."""


def probe(found: Found) -> Probe | None:
    """Whether a file is one of Signal's encrypted ones, or the settings that hold a key."""
    with found.open() as file:
        head = file.read(_LOOKED_AT)
    name = found.name.casefold()
    if name == "config.json":
        return Probe(_KEY_FILE, 0.8) if _DESKTOP_KEY.search(head) else None
    if _is_backup(head) or _LOCAL_BACKUP.search(found.path.casefold()):
        return Probe(KIND, 0.9)
    by_name = name in ("signal.sqlite", "signal.db", "db.sqlite") and _OF_SIGNAL.search(found.path)
    if by_name and len(head) >= _SMALLEST and _entropy(head) >= _RANDOM - _margin(head):
        return Probe(KIND, 0.9)
    if name.startswith("signal") and name.endswith(".backup"):
        return Probe(KIND, 0.7)
    return None


def _is_backup(head: bytes) -> bool:
    """Whether a file begins as Signal's backups on Android do: a frame with an IV and a salt.

    Length (four bytes), a frame whose first field holds an IV of 16 and a salt of 32 bytes
    (Backups.proto).
    """
    length = int.from_bytes(head[:4], "big")
    frame = head[4 : 4 + length]
    return (
        0 < length < 256  # such a frame has some sixty bytes
        and len(frame) == length
        and frame[:1] == b"\x0a"
        and frame[2:4] == b"\x0a\x10"
        and frame[20:22] == b"\x12\x20"
    )


def _entropy(data: bytes) -> float:
    """Bits in a byte."""
    total = len(data)
    return -sum(n / total * math.log2(n / total) for n in Counter(data).values())


def _margin(data: bytes) -> float:
    """What few bytes lack to eight bits a byte even where they are random."""
    return 255 / (2 * math.log(2) * len(data))
