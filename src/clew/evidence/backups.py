"""Backups of iOS devices: which file of the backup lies where on the device.

A backup keeps each file under the SHA-1 of its domain and path; ``Manifest.db`` says which is
which, and ``Manifest.plist`` whether all of it is encrypted. Both are read in a worker. What they
say is checked: a name that is not the SHA-1 of its path, a file that is listed and not there, or
there and not listed, is reported.

References:
    - iOS 10 and later: table ``Files`` of Manifest.db (fileID, domain, relativePath, flags)
    - "Practical Mobile Forensics", 4th edition, chapter on iOS backups

"""

import contextlib
import hashlib
import os
import plistlib
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from clew.evidence.stated import Flagged, Frame, flagged
from clew.records import Item
from clew.sandbox import Guard, WorkerLost
from clew.words.reasons import joined, parted

MANIFEST, ABOUT = "Manifest.db", "Manifest.plist"
TASK = "clew.evidence.backups:manifest"
NO_DATABASE = "no_database"
_FILE = 1
"""Flag of a regular file; 2 is a folder and 4 a link, of which a backup holds no content."""
_PAGE = 2000
_MOST = 5_000_000
_PLIST_BYTES = 64 << 20
_QUERY = "SELECT fileID, domain, relativePath, flags FROM Files ORDER BY rowid"
_STORED = re.compile(r"(?:[0-9a-f]{2}/)?([0-9a-f]{40})")


class Stated(msgspec.Struct, forbid_unknown_fields=True):
    """What a worker says of a backup, from hostile bytes: in one frame, or in all together."""

    files: dict[str, str] = {}
    """Path on the device, domain first, of each stored name."""
    encrypted: bool = False
    misnamed: int = 0
    """Names that are not the SHA-1 of what they stand for."""
    problem: str | None = None


class Manifest(Stated, kw_only=True):
    """What one of the two files says of the backup in its folder."""

    item_id: str
    folder: str
    name: str


def manifest(argument: dict[str, Any]) -> Iterator[Frame]:
    """Task: what ``file``, a Manifest.db with its log or a Manifest.plist, says of a backup."""
    if argument["name"] == ABOUT:
        with os.fdopen(os.dup(argument["file"]), "rb") as file:
            answer = plistlib.loads(file.read(_PLIST_BYTES))
        yield {"encrypted": bool(isinstance(answer, dict) and answer.get("IsEncrypted"))}
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "manifest"
        for name, ending in (("file", ""), ("wal", "-wal")):
            if name in argument:
                _copied(argument[name], Path(f"{copy}{ending}"))
        with contextlib.closing(sqlite3.connect(copy)) as database:
            database.text_factory = lambda text: text.decode("utf-8", "backslashreplace")
            yield from _listed(database)


def _copied(handle: int, target: Path) -> None:
    with os.fdopen(os.dup(handle), "rb") as source, target.open("wb") as copy:
        shutil.copyfileobj(source, copy)


def _listed(database: sqlite3.Connection) -> Iterator[Frame]:
    """Stored names and paths of the regular files, page by page, then what went wrong."""
    page: dict[str, str] = {}
    misnamed = 0
    problem: str | None = None
    try:
        for number, (stored, domain, path, flags) in enumerate(database.execute(_QUERY)):
            if number >= _MOST:
                problem = "limit:members"
                break
            if flags != _FILE:
                continue
            page[str(stored)] = f"{domain}/{path}"
            named = hashlib.sha1(f"{domain}-{path}".encode(), usedforsecurity=False).hexdigest()
            misnamed += named != stored
            if len(page) >= _PAGE:
                yield {"files": page}
                page = {}
    except sqlite3.Error as error:
        problem = joined("damaged", cause=error)
    yield {"files": page, "misnamed": misnamed, "problem": problem}


def may_be(path: str) -> bool:
    """Whether a file is, by its name, one that tells of a backup."""
    return path.rpartition("/")[2] in (MANIFEST, ABOUT, f"{MANIFEST}-wal")


def manifests(
    items: Iterable[Item], contents: Mapping[str, Path | bytes], guard: Guard
) -> Iterator[Manifest]:
    """What each manifest among some items says; ``contents`` is where each can be read, by id."""
    by_path = {item.path: item for item in items}
    for path, item in by_path.items():
        folder, _, name = path.rpartition("/")
        if name not in (MANIFEST, ABOUT) or item.item_id not in contents:
            continue
        found = Manifest(item_id=item.item_id, folder=folder, name=name)
        if name == MANIFEST and item.media_type != "application/vnd.sqlite3":
            found.problem = NO_DATABASE
            yield found
            continue
        files = {"file": contents[item.item_id]}
        log = by_path.get(f"{path}-wal")
        if log is not None and log.item_id in contents:
            files["wal"] = contents[log.item_id]
        yield _asked(found, guard, files)


def _asked(found: Manifest, guard: Guard, files: dict[str, Path | bytes]) -> Manifest:
    """Fill in what the worker tells, as far as it comes."""
    try:
        for frame in guard.run(TASK, {"name": found.name}, files):
            if not isinstance(frame, dict):
                continue
            answer = msgspec.convert(frame, Stated)
            if len(found.files) <= _MOST:
                found.files.update(answer.files)
            found.encrypted = found.encrypted or answer.encrypted
            found.misnamed += answer.misnamed
            found.problem = answer.problem
    except WorkerLost as lost:
        found.problem = lost.reason
    except msgspec.ValidationError as error:
        found.problem = joined("worker_protocol", cause=error)
    return found


class Backup:
    """A backup as its manifests tell of it, while the files in its folder are met."""

    def __init__(self, said: Iterable[Manifest]) -> None:
        self.encrypted = False
        self._files: dict[str, str] = {}
        self._met: set[str] = set()
        self._not_listed: set[str] = set()
        self._said = list(said)
        for manifest in self._said:
            self.encrypted = self.encrypted or manifest.encrypted
            self._files.update(manifest.files)

    def device_path(self, below: str) -> str | None:
        """Path on the device of a file of the backup, by its path below the backup's folder."""
        stored = _STORED.match(below)
        if stored is None:
            return None
        behind = below[stored.end() :]
        if behind and not behind.startswith("/"):
            return None
        device = self._files.get(stored[1])
        if not behind:
            (self._met if device else self._not_listed).add(stored[1])
        return device and device + behind

    @property
    def is_one(self) -> bool:
        """Whether the manifests tell of a backup at all."""
        damaged = any(m.problem not in (None, NO_DATABASE) for m in self._said)
        return self.encrypted or damaged or bool(self._files)

    @property
    def unread(self) -> tuple[str, ...]:
        """Items that are no database because the backup is encrypted."""
        if not self.encrypted:
            return ()
        return tuple(m.item_id for m in self._said if m.problem == NO_DATABASE)

    def flags(self) -> Iterator[tuple[str, Flagged]]:
        """What is odd, by item, when every file was met."""
        for manifest in self._said:
            if manifest.encrypted:
                yield manifest.item_id, flagged("phone:ios-backup-encrypted")
            if manifest.problem and not (self.encrypted and manifest.problem == NO_DATABASE):
                why = parted(manifest.problem)[0]
                yield manifest.item_id, flagged("backup:manifest_not_read", why=why)
            if manifest.misnamed:
                yield manifest.item_id, flagged("backup:misnamed", n=manifest.misnamed)
            if manifest.files:
                yield from self._counted(manifest)

    def _counted(self, manifest: Manifest) -> Iterator[tuple[str, Flagged]]:
        missing = len(manifest.files.keys() - self._met)
        if missing:
            yield manifest.item_id, flagged("backup:listed_not_there", n=missing)
        if self._not_listed:
            yield manifest.item_id, flagged("backup:there_not_listed", n=len(self._not_listed))
