"""VICS 1.3 and 2.0, the JSON of Project VIC: a set of media, or a case with its media.

The official model is given to members only; what is read here follows open readers and writers
(IPED's HashDBTool, GLEAPP's projectvic, Clees4All). The root names the model in ``odata.metadata``
(1.x) or ``@odata.context`` (2.0), whose path has the country that gives a category its meaning.
Booleans come as texts, dates as ``/Date(ms)/``, MD5 in either case, several media with one MD5 or
one MediaID, and counts in the head that count something else: none of them is relied on.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from clew.findings.hashsets.entries import Entry, Format, Reading, digest, photodna, said
from clew.findings.hashsets.splitting import Record, Splitter

_CONTEXT = re.compile(rb'"(?:@odata\.context|odata\.metadata)"\s*:\s*"([^"]*)"')
_MODEL = re.compile(r"/(?P<version>\d+(?:\.\d+)*)\.xml(?:/(?P<country>[^/$#]+))?", re.IGNORECASE)
_TAKEN = {"mediaid", "category", "md5", "sha1", "sha256", "photodna", "alternativehashes"}
_NAMES = {"photodna": "photodna", "sha256": "sha256", "sha-256": "sha256", "sha1": "sha1",
          "sha-1": "sha1", "md5": "md5", "pdq": "pdq"}  # fmt: skip
_HEAD = 1 << 16


class Model(msgspec.Struct, frozen=True):
    """What gives the category of a record its meaning."""

    scheme: str
    version: str | None
    country: str | None


def model(head: bytes, scheme: str = "VICS") -> Model:
    """Scheme, version and country that the head of a file names."""
    named = _CONTEXT.search(_plain(head))
    found = _MODEL.search(named[1].decode("utf-8", "replace")) if named else None
    return Model(scheme, found and found["version"], found and found["country"])


def read_as(reading: Reading, scheme: str) -> Iterator[Entry]:
    """Entries of a file whose categories belong to a scheme."""
    with reading.file.open("rb") as handle:
        told = model(handle.read(_HEAD), scheme)
    if told.country is None and reading.country:
        told = msgspec.structs.replace(told, country=reading.country)
    records = Splitter(_utf8(reading.chunks()))
    for record in records:
        if entry := _entry(record, told, reading):
            yield entry
    if not records.complete:
        reading.reject("end", "the file ends before its brackets are closed", "")


def _entry(record: Record, told: Model, reading: Reading) -> Entry | None:
    place = f"value/{record.number}"
    shown = record.text[:4000].decode("utf-8", "replace")
    try:
        if record.broken:
            raise ValueError(record.broken)  # noqa: TRY301 - one way out for both
        found = msgspec.json.decode(record.text)
        names = {name.casefold(): value for name, value in found.items()}
    except (ValueError, RecursionError) as error:
        reading.reject(f"{place} (byte {record.offset})", f"no JSON: {error}", shown)
        return None
    hashes, doubtful = _hashes(names)
    if not hashes or doubtful:
        why = f"no hash: {', '.join(doubtful)}" if doubtful else "no hash in it"
        reading.reject(f"{place} (byte {record.offset})", why, shown)
    if not hashes:
        return None
    code, medium = names.get("category"), names.get("mediaid")
    rest = {n: v for n, v in found.items() if n.casefold() not in _TAKEN and v is not None}
    return Entry(
        record=place,
        scheme=told.scheme if code is not None else None,
        country=told.country if code is not None else None,
        scheme_version=told.version if code is not None else None,
        code=None if code is None else str(code),
        medium=None if medium is None else str(medium),
        details=said(rest),
        **hashes,
    )


def _hashes(names: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The hashes of a record, and what stands in a hash's place and is none."""
    hashes: dict[str, Any] = {}
    doubtful = []
    for kind, text in _given(names):
        value = photodna(text) if kind == "photodna" else digest(kind, text)
        if value is not None:
            hashes.setdefault(kind, value)
        elif kind != "photodna":
            doubtful.append(f"{kind} {str(text)[:80]!r}")
    if hashes and (quality := _alternative(names).get("pdqquality")) and str(quality).isdigit():
        hashes["pdq_quality"] = int(quality)
    return hashes, doubtful


def _given(names: dict[str, Any]) -> list[tuple[str, Any]]:
    """Everything in a record that should be a hash."""
    own = [(kind, names.get(kind)) for kind in ("md5", "sha1", "sha256", "photodna")]
    other = [(_NAMES.get(name, ""), value) for name, value in _alternative(names).items()]
    return [(kind, text) for kind, text in (*own, *other) if kind and text not in (None, "")]


def _alternative(names: dict[str, Any]) -> dict[str, Any]:
    listed = names.get("alternativehashes")
    pairs = (
        [other for other in listed if isinstance(other, dict)] if isinstance(listed, list) else []
    )
    return {str(o.get("HashName", "")).casefold(): o.get("HashValue") for o in pairs}


def _utf8(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The text in UTF-8, without a byte order mark."""
    decoder = None
    for number, chunk in enumerate(chunks):
        if number == 0 and chunk[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            decoder = codecs.getincrementaldecoder("utf-16")("replace")
        if decoder:
            yield decoder.decode(chunk).encode()
        else:
            yield chunk.removeprefix(codecs.BOM_UTF8) if number == 0 else chunk


def _plain(head: bytes) -> bytes:
    return b"".join(_utf8([head]))


def _read(reading: Reading) -> Iterator[Entry]:
    yield from read_as(reading, "VICS")


def _told_by(head: bytes) -> bool:
    text = _plain(head)
    return text.lstrip()[:1] in (b"{", b"[") and (
        _CONTEXT.search(text) is not None or b'"MediaID"' in text or b'"MD5"' in text
    )


FORMAT = Format("vics", _told_by, _read)
