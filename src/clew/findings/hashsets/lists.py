"""Plain lists: one hash a line, or as ``md5sum``, ``sha256sum`` and their BSD kin write them.

A line may begin with several digests that commas, semicolons or tabs part: they are one file's. A
PDQ fingerprint has as many digits as a SHA-256: a list of fingerprints is read as such only where
it is said to be one, but for vPDQ's lists of a video's frames, which no digest looks like.
"""

import re
from collections.abc import Iterator

from clew.findings.hashsets.entries import Entry, Format, Reading, entries_of
from clew.formats.hashes import DIGESTS, Hash, text_of

_BSD = re.compile(r"(?:MD5|SHA-?1|SHA2?-?256) ?\(.*\) ?= ?([0-9A-Fa-f]{32,64})", re.IGNORECASE)
_CELL = re.compile(r"\\?(?:0[xX])?([0-9A-Fa-f]{32,64})(\s.*)?")
_SUM = re.compile(r"((?:[0-9A-Fa-f]{8}){4}(?:[0-9A-Fa-f]{8}|[0-9A-Fa-f]{32})?)(?: +[^,;:|\s].*)?")
"""As nearly every line is: one digest, and perhaps a file's name after a blank."""
_PARTS = re.compile(r"[,;:|\t]")
_PDQ = re.compile(r"([0-9A-Fa-f]{64})(?:[\s,;|]+([0-9]{1,3})(?=[\s,;|]|$))?(?:[\s,;|].*)?")
_VPDQ = re.compile(r"(\d{1,9}),(\d{1,3}),([0-9A-Fa-f]{64}),(\d{1,9}(?:\.\d{1,9})?)", re.ASCII)
"""Number of the frame, quality, hash, seconds: as the reference writes them."""
_REMARKS = ("#", ";", "//", "%")
_BEST = 100


def _digest_lines(reading: Reading) -> Iterator[tuple[int, str]]:
    """Lines that say something, with their numbers."""
    for number, line in enumerate(reading.lines(), start=1):
        if text := _plain(line):
            yield number, text


def _plain(line: str) -> str:
    text = line.strip().strip("\ufeff\x00")
    return "" if text.startswith(_REMARKS) else text


def _read_list(reading: Reading) -> Iterator[Entry]:
    for number, text in _digest_lines(reading):
        if found := _digests(text):
            yield from entries_of(f"line {number}", found)
        else:
            reading.reject(f"line {number}", "no hash", text)


def _digests(text: str) -> list[Hash]:
    """The digests with which a line begins, one of each kind; what follows is a file's name."""
    if one := _SUM.fullmatch(text) or _BSD.fullmatch(text):
        kind = DIGESTS.get(len(one[1]))
        return [Hash(kind, one[1].lower())] if kind else []
    found: dict[str, Hash] = {}
    for part in _PARTS.split(text):
        cell = _CELL.fullmatch(part.strip().strip("\"'"))
        kind = cell and DIGESTS.get(len(cell[1]))
        if not cell or not kind or kind in found:
            break
        found[kind] = Hash(kind, cell[1].lower())
        if cell[2]:
            break
    return list(found.values())


def _read_fingerprints(reading: Reading) -> Iterator[Entry]:
    video, last = 1, -1
    for number, text in _digest_lines(reading):
        record = f"line {number}"
        if frame := _VPDQ.fullmatch(text):
            video, last = video + (int(frame[1]) <= last), int(frame[1])
            hashes = [Hash("pdq", frame[3].lower(), _quality(frame[2]))]
            at = round(float(frame[4]) * 1000)
            yield from entries_of(record, hashes, medium=str(video), at_ms=at)
        elif picture := _PDQ.fullmatch(text.strip("\"'")):
            yield from entries_of(record, [Hash("pdq", picture[1].lower(), _quality(picture[2]))])
        else:
            reading.reject(record, "no hash", text)


def _quality(text: str | None) -> int | None:
    return int(text) if text and int(text) <= _BEST else None


def _first(head: bytes) -> list[str]:
    return [text for line in text_of(head).splitlines() if (text := _plain(line))]


LIST = Format("list", lambda head: any(map(_digests, _first(head))), _read_list)
PDQ_LIST = Format(
    "pdq-list", lambda head: any(map(_VPDQ.fullmatch, _first(head)[:1])), _read_fingerprints
)
