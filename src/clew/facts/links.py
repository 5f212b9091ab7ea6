"""Which file on the exhibit a share carried: by its hash, else by its name beside the chat.

A file of the stated name with another hash is not the one that was shared. A tool's report says
under which path it delivers a file, and often its MD5 alone: then both must fit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pyarrow as pa

from clew.casefile import Case
from clew.records import HashBasis, Share, ShareState
from clew.schema import batch

_FILES = """
SELECT item_id, coalesce(device_path, path) AS path, sha256, size, md5, sha1 FROM items
WHERE exhibit_id = $exhibit_id AND kind = 'file' AND outcome = 'processed' AND sha256 IS NOT NULL
ORDER BY items.path DESC, item_id DESC
"""


class _File(NamedTuple):
    item_id: str
    path: str
    sha256: str
    size: int | None
    md5: str | None
    sha1: str | None


class Files:
    """The files of one exhibit, by hash, by path and by name; the first by path of several."""

    def __init__(self, case: Case, exhibit_id: str) -> None:
        self._by_hash: dict[str, _File] = {}
        self._by_md5: dict[str | None, _File] = {}
        self._by_path: dict[str, _File] = {}
        self._by_name: dict[str, list[_File]] = {}
        columns = case.sql(_FILES, exhibit_id=exhibit_id).to_pydict()
        for row in zip(*columns.values(), strict=True):
            file = _File(*row)
            self._by_hash[file.sha256] = self._by_path[file.path] = file
            self._by_md5[file.md5] = file
            self._by_name.setdefault(file.path.rpartition("/")[2], []).append(file)

    def link(self, shares: Callable[[], Iterator[pa.RecordBatch]]) -> Iterator[pa.RecordBatch]:
        """Shares with the file that each carried, its hash and its size, where it was found."""
        for part in shares():
            asked = (part.column(n).to_pylist() for n in _Asked._fields)
            found = [self._find(_Asked(*row)) for row in zip(*asked, strict=True)]
            yield _with_files(part, found) if any(found) else part

    def _find(self, asked: _Asked) -> _File | None:
        if asked.sha256 is not None:
            return self._by_hash.get(asked.sha256)
        if asked.md5 is not None or asked.sha1 is not None:
            beside = self._beside(asked, asked.path_exported)
            file = beside if beside and _fits(beside, asked) else self._by_md5.get(asked.md5)
            return file if file and _fits(file, asked) else None
        beside = self._beside(asked, asked.name) or self._beside(asked, asked.path_exported)
        if beside:
            return beside
        stated = asked.path_stated
        return (self._from(asked, stated) or self._at(stated)) if stated else None

    def _beside(self, asked: _Asked, path: str | None) -> _File | None:
        """The file at a path that begins in the folder of the source."""
        source = self._by_hash.get(asked.source_id)
        if path is None or source is None:
            return None
        folder = source.path.rpartition("/")[0]
        return self._by_path.get(f"{folder}/{path}" if folder else path)

    def _from(self, asked: _Asked, stated: str) -> _File | None:
        """The file at a path that an export states, from the export's folder upwards."""
        source = self._by_hash.get(asked.source_id)
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
        return next((f for f in reversed(same) if f"/{f.path}".endswith(ending)), None)


class _Asked(NamedTuple):
    sha256: str | None
    sha1: str | None
    md5: str | None
    source_id: str
    name: str | None
    path_exported: str | None
    path_stated: str | None


def _fits(file: _File, asked: _Asked) -> bool:
    pairs = ((file.md5, asked.md5), (file.sha1, asked.sha1))
    return all(theirs is None or ours == theirs for ours, theirs in pairs)


def _with_files(part: pa.RecordBatch, found: list[_File | None]) -> pa.RecordBatch:
    values = {name: part.column(name) for name in part.schema.names}
    states = zip(values["state"].to_pylist(), found, strict=True)
    values["state"] = [ShareState.PRESENT.value if file else state for state, file in states]
    values["item_id"] = [file and file.item_id for file in found]
    known: dict[str, list[Any]] = {
        "sha256": [file and file.sha256 for file in found],
        "hash_basis": [HashBasis.COMPUTED.value if file else None for file in found],
        "size": [file and file.size for file in found],
    }
    for name, ours in known.items():
        stated = zip(values[name].to_pylist(), ours, strict=True)
        values[name] = [here if there is None else there for there, here in stated]
    return batch(Share, part.num_rows, **values).data
