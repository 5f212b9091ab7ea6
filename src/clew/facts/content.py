"""The bytes of an item, for a reader: from the store, or from the evidence itself.

Whatever the way, what is read is what was hashed: a copy is checked against the item's SHA-256.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from clew.casefile import Case
from clew.casefile.files import writing
from clew.sandbox import Guard, WorkerLost
from clew.words.reasons import Unreadable

_MEMBER = "clew.evidence.unpack:content"
"""Task that yields one member of an archive; named, since stages do not import each other."""


class ContentGone(Unreadable):
    """The bytes of an item can't be had as they were hashed."""


class Contents:
    """Contents of the items of one exhibit."""

    def __init__(self, case: Case, exhibit_id: str) -> None:
        self._case = case
        done = case.manifests.get("intake", exhibit_id)
        found = msgspec.json.decode(done.detail["roots"]) if done else []
        self._roots = [(bytes.fromhex(shown), bytes.fromhex(folder)) for shown, folder, *_ in found]

    def kept(self, item: dict[str, Any]) -> Path | None:
        """Where the store keeps an item's content, if it does."""
        path = self._case.store.path(item["sha256"])
        return path if path.is_file() else None

    def copy(self, item: dict[str, Any], target: Path, guard: Guard) -> None:
        """Copy an item's content to ``target``; raise ContentGone where it can't be had."""
        digest = hashlib.sha256()
        try:
            with target.open("xb") as out:
                for chunk in self._chunks(item, target, guard):
                    digest.update(chunk)
                    with writing("copying to the scratch folder"):
                        out.write(chunk)
        except WorkerLost as lost:
            raise ContentGone("gone:member", cause=lost.reason) from lost
        if digest.hexdigest() != item["sha256"]:
            raise ContentGone("gone:changed")

    def _chunks(self, item: dict[str, Any], target: Path, guard: Guard) -> Iterator[bytes]:
        kept = self.kept(item)
        if kept:
            yield from _read(kept)
        elif item["in_archive"]:
            yield from self._member(item, target, guard)
        else:
            yield from _read(self._original(item))

    def _member(self, item: dict[str, Any], target: Path, guard: Guard) -> Iterator[bytes]:
        """Bytes of a member of an archive, which is copied first, and so on outwards."""
        (archive,) = self._case.rows(
            "SELECT * FROM items WHERE item_id = $id", id=item["parent_item_id"]
        )
        path: Path | bytes
        if archive["in_archive"]:
            path = target.with_name(f"{target.name}.outer")
            self.copy(archive, path, guard)
        else:
            path = self.kept(archive) or self._original(archive)
        argument = {
            "ordinal": item["ordinal"],
            "media_type": archive["media_type"],
            "inner_name": "",
        }
        for frame in guard.run(_MEMBER, argument, {"file": path}):
            if isinstance(frame, bytes):
                yield frame
            elif isinstance(frame, dict) and (problem := frame.get("problem") or frame.get("end")):
                raise ContentGone("gone:member", cause=problem)

    def _original(self, item: dict[str, Any]) -> bytes:
        """Path of an item in the evidence."""
        path = bytes.fromhex(item["path_raw"]) if item["path_raw"] else item["path"].encode()
        for shown, folder in self._roots:
            if not shown:
                return folder + b"/" + path
            if path.startswith(shown + b"/"):
                return folder + path[len(shown) :]
        raise ContentGone("gone:folder")


def _read(path: Path | bytes) -> Iterator[bytes]:
    try:
        with open(path, "rb") as file:
            while chunk := file.read(1 << 20):
                yield chunk
    except OSError as error:
        raise ContentGone("gone:file", cause=error.strerror) from error
