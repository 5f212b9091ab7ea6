"""A set that is in the case: what it has, and the entries behind what it has.

Indexes hold the distinct hashes of a set and nothing else; which entries a hash stands in is asked
of the entries' table, for the few hashes that hit. A hash that stands in many entries therefore
gives every one of them.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from clew.casefile import Case
from clew.findings.search import ExactIndex, HammingIndex, write_exact, write_hamming
from clew.records import KnownHash
from clew.schema import arrow_schema
from clew.views import view

OPEN, RESTRICTED = "hashsets", "restricted"
"""Folders of a case for sets whose entries may be shown, and for those that are matched only."""
WIDTHS = {"md5": 16, "sha1": 20, "sha256": 32, "pdq": 32}
"""Bytes of each kind of hash that is searched."""
_BATCH = 1 << 18


class KnownSet:
    """One version of one set."""

    def __init__(self, case: Case, described: dict[str, Any]) -> None:
        self.described = described
        """Its row of ``hash_sets``."""
        self.set: str = described["set"]
        self.version: str = described["version"]
        self.kind: str = described["kind"]
        self.number: int = described["number"]
        self.restricted: bool = described["restricted"]
        home = RESTRICTED if self.restricted else OPEN
        self._folder = case.folder / home / f"{self.set}@{self.version}"

    def has(self, kind: str, digests: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
        """Which digests of a kind are in the set."""
        return ExactIndex(self._file(kind), WIDTHS[kind]).has(digests)

    @cached_property
    def fingerprints(self) -> npt.NDArray[np.uint8]:
        """Its different fingerprints, in order."""
        file = self._file("pdq")
        if not file.stat().st_size:
            return np.empty((0, WIDTHS["pdq"]), np.uint8)
        return np.memmap(file, np.uint8, "r").reshape(-1, WIDTHS["pdq"])

    @cached_property
    def near(self) -> HammingIndex:
        """Search among its fingerprints."""
        return HammingIndex.open(self._folder / "pdq.mih", self.fingerprints)

    def entries(
        self, kind: str, hashes: pa.Array, columns: tuple[str, ...] | None = None
    ) -> pa.Table:
        """Every entry that has one of these hashes, or some columns of each."""
        return self._where(pc.field(kind).isin(hashes), columns)

    def entries_by_fingerprint(
        self, fingerprints: list[str], withdrawn_media: set[str]
    ) -> dict[str, list[dict[str, Any]]]:
        """Every entry with one of these fingerprints, but for those that are withdrawn."""
        found: dict[str, list[dict[str, Any]]] = {}
        wanted = pa.array(sorted(set(fingerprints)), pa.string())
        for entry in self.entries("pdq", wanted).to_pylist() if len(wanted) else ():
            if entry["medium"] is None or entry["medium"] not in withdrawn_media:
                found.setdefault(entry["pdq"], []).append(entry)
        return found

    def media(self, numbers: pa.Array) -> pa.Table:
        """Every entry of these media."""
        return self._where(pc.field("medium").isin(numbers))

    def deleted(self) -> set[str]:
        """The media that this version withdraws from those before it."""
        return set(self._deletions)

    def withdrawn_here(self) -> set[str]:
        """The media that it withdraws from itself: all but what it lists again at a later time."""
        again = set()
        if self._deletions:
            for entry in self.media(pa.array(sorted(self._deletions), pa.string())).to_pylist():
                deleted_at, listed_at = self._deletions[entry["medium"]], _time(entry["details"])
                if not entry["deleted"] and deleted_at and listed_at and listed_at > deleted_at:
                    again.add(entry["medium"])
        return self.deleted() - again

    @cached_property
    def _deletions(self) -> dict[str, datetime | None]:
        """Media that it withdraws, and when each was withdrawn last, where that is said."""
        found: dict[str, datetime | None] = {}
        columns, some = ("medium", "details"), self.described["deletions"]
        for row in self._where(pc.field("deleted"), columns).to_pylist() if some else ():
            times = filter(None, (_time(row["details"]), found.get(row["medium"])))
            found[row["medium"]] = max(times, default=None)
        return found

    def _where(self, condition: pc.Expression, columns: tuple[str, ...] | None = None) -> pa.Table:
        import pyarrow.dataset as ds  # it imports pandas, which takes half a second

        table = ds.dataset(self._folder / f"{KnownHash.table_name}.parquet", format="parquet")
        names = list(columns or arrow_schema(KnownHash).names)
        return table.to_table(names, filter=condition)

    def _file(self, kind: str) -> Path:
        return self._folder / f"{kind}.bin"


def known_sets(case: Case) -> list[KnownSet]:
    """The sets of a case, in the order of their names."""
    return [KnownSet(case, row) for row in case.rows(view("sets").sql)]


def withdrawn(sets: list[KnownSet]) -> dict[tuple[str, str], set[str]]:
    """For each set and version the media that it or a later version of it withdraws."""
    found: dict[tuple[str, str], set[str]] = {}
    for one in sets:
        later = [s for s in sets if s.set == one.set and s.number > one.number]
        found[one.set, one.version] = one.withdrawn_here().union(*(s.deleted() for s in later))
    return found


def _time(details: str | None) -> datetime | None:
    """When the publisher changed an entry last, where it says so."""
    said = msgspec.json.decode(details, type=dict[str, Any]) if details else {}
    try:
        time = datetime.fromisoformat(str(said.get("timestamp")))
    except ValueError:
        return None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def write_indexes(folder: Path, table: Path) -> int:
    """Write the index of each kind of hash; how many different fingerprints there are."""
    for kind, width in WIDTHS.items():
        write_exact(folder / f"{kind}.bin", width, _hashes(table, kind, width))
    fingerprints = np.fromfile(folder / "pdq.bin", np.uint8).reshape(-1, WIDTHS["pdq"])
    write_hamming(folder / "pdq.mih", fingerprints)
    return len(fingerprints)


def as_bytes(hashes: pa.Array, width: int) -> npt.NDArray[np.uint8]:
    """Hashes in hexadecimal, none of them empty, as rows of bytes."""
    if not len(hashes):
        return np.empty((0, width), np.uint8)
    if isinstance(hashes, pa.ChunkedArray):
        hashes = hashes.combine_chunks()
    _, offsets, text = hashes.buffers()
    ends = np.frombuffer(offsets, np.int32)[hashes.offset : hashes.offset + len(hashes) + 1]
    digits = memoryview(text)[ends[0] : ends[-1]].tobytes().decode("ascii")
    return np.frombuffer(bytes.fromhex(digits), np.uint8).reshape(-1, width)


def as_hex(rows: npt.NDArray[np.uint8]) -> list[str]:
    """Rows of bytes in hexadecimal."""
    return [row.tobytes().hex() for row in rows]


def _hashes(table: Path, kind: str, width: int) -> Iterator[npt.NDArray[np.uint8]]:
    with pq.ParquetFile(table) as part:
        for rows in part.iter_batches(_BATCH, columns=[kind]):
            yield as_bytes(rows.column(0).drop_null(), width)
