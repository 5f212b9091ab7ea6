"""VICS sets and cases: files by hash, with their category in full; read as hash sets read them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from clew.exchange.foreign.elements import (
    Element,
    MalformedError,
    StatedHashes,
    guarded,
    plain,
    size_of,
)
from clew.formats.json_records import Record, Splitter
from clew.formats.vics import HEAD, Model, code_of, hashes_of, members_of, model, utf8

_SIZES = ("mediasize", "filesize")


def elements(chunks: Iterable[bytes]) -> Iterator[Element]:
    """Every medium of a set or a case."""
    passing = iter(chunks)
    head = b""
    for chunk in passing:
        head += chunk
        if len(head) >= HEAD:
            break
    start = b"".join(utf8([head]))
    if b'"MD5"' not in start and b"odata" not in start.lower():
        raise MalformedError("it is no VICS file")
    declared = model(head[:HEAD])

    def whole() -> Iterator[bytes]:
        yield head
        yield from passing

    records = Splitter(utf8(whole()))
    for record in records:
        locator = f"value/{record.number}"
        yield from guarded("Media", locator, _medium(record, locator, declared))
    if not records.complete:
        yield Element(kind="Media", locator="end", failed="the file ends before it is closed")


def _medium(record: Record, locator: str, declared: Model) -> Iterator[Element]:
    if record.broken:
        raise MalformedError(record.broken)
    members = members_of(record.text)
    found, doubtful, rest = hashes_of(members)
    if doubtful:
        raise MalformedError(", ".join(doubtful))
    values = {
        one.kind: one.value for one in reversed(found) if one.kind in ("md5", "sha1", "sha256")
    }
    if not values:
        raise MalformedError("no hash")
    names = members.names
    code = code_of(names.get("category"))
    parts = (declared.scheme, declared.country, declared.version)
    category = code and f"{' '.join(part for part in parts if part)}: {code}"
    said = StatedHashes(
        **values, category=category, media_type=plain(names.get("mimetype")),
        size=next((size_of(names[n]) for n in _SIZES if n in names), None),
        name=plain(names.get("relativefilepath")),
        details=msgspec.json.encode(rest).decode() if rest else None,
    )  # fmt: skip
    yield Element(kind="Media", locator=locator, files=(said,))
