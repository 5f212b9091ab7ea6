"""CSV whose header names its columns: of one's own, and as INTERPOL's ICSE database writes it.

ICSE separates by semicolons and writes flags as y, n, yes, no, true or false; its columns differ
from year to year, so each is found by its name, and what is not a hash is kept as it stands.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from clew.findings.hashsets.entries import DIGITS, Entry, Format, Reading, digest, photodna, said

_COLUMNS = {
    "md5": "md5", "sha1": "sha1", "sha-1": "sha1", "sha256": "sha256", "sha-256": "sha256",
    "pdq": "pdq", "pdq_quality": "pdq_quality", "photodna": "photodna",
    "category": "code", "classification": "code", "label": "code", "scheme": "scheme",
    "country": "country", "scheme_version": "scheme_version", "medium": "medium",
    "image id": "medium", "at_ms": "at_ms",
}  # fmt: skip
_NUMBERS = ("pdq_quality", "at_ms")
_HASHES = (*DIGITS, "photodna")
_ICSE = {"image id", "baseline", "is distributed"}
_LONGEST = 1 << 20


def read_table(reading: Reading, scheme: str | None = None) -> Iterator[Entry]:
    """Entries of a table, a line each."""
    lines = reading.lines()
    head = next(lines, "")
    separator = separated_by(head) or ","
    names = [n.strip().casefold() for n in next(csv.reader([head], delimiter=separator), [])]
    rows = csv.reader(lines, delimiter=separator)
    csv.field_size_limit(_LONGEST)
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            reading.reject(f"line {rows.line_num + 1}", f"no CSV: {error}", "")
            continue
        if row and (entry := _entry(row, names, f"line {rows.line_num + 1}", reading, scheme)):
            yield entry


def separated_by(line: str) -> str | None:
    """What separates the columns, if the line names any hash's column."""
    for separator in (",", ";", "\t"):
        cells = line.rstrip("\r\n").removeprefix("\ufeff").split(separator)
        names = [cell.strip().strip('"').casefold() for cell in cells]
        if any(_COLUMNS.get(name) in _HASHES for name in names):
            return separator
    return None


def _entry(
    row: list[str], names: list[str], place: str, reading: Reading, scheme: str | None
) -> Entry | None:
    found, rest, doubtful = _cells(row, names)
    known = any(name in found for name in _HASHES)
    if doubtful or not known:
        why = f"no hash: {', '.join(doubtful)}" if doubtful else "no hash in it"
        reading.reject(place, why, ",".join(row))
    if not known:
        return None
    if scheme and "baseline" in rest:
        found |= {"scheme": scheme, "code": f"Baseline={rest.pop('baseline')}"}
    if "code" in found:
        found.setdefault("country", reading.country)
    return Entry(record=place, details=said(rest), **found)


def _cells(row: list[str], names: list[str]) -> tuple[dict[str, Any], dict[str, str], list[str]]:
    """What columns are known, what else stands in the row, and what is no hash in its place."""
    found: dict[str, Any] = {}
    rest: dict[str, str] = {}
    doubtful = []
    for name, cell in zip(names, row, strict=False):
        column, text = _COLUMNS.get(name), cell.strip()
        if not text:
            continue
        if column is None:
            rest[name] = text
        elif (value := _value(column, text)) is not None:
            found[column] = value
        else:
            doubtful.append(f"{name} {text[:80]!r}")
    return found, rest, doubtful


def _value(column: str, text: str) -> object:
    if column in _NUMBERS:
        return int(text) if text.isascii() and text.isdigit() else None
    if column == "photodna":
        return photodna(text)
    return digest(column, text) if column in DIGITS else text


def _head(data: bytes) -> str:
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    return data.decode(encoding, "replace").partition("\n")[0]


def _is_icse(head: bytes) -> bool:
    line = _head(head)
    separator = separated_by(line)
    names = {n.strip().strip('"').casefold() for n in line.split(separator)} if separator else set()
    return len(names & _ICSE) > 1


def _read_icse(reading: Reading) -> Iterator[Entry]:
    yield from read_table(reading, "ICSE")


ICSE = Format("icse", _is_icse, _read_icse)
CSV = Format("csv", lambda head: separated_by(_head(head)) is not None, read_table)
