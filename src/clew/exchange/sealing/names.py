"""Names of files that mean one file on every machine: what a package may hold, and nothing else."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

LONGEST = 100
"""Bytes of the longest name within the archive: what every tar has room for without extensions."""
MOST = 100_000
"""Most files in a package."""
_PART = re.compile(r"[^/\\:*?\"<>|\x00-\x1f\x7f]+")
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
"""Names that Windows keeps for devices."""


def unsafe(name: str) -> str | None:
    """What is wrong with a name, in a word or two; None of a safe one.

    >>> unsafe("data/tables/persons.parquet")
    >>> unsafe("data/../../etc/passwd")
    'leads elsewhere'
    """
    parts = name.split("/")
    if any(part in ("", ".", "..") or part[0] == "~" for part in parts):
        return "leads elsewhere"
    if len(name.encode("utf-8", "surrogatepass")) > LONGEST:
        return f"longer than {LONGEST} bytes"
    if unicodedata.normalize("NFC", name) != name or not name.isprintable():
        return "not in one form of Unicode"
    if not all(_PART.fullmatch(part) for part in parts):
        return "a character that some machines refuse"
    if any(_RESERVED.fullmatch(part) or part[-1] in ". " for part in parts):
        return "means another file on some machines"
    return None


def folded(name: str) -> str:
    """A name as a disk sees it that knows neither case nor forms of Unicode."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKD", name).casefold())


def colliding(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Names that are, on some disk, the file or folder of an earlier one, each with that one."""
    files: dict[str, str] = {}
    folders: dict[str, str] = {}
    for name in names:
        key = folded(name)
        above = [key[:at] for at, sign in enumerate(key) if sign == "/"]
        met = files.get(key) or folders.get(key)
        met = met or next((files[folder] for folder in above if folder in files), None)
        if met is not None:
            yield name, met
        files.setdefault(key, name)
        folders.update((folder, name) for folder in above)
