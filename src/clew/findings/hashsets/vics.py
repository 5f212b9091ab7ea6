"""VICS 1.3 and 2.0, the JSON of Project VIC: a set of media, or a case with its media.

The official model is given to members only; what is read here follows open readers and writers
(IPED's HashDBTool, GLEAPP's projectvic, Clees4All). The root names the model in ``odata.metadata``
(1.x) or ``@odata.context`` (2.0), whose path has the country that gives a category its meaning.
Booleans come as texts, dates as ``/Date(ms)/``, MD5 in either case, several media with one MD5 or
one MediaID, and counts in the head that count something else: none of them is relied on.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import unquote

import msgspec

from clew.findings.hashsets.entries import (
    Entry,
    Format,
    Hash,
    Reading,
    digest,
    encoding_of,
    entries_of,
    photodna,
    readable,
    said,
)
from clew.findings.hashsets.splitting import Record, Splitter

_CONTEXT = re.compile(rb'"(?:@odata\.context|odata\.metadata)"\s*:\s*"([^"]*)"')
_MODEL = re.compile(r"/(?P<version>\d+(?:\.\d+)*)\.xml(?:/(?P<country>[^/$#]+))?", re.IGNORECASE)
_TAKEN = {"mediaid", "category", "md5", "sha1", "sha256", "photodna", "alternativehashes"}
_ONCE = (b'"MD5"', b'"SHA1"', b'"SHA256"', b'"PhotoDNA"', b'"Category"')
"""Names that a record has once, unless its files or other hashes have them too."""
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
    country = found and found["country"]
    return Model(scheme, found and found["version"], country and unquote(country))


def read_as(reading: Reading, scheme: str) -> Iterator[Entry]:
    """Entries of a file whose categories belong to a scheme."""
    with readable(reading.file), reading.file.open("rb") as handle:
        told = model(handle.read(_HEAD), scheme)
    if told.country is None and reading.country:
        told = msgspec.structs.replace(told, country=reading.country)
    records = Splitter(_utf8(reading.chunks()))
    for record in records:
        yield from _entries(record, told, reading)
    if not records.complete:
        reading.reject("end", "the file ends before its brackets are closed", "")


def _entries(record: Record, told: Model, reading: Reading) -> Iterator[Entry]:
    place = f"value/{record.number}"
    shown = record.text[:4000].decode("utf-8", "replace")
    try:
        if record.broken:
            raise ValueError(record.broken)  # noqa: TRY301 - one way out for both
        members = _members(record.text)
    except (ValueError, RecursionError) as error:
        reading.reject(f"{place} (byte {record.offset})", f"no JSON: {error}", shown)
        return
    hashes, doubtful, rest = _hashes(members)
    codes = list(dict.fromkeys(filter(None, map(_code, members.get("category", ())))))
    if len(codes) > 1:
        doubtful.append(f"several categories: {', '.join(codes)}")
    if not hashes or doubtful:
        why = f"not as it should be: {', '.join(doubtful)}" if doubtful else "no hash in it"
        reading.reject(f"{place} (byte {record.offset})", why, shown)
    code = codes[0] if len(codes) == 1 else None
    medium = members.get("mediaid", [None])[0]
    yield from entries_of(
        place,
        hashes,
        scheme=told.scheme if code is not None else None,
        country=told.country if code is not None else None,
        scheme_version=told.version if code is not None else None,
        code=code,
        medium=None if medium is None else str(medium),
        details=said(rest),
    )


class _Members(dict[str, list[Any]]):
    """Every value that a record has under a name, however its letters are written."""

    def __init__(self, pairs: Iterable[tuple[str, Any]]) -> None:
        super().__init__()
        self.named: dict[str, Any] = {}
        """Names as the record writes them."""
        for name, value in pairs:
            self.setdefault(name.casefold(), []).append(value)
            self.named[name] = value


def _members(text: bytes) -> _Members:
    """The members of a record; of several with one name a reader of JSON tells only the last."""
    if max(map(text.count, _ONCE)) <= 1:
        return _Members(msgspec.json.decode(text, type=dict[str, Any]).items())
    outermost: list[tuple[str, Any]] = []

    def kept(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        outermost[:] = pairs  # the outermost object is complete last
        return dict(pairs)

    json.loads(text, object_pairs_hook=kept)
    msgspec.json.encode(dict(outermost))  # ValueError where it holds half a character
    return _Members(outermost)


def _code(category: Any) -> str | None:
    """A category's code as the file writes it; None where there is none."""
    if isinstance(category, str | int | float) and not isinstance(category, bool):
        return str(category).strip() or None
    return None if category is None else msgspec.json.encode(category).decode()


def _hashes(members: _Members) -> tuple[list[Hash], list[str], dict[str, Any]]:
    """The hashes of a record, what stands in a hash's place and is none, and all else it says."""
    found: list[Hash] = []
    doubtful = []
    rest = {n: v for n, v in members.named.items() if n.casefold() not in _TAKEN and v is not None}
    others, kept = _alternative(members.get("alternativehashes", ()))
    own = [(kind, value) for kind in ("md5", "sha1", "sha256", "photodna")
           for value in members.get(kind, ())]  # fmt: skip
    for kind, text, quality in (*((k, v, None) for k, v in own), *others):
        if text in (None, ""):
            continue
        value = photodna(text) if kind == "photodna" else digest(kind, text)
        if value is not None:
            found.append(Hash(kind, value, quality))
        elif kind == "photodna":
            kept.append({"HashName": "PhotoDNA", "HashValue": text})
        else:
            doubtful.append(f"{kind} {str(text)[:80]!r} is no hash")
    if kept:
        rest["AlternativeHashes"] = kept
    return found, doubtful, rest


def _alternative(lists: Iterable[Any]) -> tuple[list[tuple[str, Any, int | None]], list[Any]]:
    """Hashes by their names, each PDQ with the quality after it, and what is not compared."""
    found: list[tuple[str, Any, int | None]] = []
    kept: list[Any] = []
    for other in (one for listed in lists if isinstance(listed, list) for one in listed):
        one = {n.casefold(): v for n, v in other.items()} if isinstance(other, dict) else {}
        name, value = str(one.get("hashname")).casefold(), one.get("hashvalue")
        if name == "pdqquality" and found and found[-1][0] == "pdq" and str(value).isdecimal():
            found[-1] = ("pdq", found[-1][1], int(str(value)))
        elif name in _NAMES:
            found.append((_NAMES[name], value, None))
        elif other is not None:
            kept.append(other)
    return found, kept


def _utf8(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The text in UTF-8, without a byte order mark."""
    decoder = None
    for number, chunk in enumerate(chunks):
        if number == 0 and (encoding := encoding_of(chunk)) != "utf-8-sig":
            decoder = codecs.getincrementaldecoder(encoding)("replace")
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
