"""The files that a report lists, kept on disk while it is read, and the shares that carry them.

A report lists its files before its models, by the hundred thousand. Where they come later, the
shares that wait for one are kept on disk likewise.
"""

from __future__ import annotations

import re
import sqlite3
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import msgspec

from clew.facts.readers.ufed.stream import local
from clew.records import HashBasis, RecoveredShare, Share
from clew.schema import replace

_DIGESTS = {"MD5": re.compile("[0-9a-f]{32}"), "SHA1": re.compile("[0-9a-f]{40}"),
            "SHA256": re.compile("[0-9a-f]{64}")}  # fmt: skip
_NAMES = {"SHA-1": "SHA1", "SHA-256": "SHA256"}
_SCHEMA = """
PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-32768;
CREATE TABLE file (id TEXT PRIMARY KEY, md5 TEXT, sha1 TEXT, sha256 TEXT, exported TEXT, path TEXT,
                   size INTEGER) WITHOUT ROWID;
CREATE TABLE waiting (file TEXT, live INTEGER, share BLOB);
"""
_INSERT = "INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?, ?, ?, ?)"
_SELECT = "SELECT md5, sha1, sha256, exported, path, size FROM file WHERE id = ?"

AnyShare = Share | RecoveredShare


@contextmanager
def listed() -> Iterator[Files]:
    """The list of a report's files, in a folder that goes when the report is read."""
    with (
        tempfile.TemporaryDirectory(prefix="ufed-") as folder,
        closing(sqlite3.connect(Path(folder) / "files", isolation_level=None)) as db,
    ):
        db.executescript(_SCHEMA)
        yield Files(db)


class Files:
    """Files by their id in the report."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self.count = 0
        self._db.execute("BEGIN")

    def add(self, node: ET.Element) -> None:
        """Keep what the report says of a file."""
        said = _metadata(node)
        stated = {name: said.get(name, "").strip().lower() for name in _DIGESTS}
        digests = (d if _DIGESTS[name].fullmatch(d) else None for name, d in stated.items())
        exported = said.get("Local Path", "").replace("\\", "/") or None
        size = node.get("size") or ""
        row = (node.get("id"), *digests, exported, node.get("path"),
               int(size) if size.isdecimal() else None)  # fmt: skip
        self._db.execute(_INSERT, row)
        self.count += 1

    def with_file(self, share: AnyShare, file_id: str | None) -> AnyShare | None:
        """The share with its file's digests and paths; None if it waits for the file's entry."""
        if file_id is None:
            return share
        found = self._db.execute(_SELECT, (file_id,)).fetchone()
        if found is None:
            blob = msgspec.msgpack.encode(share)
            live = not isinstance(share, RecoveredShare)
            self._db.execute("INSERT INTO waiting VALUES (?, ?, ?)", (file_id, live, blob))
            return None
        return _filled(share, found)

    def waited(self) -> Iterator[tuple[AnyShare, bool]]:
        """Shares whose file's entry came later or never, and whether it came."""
        rows = self._db.execute("SELECT file, live, share FROM waiting ORDER BY rowid")
        for file_id, live, blob in rows:
            share = (Share if live else RecoveredShare)(**msgspec.msgpack.decode(blob))
            found = self._db.execute(_SELECT, (file_id,)).fetchone()
            yield (_filled(share, found), True) if found else (share, False)


def _filled(share: AnyShare, found: tuple[str | None, ...]) -> AnyShare:
    md5, sha1, sha256, exported, path, size = found
    return replace(
        share,
        md5=md5,
        sha1=sha1,
        sha256=sha256,
        hash_basis=HashBasis.TOOL_REPORT if md5 or sha1 or sha256 else None,
        path_exported=exported or share.path_exported,
        path_stated=path or share.path_stated,
        size=size if share.size is None else share.size,
    )


def _metadata(node: ET.Element) -> dict[str, str]:
    """Items of a file's sections, by name."""
    said: dict[str, str] = {}
    for section in node:
        if local(section) == "metadata":
            for item in section:
                if item.text and (name := item.get("name")):
                    said[_NAMES.get(name, name)] = item.text
    return said
