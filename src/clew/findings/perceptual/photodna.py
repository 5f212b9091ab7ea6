"""PhotoDNA values that two sides carry: compared for equality, and never computed.

A file gets the values of the entries that have its digests. Another set with an equal value then
knows the same picture. No public rule says how far apart two values of one picture may lie, so
none but the equal are matched (decision 30).
"""

from collections.abc import Iterator

import pyarrow as pa

from clew.findings.hashsets.known import KnownSet
from clew.findings.perceptual.hits import hit
from clew.records import Match, Tier


def hits(
    exact: pa.Table, sets: list[KnownSet], gone: dict[tuple[str, str], set[str]]
) -> Iterator[Match]:
    """Contents whose PhotoDNA, as one set gives it, another entry has too."""
    contents: dict[str, set[str]] = {}
    for row in exact.select(["sha256", "photodna"]).to_pylist():
        if row["photodna"] and row["sha256"]:
            contents.setdefault(row["photodna"], set()).add(row["sha256"])
    if not contents:
        return
    values = pa.array(sorted(contents))
    for one in sets:
        for entry in one.entries("photodna", values).to_pylist():
            if entry["medium"] in gone[one.set, one.version]:
                continue
            for content in sorted(contents[entry["photodna"]]):
                yield hit(
                    one, entry, sha256=content, algorithm="photodna", distance=0, tier=Tier.NEAR
                )
