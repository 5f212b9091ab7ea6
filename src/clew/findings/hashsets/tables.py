"""CSV whose header names its columns: of one's own, of other tools, and of INTERPOL's ICSE.

ICSE separates by semicolons and writes flags as y, n, yes, no, true or false; its columns differ
from year to year, so each is found by its name, and what is not a hash is kept as it stands.
HashKeeper's lists, hashdeep's (its header is a remark), NSRL's old text and what PowerShell writes
are such tables too; where a column is only called ``hash``, the number of digits tells which.
"""

import re
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from typing import Any

import msgspec

from clew.findings.hashsets.entries import Entry, Format, Reading, entries_of, said
from clew.findings.hashsets.rows import Row, rows
from clew.formats.hashes import DIGESTS, DIGITS, Hash, digest, text_of

_COLUMNS = {
    "md5": "md5", "sha1": "sha1", "sha256": "sha256", "sha2256": "sha256",
    "hash": "hash", "hashvalue": "hash", "filehash": "hash",
    "pdq": "pdq", "pdqquality": "pdq_quality", "photodna": "photodna", "pdna": "photodna",
    "category": "category", "classification": "category", "label": "category", "code": "code",
    "scheme": "scheme", "country": "country", "schemeversion": "scheme_version",
    "medium": "medium", "imageid": "medium", "mediaid": "medium", "atms": "at_ms",
}  # fmt: skip
_ADDED = re.compile(r"(?:hash|value|sum|checksum|digest)+$")
"""What tools add to the name of a hash, as in ``MD5 Hash``."""
_SQUEEZED = re.compile(r"[\s_.\"'\ufeff-]+")
_NUMBERS = ("pdq_quality", "at_ms")
_DIGITS = 15
"""Of a number that a column holds."""
_HASHES = (*DIGITS, "photodna", "hash")
_ICSE = {"image id", "baseline", "is distributed"}
_DEEP = "%%%% "
"""With which hashdeep marks the line that names its columns."""
_SEPARATORS = (",", ";", "\t", "|")
_PREFACES = 50
"""Lines that may stand before the header."""


class Header(msgspec.Struct, frozen=True):
    """Where a table's columns are named, and how they are parted."""

    line: int
    names: tuple[str, ...]
    columns: tuple[str | None, ...]
    """Of each column its meaning; None where it is only kept."""
    separator: str
    quoted: bool
    """Whether a quotation mark means anything."""


def header_of(lines: Iterator[str]) -> Header | None:
    """The header, if the first line that is no remark names any hash's column."""
    for number, line in enumerate(islice(lines, _PREFACES), start=1):
        text = line.strip().lstrip("\ufeff")
        if text.startswith(_DEEP) and _names(text, ",", _DEEP)[1:]:
            return _header(number, _names(text, ",", _DEEP), ",", quoted=False)
        if not text or text.startswith(("#", "%")) or text.casefold().startswith("sep="):
            continue
        for separator in _SEPARATORS:
            if found := _header(number, _names(text, separator), separator, quoted=True):
                return found
        return None
    return None


def _names(text: str, separator: str, mark: str = "") -> tuple[str, ...]:
    cells = text.removeprefix(mark).split(separator)
    return tuple(cell.strip().strip('"').strip().casefold() for cell in cells)


def _header(number: int, names: tuple[str, ...], separator: str, *, quoted: bool) -> Header | None:
    columns = tuple(_column(name) for name in names)
    if not set(columns) & set(_HASHES):
        return None
    return Header(number, names, columns, separator, quoted)


def _column(name: str) -> str | None:
    plain = _SQUEEZED.sub("", name)
    return _COLUMNS.get(plain) or _COLUMNS.get(_ADDED.sub("", plain))


def read_table(
    reading: Reading, shape: Callable[[dict[str, Any]], None] | None = None
) -> Iterator[Entry]:
    """Entries of a table, a line each; ``shape`` gives a record what its format means by it."""
    lines = reading.lines()
    header = header_of(lines)
    if header is None:
        reading.reject("line 1", "no column is named after a hash", "")
        return
    for row in rows(lines, header.line, header.separator, _is_record(header), quoted=header.quoted):
        if row.text.startswith("#") and not header.quoted:
            continue  # hashdeep's remarks stand below its header
        yield from _entries(row, header, reading, shape)


def _is_record(header: Header) -> Callable[[list[str]], bool]:
    """Whether cells are a whole record by themselves, and no part of one before."""

    def whole(cells: list[str]) -> bool:
        return len(cells) == len(header.names) and any(
            _value(column, cell.strip()) is not None
            for column, cell in zip(header.columns, cells, strict=True)
            if column in _HASHES
        )

    return whole


def _entries(
    row: Row, header: Header, reading: Reading, shape: Callable[[dict[str, Any]], None] | None
) -> Iterator[Entry]:  # fmt: skip
    record = f"line {row.number}"
    fields, hashes, doubtful = _cells(row.cells, header)
    if row.open:
        reading.reject(record, "a quotation mark is not closed", row.text)
    else:
        reading.doubt(record, hashes, doubtful, row.text)
    if shape:
        shape(fields)
    if "code" in fields and reading.country:
        fields.setdefault("country", reading.country)
    quality = fields.pop("pdq_quality", None)
    found = [Hash(h.kind, h.value, quality if h.kind == "pdq" else None) for h in hashes]
    yield from entries_of(record, found, details=said(fields.pop("details")), **fields)


def _cells(row: list[str], header: Header) -> tuple[dict[str, Any], list[Hash], list[str]]:
    """What a row says, its hashes, and what stands where a hash should and is none."""
    rest: dict[str, str] = {}
    fields: dict[str, Any] = {"details": rest}
    hashes: list[Hash] = []
    doubtful = []
    for name, column, cell in zip(header.names, header.columns, row, strict=False):
        text = cell.strip()
        if not text:
            continue
        if column is None or column in fields:
            rest[name] = text
        elif (value := _value(column, text)) is None:
            doubtful.append(f"{name} {text[:80]!r}")
        elif column in _HASHES:
            kind = DIGESTS[len(text)] if column == "hash" else column
            hashes.append(Hash(kind, str(value)))
        else:
            fields[column] = value
    if more := [cell for cell in row[len(header.names) :] if cell.strip()]:
        rest["beyond the header"] = header.separator.join(more)
    _code(fields)
    return fields, hashes, doubtful


def _code(fields: dict[str, Any]) -> None:
    """The code of a category; where it has a column of its own, ``category`` is it in full."""
    category = fields.pop("category", None)
    if category is not None and fields.setdefault("code", category) != category:
        fields["details"]["category"] = category


def _value(column: str | None, text: str) -> object:
    """A cell as its column has it; None where it can't be that."""
    if column in _NUMBERS:
        return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else None
    if column == "hash":
        return digest(DIGESTS[len(text)], text) if len(text) in DIGESTS else None
    return digest(column, text) if column in _HASHES else text


def _is_icse(head: bytes) -> bool:
    header = _header_in(head)
    return header is not None and len({*header.names} & _ICSE) > 1


def _header_in(head: bytes) -> Header | None:
    return header_of(iter(text_of(head).splitlines()))


def _baseline(fields: dict[str, Any]) -> None:
    """Baseline is INTERPOL's own term, the same for every country."""
    if "baseline" in fields["details"]:
        fields["code"] = f"Baseline={fields['details'].pop('baseline')}"
        fields |= {"scheme": "ICSE", "country": "international"}


ICSE = Format("icse", _is_icse, partial(read_table, shape=_baseline))
CSV = Format("csv", lambda head: _header_in(head) is not None, read_table)
