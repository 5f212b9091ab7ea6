"""Plain lists: one hash a line, or as ``md5sum``, ``sha256sum`` and their BSD kin write them.

A PDQ fingerprint has as many digits as a SHA-256: a list of fingerprints is read as such only
where it is said to be one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from clew.findings.hashsets.entries import Entry, Format, Reading

_LENGTHS = {32: "md5", 40: "sha1", 64: "sha256"}
_BSD = re.compile(r"(?:MD5|SHA-?1|SHA-?256) ?\(.*\) ?= ?([0-9A-Fa-f]{32,64})$", re.IGNORECASE)
_PLAIN = re.compile(r"([0-9A-Fa-f]{32,64})(?:[ \t]+\*?.*)?$")


def _read_list(reading: Reading) -> Iterator[Entry]:
    yield from _entries(reading, _LENGTHS)


def _read_fingerprints(reading: Reading) -> Iterator[Entry]:
    yield from _entries(reading, {64: "pdq"})


def _entries(reading: Reading, lengths: dict[int, str]) -> Iterator[Entry]:
    for number, line in enumerate(reading.lines(), start=1):
        text = line.strip().strip('"')
        if not text or text.startswith("#"):
            continue
        found = _PLAIN.match(text.partition(",")[0].strip().strip('"')) or _BSD.match(text)
        kind = found and lengths.get(len(found[1]))
        if found and kind:
            yield Entry(record=f"line {number}", **{kind: found[1].lower()})  # type: ignore[arg-type]
        else:
            reading.reject(f"line {number}", "no hash", text)


LIST = Format("list", lambda _: True, _read_list)
PDQ_LIST = Format("pdq-list", lambda _: False, _read_fingerprints)
