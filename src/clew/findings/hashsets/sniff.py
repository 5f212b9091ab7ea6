"""Which format a set's file is in, or why it is in none."""

from collections.abc import Mapping
from pathlib import Path

from clew.errors import UsageError
from clew.findings.hashsets.entries import Format, readable

_HEAD = 1 << 16
_UNPACK = "Unpack it, and add what is in it; nothing changed."
_SAVE = "Export it as CSV or text with the program that wrote it; nothing changed."
_OTHERS = (
    (b"\x1f\x8b", "is packed with gzip", _UNPACK),
    (b"PK\x03\x04", "is a ZIP archive or a workbook",
     "Unpack the archive, or save the sheet as CSV, and add that; nothing changed."),
    (b"7z\xbc\xaf\x27\x1c", "is a 7-Zip archive", _UNPACK),
    (b"BZh", "is packed with bzip2", _UNPACK),
    (b"\xfd7zXZ\x00", "is packed with xz", _UNPACK),
    (b"\x28\xb5\x2f\xfd", "is packed with zstd", _UNPACK),
    (b"Rar!\x1a\x07", "is a RAR archive", _UNPACK),
    (b"HASH\r\n\xff\x00", "is a hash file of EnCase's own", _SAVE),
    (b"%PDF-", "is a PDF", _SAVE),
)  # fmt: skip
"""What people give that no set can be read from, by its first bytes."""
_SQL = (b"insert into", b"begin transaction", b"update ", b"delete from", b"create table")


def format_of(file: Path, name: str | None, formats: Mapping[str, Format]) -> Format:
    """The format of a file, or the one that is named; UsageError where there is none."""
    with readable(file), file.open("rb") as handle:
        head = handle.read(_HEAD)
    for magic, what, do in _OTHERS:
        if head.startswith(magic):
            raise UsageError(f"{file.name} {what}", do=do)
    if name:
        return formats[name]
    if head.lstrip().lower().startswith(_SQL):
        raise UsageError(
            f"{file.name} holds statements of SQL, as NSRL's deltas do",
            do="Apply it to the database before it, with NIST's instructions, and add the database "
            "under a version of its own; nothing changed.",
        )
    if not head.strip():
        raise UsageError(f"{file.name} is empty: there is no hash in it", do="Look for the whole.")
    recognised = next((f for f in formats.values() if f.recognises(head)), None)
    if recognised:
        return recognised
    raise UsageError(
        f"there is no hash at the beginning of {file.name}, in none of the formats",
        do="Give a set in one of the formats of docs/formats/hash-sets.md, or name the format "
        "with --format; nothing changed.",
    )
