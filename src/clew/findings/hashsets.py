"""Hash sets that the examining authority supplies: plain lists and CSV.

Nothing is shipped with Clew. A set is kept as it came, under its name and version, and never merged
with another; what is no hash in it is counted and kept with its line number.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from clew.casefile import Case
from clew.casefile.done import Done
from clew.casefile.files import sha256_of
from clew.errors import UsageError
from clew.records.findings import HashSet, KnownHash, SetKind
from clew.schema import batch, to_arrow

STEP = "hashset"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._ -]{0,63}")
_LENGTHS = {32: "md5", 40: "sha1", 64: "sha256"}
_BSD = re.compile(r"(?:MD5|SHA-?1|SHA-?256) ?\(.*\) ?= ?([0-9A-Fa-f]{32,64})$", re.IGNORECASE)
_PLAIN = re.compile(r"([0-9A-Fa-f]{32,64})(?:[ \t]+\*?.*)?$")
_COLUMNS = {
    "md5": "md5", "sha1": "sha1", "sha-1": "sha1", "sha256": "sha256", "sha-256": "sha256",
    "category": "category", "classification": "category", "label": "category",
}  # fmt: skip
_REJECTED_KEPT = 1000
_ROWS = 50_000


class Reading:
    """A set's file being read: entries as they come, and what was no hash."""

    def __init__(self) -> None:
        self.entries = 0
        self.rejected: list[str] = []
        self.rejected_lines = 0

    def reject(self, line: int, text: str) -> None:
        """Keep a line that is no hash."""
        self.rejected_lines += 1
        if len(self.rejected) < _REJECTED_KEPT:
            self.rejected.append(f"{line}: {text[:200]}")


def add_set(case: Case, file: Path, name: str, version: str, kind: SetKind) -> HashSet:
    """Take a list of known or ignorable hashes in, under its name and version."""
    for what, text in (("name", name), ("version", version)):
        if not _NAME.fullmatch(text):
            raise UsageError(
                f"{text!r} can't be the {what} of a hash set",
                do="Use letters, digits, spaces, dots, dashes and underscores.",
            )
    digest = sha256_of(file)
    scope = f"{name}@{version}"
    _refuse_repeats(case, scope, f"{kind}:{digest}")
    reading = Reading()
    parts = [
        batch(KnownHash, len(rows["record"]), set=name, version=version, **rows).data
        for rows in _batches(file, reading)
    ]
    if not reading.entries:
        raise UsageError(
            f"there is no hash in {file.name}",
            do="Give a list of MD5, SHA-1 or SHA-256, or CSV with such columns; nothing changed.",
        )
    described = HashSet(
        set=name,
        version=version,
        kind=kind,
        source_name=file.name,
        source_sha256=digest,
        entries=reading.entries,
        rejected=reading.rejected_lines,
    )
    case.custody.append("hash set taken in", **msgspec.to_builtins(described))
    rejected = {"rejected": "\n".join(reading.rejected)} if reading.rejected else {}
    case.publish(
        Done(STEP, scope, f"{kind}:{digest}", (), rejected),
        [
            (HashSet, lambda: iter(to_arrow(HashSet, [described]).to_batches())),
            (KnownHash, lambda: iter(parts)),
        ],
    )
    return described


def _refuse_repeats(case: Case, scope: str, key: str) -> None:
    earlier = case.done.get(STEP, scope)
    if earlier and earlier.key == key:
        raise UsageError(f"{scope} is in the case already, with this content",
                         do="Nothing was changed; go on with: clew run CASE")  # fmt: skip
    if earlier:
        raise UsageError(f"{scope} is in the case already, with other content or another kind",
                         do="Give this one another --version; nothing was changed.")  # fmt: skip


def _batches(file: Path, reading: Reading) -> Iterator[dict[str, list[str | None]]]:
    """Columns of some thousand entries at a time."""
    names = ("record", "md5", "sha1", "sha256", "category")
    held: dict[str, list[str | None]] = {name: [] for name in names}
    for entry in _entries(file, reading):
        reading.entries += 1
        for name in names:
            held[name].append(entry.get(name))
        if len(held["record"]) >= _ROWS:
            yield held
            held = {name: [] for name in names}
    if held["record"]:
        yield held


def _entries(file: Path, reading: Reading) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8-sig", errors="backslashreplace", newline="") as lines:
        first = lines.readline()
        lines.seek(0)
        header = _header(first)
        if header:
            yield from _of_table(csv.reader(lines, delimiter=header), reading)
        else:
            yield from _of_list(lines, reading)


def _header(line: str) -> str | None:
    """What separates the columns, if the first line names any digest's column."""
    for separator in (",", ";", "\t"):
        names = [
            cell.strip().strip('"').casefold() for cell in line.rstrip("\r\n").split(separator)
        ]
        if any(_COLUMNS.get(name, "category") != "category" for name in names):
            return separator
    return None


def _of_table(rows: Iterator[list[str]], reading: Reading) -> Iterator[dict[str, str]]:
    places = [(n, _COLUMNS.get(name.strip().casefold())) for n, name in enumerate(next(rows))]
    wanted = [(n, name) for n, name in places if name]
    try:
        for number, row in enumerate(rows, start=2):
            cells = {name: row[n].strip() for n, name in wanted if n < len(row) and row[n].strip()}
            entry = {
                name: value if name == "category" else value.lower()
                for name, value in cells.items()
                if name == "category" or _is(name, value)
            }
            if set(entry) - {"category"}:
                yield {"record": f"line {number}", **entry}
            if len(entry) < len(cells) or (row and not set(entry) - {"category"}):
                reading.reject(number, ",".join(row))
    except csv.Error as error:
        reading.reject(0, f"the rest can't be read: {error}")


def _of_list(lines: Iterator[str], reading: Reading) -> Iterator[dict[str, str]]:
    for number, line in enumerate(lines, start=1):
        text = line.strip().strip('"')
        if not text or text.startswith("#"):
            continue
        found = _PLAIN.match(text.partition(",")[0].strip().strip('"')) or _BSD.match(text)
        kind = found and _LENGTHS.get(len(found[1]))
        if found and kind:
            yield {"record": f"line {number}", kind: found[1].lower()}
        else:
            reading.reject(number, text)


def _is(kind: str, text: str) -> bool:
    """Whether a text is a digest of this kind."""
    return _LENGTHS.get(len(text)) == kind and re.fullmatch("[0-9A-Fa-f]+", text) is not None
