"""What the sets of a case know of one hash or one file."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from clew.casefile import Case
from clew.errors import UsageError
from clew.findings.hashsets.entries import readable
from clew.findings.hashsets.known import WIDTHS, KnownSet, as_bytes, as_hex, known_sets, withdrawn
from clew.formats.hashes import DIGITS, photodna
from clew.records.perceptual import NEAR

_OPEN = ("medium", "details", "md5", "sha1", "sha256", "pdq", "photodna")
"""What is said of an entry only where its set is not restricted."""


def check(case: Case, asked: str) -> list[dict[str, Any]]:
    """Every entry of every set that has a hash, a near fingerprint, or a file's digests."""
    wanted = _wanted(asked)
    sets = known_sets(case)
    gone = withdrawn(sets)
    return [row for one in sets for row in _of_set(one, wanted, gone[one.set, one.version])]


def _wanted(asked: str) -> dict[str, str]:
    """The hashes to look up, by kind: 64 digits may be a SHA-256 or a fingerprint."""
    if value := photodna(asked):
        return {"photodna": value}
    if _is_file(asked):
        with readable(Path(asked)), Path(asked).open("rb") as file:
            digests = {}
            for kind in ("md5", "sha1", "sha256"):
                file.seek(0)
                digests[kind] = hashlib.file_digest(file, kind).hexdigest()
        return digests
    plain = asked.strip().lower()
    kinds = [kind for kind, digits in DIGITS.items() if len(plain) == digits]
    if not kinds or not set(plain) <= set("0123456789abcdef"):
        raise UsageError(
            f"{asked!r} is no file and no hash",
            do="Give a file, or an MD5, SHA-1, SHA-256 or PDQ in hexadecimal, or a PhotoDNA value.",
        )
    return dict.fromkeys(kinds, plain)


def _is_file(asked: str) -> bool:
    try:
        return Path(asked).is_file()
    except (OSError, ValueError):  # too long for a path, or no text of one
        return False


def _of_set(
    one: KnownSet, wanted: dict[str, str], withdrawn_media: set[str]
) -> Iterator[dict[str, Any]]:
    listed: set[str] = set()
    for kind, value in wanted.items():
        distances = {value: 0}
        asked = as_bytes(pa.array([value]), WIDTHS[kind]) if kind in WIDTHS else None
        if asked is None:
            pass  # PhotoDNA has no index: the entries are asked
        elif kind == "pdq":
            found = one.near.search(asked, NEAR)
            known = as_hex(one.fingerprints[found.entry])
            distances = dict(zip(known, found.distance.tolist(), strict=True))
        elif not one.has(kind, asked)[0]:
            continue
        for entry in one.entries(kind, pa.array(sorted(distances), pa.string())).to_pylist():
            if entry["record"] in listed:
                continue
            listed.add(entry["record"])
            more = {} if one.restricted else {n: entry[n] for n in _OPEN}
            yield {
                "set": one.set, "version": one.version, "kind": one.kind,
                "restricted": one.restricted, "record": entry["record"], "algorithm": kind,
                "distance": distances[entry[kind]], "category": entry["category"],
                "disputed": entry["disputed"],
                "withdrawn": entry["medium"] in withdrawn_media, **more,
            }  # fmt: skip
