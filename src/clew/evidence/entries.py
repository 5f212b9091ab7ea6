"""Entries of an exhibit, cut into shards in the order of the walk, and the items they become."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import msgspec

from clew.errors import UsageError
from clew.evidence import walk
from clew.evidence.bounds import Bounds
from clew.evidence.digests import Digests
from clew.evidence.items import as_text, as_time, content_columns, item_id
from clew.evidence.walk import Entry, Root
from clew.records import Exhibit, Item, ItemKind
from clew.schema import Id
from clew.shards import cut

VERSION = "2"
_SHARD_ENTRIES = 512
_SHARD_BYTES = 512 << 20


class Intake(msgspec.Struct, frozen=True):
    """An exhibit as asked for, before anything of it was read."""

    exhibit: Exhibit
    """As it will be written down; its content hash is not known yet."""
    paths: tuple[Path, ...]
    bounds: Bounds = Bounds()
    """How far its archives are opened."""


class Shard(msgspec.Struct, frozen=True):
    """Some entries of one exhibit, in the order of the walk."""

    exhibit_id: str
    roots: tuple[Root, ...]
    entries: tuple[Entry, ...]
    hash_only: bool
    bounds: Bounds

    @property
    def name(self) -> str:
        """Digest over all that decides what the shard yields."""
        return hashlib.sha256(VERSION.encode() + msgspec.json.encode(self)).hexdigest()[:32]

    @property
    def size(self) -> int:
        """Bytes to read."""
        return sum(map(_size, self.entries))

    def path(self, entry: Entry) -> bytes:
        """Where an entry lies in the evidence."""
        return b"/".join((self.roots[entry.root].folder, *entry.parts))

    def item_id(self, entry: Entry) -> Id[Item]:
        """Id of the item that an entry becomes."""
        return item_id(self.exhibit_id, self._folder_id(entry), entry.parts[-1])

    def item(self, entry: Entry, problem: str | None, digests: Digests) -> Item:
        """The item that an entry becomes, once it was read or could not be."""
        root = self.roots[entry.root]
        shown = (root.shown_as, *entry.parts) if root.shown_as else entry.parts
        path, raw = as_text(b"/".join(shown))
        folder = self._folder_id(entry)
        return Item(
            item_id=self.item_id(entry), exhibit_id=Id(self.exhibit_id),
            parent_item_id=Id(folder) if folder and len(entry.parts) > 1 else None, path=path,
            path_raw=raw, in_archive=False, mtime=as_time(entry.mtime_ns),
            link_target=as_text(entry.link_target)[0] if entry.link_target else None,
            **content_columns(entry.kind, problem, digests, entry.size),
        )  # fmt: skip

    def _folder_id(self, entry: Entry) -> str | None:
        return _folder_id(self.exhibit_id, self.roots[entry.root], entry.parts[:-1])


class Packed(msgspec.Struct, frozen=True):
    """A shard while it waits: an exhibit may have millions of entries."""

    name: str
    packed: bytes
    size: int

    @classmethod
    def of(cls, shard: Shard) -> Packed:
        """The shard, packed."""
        return cls(shard.name, zlib.compress(msgspec.msgpack.encode(shard), 1), shard.size)

    def unpacked(self) -> Shard:
        """The shard itself."""
        return msgspec.msgpack.decode(zlib.decompress(self.packed), type=Shard)


def shards(intake: Intake) -> Iterator[Packed]:
    """The entries of an exhibit in shards of bounded size."""
    roots = walk.roots(list(intake.paths))
    exhibit = intake.exhibit
    for entries in cut(_entries(intake), _size, most=_SHARD_ENTRIES, most_bytes=_SHARD_BYTES):
        shard = Shard(exhibit.exhibit_id, roots, entries, exhibit.hash_only, intake.bounds)
        yield Packed.of(shard)


def _entries(intake: Intake) -> Iterator[Entry]:
    for number, root in enumerate(walk.roots(list(intake.paths))):
        try:
            yield from walk.walk(number, root)
        except OSError as error:
            raise UsageError(
                f"{intake.paths[number]} can't be listed: {error.strerror}",
                do="See that you may read it; nothing was changed.",
            ) from error


def _size(entry: Entry) -> int:
    return entry.size or 0 if entry.kind == ItemKind.FILE else 0


@lru_cache(maxsize=4096)
def _folder_id(exhibit_id: str, root: Root, parts: tuple[bytes, ...]) -> str | None:
    """Id of the folder that holds an entry, or what stands for the root."""
    found: str | None = root.shown_as.hex() or None
    for part in parts:
        found = item_id(exhibit_id, found, part)
    return found
