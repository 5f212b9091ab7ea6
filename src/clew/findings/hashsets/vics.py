"""VICS 1.3 and 2.0 as a set of hashes: a set of media, or a case with its media."""

from collections.abc import Iterator
from functools import partial

import msgspec

from clew.findings.hashsets.entries import Entry, Format, Reading, entries_of, readable, said
from clew.formats.json_records import Record, Splitter
from clew.formats.vics import CONTEXT, HEAD, Model, code_of, hashes_of, members_of, model, utf8


def read_as(reading: Reading, scheme: str) -> Iterator[Entry]:
    """Entries of a file whose categories belong to a scheme."""
    with readable(reading.file), reading.file.open("rb") as handle:
        declared = model(handle.read(HEAD), scheme)
    if declared.country is None and reading.country:
        declared = msgspec.structs.replace(declared, country=reading.country)
    records = Splitter(utf8(reading.chunks()))
    for record in records:
        yield from _entries(record, declared, reading)
    if not records.complete:
        reading.reject("end", "the file ends before its brackets are closed", "")


def _entries(record: Record, declared: Model, reading: Reading) -> Iterator[Entry]:
    record_name = f"value/{record.number}"
    try:
        if record.broken:
            raise ValueError(record.broken)  # noqa: TRY301 - one way out for both
        members = members_of(record.text)
    except (ValueError, RecursionError) as error:
        reading.reject(f"{record_name} (byte {record.offset})", f"no JSON: {error}", _shown(record))
        return
    hashes, doubtful, rest = hashes_of(members)
    code = code_of(members.names.get("category"))
    if members.repeats and (others := {code_of(c) for c in members.all("category")} - {code, None}):
        doubtful.append(f"several categories: {', '.join(sorted(map(str, {code, *others})))}")
        code = None
    if not hashes or doubtful:
        why = f"not as it should be: {', '.join(doubtful)}" if doubtful else "no hash in it"
        reading.reject(f"{record_name} (byte {record.offset})", why, _shown(record))
    medium = members.names.get("mediaid")
    yield from entries_of(
        record_name,
        hashes,
        scheme=declared.scheme if code is not None else None,
        country=declared.country if code is not None else None,
        scheme_version=declared.version if code is not None else None,
        code=code,
        medium=None if medium is None else str(medium),
        details=said(rest),
    )


def _shown(record: Record) -> str:
    return record.text[:4000].decode("utf-8", "replace")


def _is_vics(head: bytes) -> bool:
    text = b"".join(utf8([head]))
    return text.lstrip()[:1] in (b"{", b"[") and (
        CONTEXT.search(text) is not None or b'"MediaID"' in text or b'"MD5"' in text
    )


def _is_caid(head: bytes) -> bool:
    """NIST publishes sets in it, and the United Kingdom's database writes it."""
    return _is_vics(head) and (model(head).version == "1.2" or b"caid" in head[:2000].lower())


FORMAT = Format("vics", _is_vics, partial(read_as, scheme="VICS"))
CAID = Format("caid", _is_caid, partial(read_as, scheme="CAID"))
"""The JSON of VICS under model 1.2, whose categories belong to CAID's scheme; which country gives
them their meaning is not in the file, and is stated when the set is added."""
