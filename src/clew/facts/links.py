"""Which file on the exhibit a share carried: by its hash, else by its name beside the chat.

A file of the stated name with another hash is not the one that was shared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import pyarrow as pa

from clew.casefile import Case
from clew.records.facts import HashBasis, Share, ShareState
from clew.schema import batch

_FILES = """
SELECT item_id, coalesce(device_path, path) AS path, sha256, size FROM items
WHERE exhibit_id = $exhibit_id AND kind = 'file' AND outcome = 'processed' AND sha256 IS NOT NULL
ORDER BY items.path DESC, item_id DESC
"""


class _File(NamedTuple):
    item_id: str
    path: str
    sha256: str
    size: int | None


class Files:
    """The files of one exhibit, by hash, by path and by name; the first by path of several."""

    def __init__(self, case: Case, exhibit_id: str) -> None:
        self._by_hash: dict[str, _File] = {}
        self._by_path: dict[str, _File] = {}
        self._by_name: dict[str, list[_File]] = {}
        columns = case.sql(_FILES, exhibit_id=exhibit_id).to_pydict()
        for row in zip(*columns.values(), strict=True):
            file = _File(*row)
            self._by_hash[file.sha256] = self._by_path[file.path] = file
            self._by_name.setdefault(file.path.rpartition("/")[2], []).append(file)

    def link(self, shares: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Shares with the file that each carried, its hash and its size, where it was found."""
        for part in shares:
            asked = (part.column(n).to_pylist() for n in _ASKED)
            found = [self._find(*row) for row in zip(*asked, strict=True)]
            yield _with_files(part, found) if any(found) else part

    def _find(
        self, sha256: str | None, source_id: str, name: str | None, stated: str | None
    ) -> _File | None:
        if sha256 is not None:
            return self._by_hash.get(sha256)
        source = self._by_hash.get(source_id)
        if name is not None and source is not None:
            folder = source.path.rpartition("/")[0]
            beside = self._by_path.get(f"{folder}/{name}" if folder else name)
            if beside:
                return beside
        if not stated:
            return None
        return self._from(source, stated) or self._at(stated)

    def _from(self, source: _File | None, stated: str) -> _File | None:
        """The file at a path that an export states, from the export's folder upwards."""
        folder = source.path if source else ""
        while folder:
            folder = folder.rpartition("/")[0]
            if found := self._by_path.get(f"{folder}/{stated}" if folder else stated):
                return found
        return None

    def _at(self, stated: str) -> _File | None:
        """The file at the path that the messenger states, wherever its folder was put."""
        ending = "/" + stated.lstrip("/")
        same = self._by_name.get(stated.rpartition("/")[2], ())
        fits = [f for f in same if f.path == stated or f.path.endswith(ending)]
        return fits[-1] if fits else None


_ASKED = ("sha256", "source_id", "name", "path_stated")


def _with_files(part: pa.RecordBatch, found: list[_File | None]) -> pa.RecordBatch:
    values = {name: part.column(name) for name in part.schema.names}

    def held(name: str) -> list[object]:
        return values[name].to_pylist()  # type: ignore[no-any-return]

    def mended(name: str, mend: list[object]) -> list[object]:
        return [m if v is None else v for v, m in zip(held(name), mend, strict=True)]

    values["item_id"] = [file and file.item_id for file in found]
    values["sha256"] = mended("sha256", [file and file.sha256 for file in found])
    values["hash_basis"] = mended(
        "hash_basis", [HashBasis.COMPUTED.value if file else None for file in found]
    )
    values["size"] = mended("size", [file and file.size for file in found])
    states = zip(held("state"), found, strict=True)
    values["state"] = [ShareState.PRESENT.value if file else state for state, file in states]
    return batch(Share, part.num_rows, **values).data
