"""Deleted rows recovered from databases with an answer key: recall and precision.

    python bench/carve.py FIXTURES

FIXTURES holds hostile/sqlite with databases and, beside them, XML answer keys in the form of the
SQLite Forensic Corpus (Nemetz, Schmitt, Freiling 2018).
"""

from __future__ import annotations

import collections
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

from clew.facts.sqlite import carve

Row = tuple[str, tuple[str, ...]]


def answers(key: Path) -> tuple[list[Row], list[Row]]:
    """Deleted and live rows of an answer key, as text."""
    deleted, live = [], []
    try:
        root = ET.parse(key).getroot()
    except ET.ParseError:
        return [], []  # one key of the corpus is no XML
    for element in root.findall("element"):
        table = element.findtext("meta/name") or ""
        gone = element.findtext("meta/deleted") == "True"
        for row in element.findall("entries/row"):
            values = tuple((c.findtext("content") or "") for c in row.findall("column"))
            (deleted if gone or row.get("deleted") == "1" else live).append((table, values))
    return deleted, live


def as_text(value: object) -> str:
    if value is None:
        return ""
    return value.hex() if isinstance(value, bytes) else str(value)


def same(one: Row, other: Row) -> bool:
    """Rows agree, whatever a number is written like; the first value may be lost."""
    return one[0] == other[0] and all(map(_equal, one[1], other[1]))


def _equal(one: str, other: str) -> bool:
    if one == other:
        return True
    try:
        return abs(float(one) - float(other)) < 1e-9 * max(1, abs(float(one)))
    except ValueError:
        return False


def score(database: Path) -> Counter[str]:
    """Counts for one database: deleted, found, false, and live rows shown as deleted."""
    deleted, live = answers(database.with_suffix(".xml"))
    found = [
        (c.table, tuple(map(as_text, c.values.values())))
        for c in carve(database, None, None)
        if c.state != "superseded"
    ]
    counts: Counter[str] = collections.Counter(deleted=len(deleted), reported=len(found))
    left = list(deleted)
    for row in found:
        match = next((d for d in left if same(row, d)), None)
        if match:
            left.remove(match)
            counts["found"] += 1
        elif any(same(row, one) for one in live):
            counts["live shown as deleted"] += 1
        elif not any(same(row, d) for d in deleted):
            counts["false"] += 1
    data = database.read_bytes()
    counts["gone"] = sum(not _physically_there(row, data) for row in left)
    return counts


def _physically_there(row: Row, data: bytes) -> bool:
    """Whether every text of a row, and every larger number, still stands in the file."""
    for value in row[1]:
        if value.lstrip("-").isdigit():
            number = int(value)
            size = next(
                n for n in (1, 2, 3, 4, 6, 8) if -(1 << 8 * n - 1) <= number < 1 << 8 * n - 1
            )
            if size >= 3 and number.to_bytes(size, "big", signed=True) not in data:
                return False
        elif value and not _is_number(value) and value.encode() not in data:
            return False
    return True


def _is_number(value: str) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return True


def main() -> None:
    total: dict[str, Counter[str]] = collections.defaultdict(collections.Counter)
    for key in sorted(Path(sys.argv[1]).rglob("*.xml")):
        database = key.with_suffix(".db")
        if database.is_file() and "sqlite" in str(key):
            counts = score(database)
            print(database.name, dict(counts))
            total[key.parent.name] += counts
    for name, counts in sorted(total.items()):
        wrong = counts["false"] + counts["live shown as deleted"]
        if counts["deleted"] or wrong:
            print(
                f"{name}: {counts['found']} of {counts['deleted']} deleted rows "
                f"({counts['deleted'] - counts['gone']} physically there), "
                f"precision {counts['found'] / max(counts['found'] + wrong, 1):.3f}, "
                f"live shown as deleted {counts['live shown as deleted']}"
            )


if __name__ == "__main__":
    main()
