"""Taking an exhibit in: every entry is walked, hashed in one read, kept, and opened if an archive.

The files of an exhibit go in shards. A shard is named by what the walk saw of its files, and its
rows are published in one step, so that a run which was killed is resumed by running it again.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, nullcontext
from functools import lru_cache
from itertools import chain
from pathlib import Path

import msgspec
import pyarrow as pa

from clew.casefile import Case, each
from clew.casefile.engine import Progress
from clew.casefile.files import replacing_folder, writing
from clew.casefile.parquet import read_part, write_part
from clew.casefile.step_manifest import StepManifest
from clew.casefile.store import Held, Incoming, Store
from clew.errors import UsageError
from clew.evidence import backups, walk
from clew.evidence.backups import Manifest
from clew.evidence.bounds import Bounds
from clew.evidence.device_paths import Places
from clew.evidence.digests import Digests, chunks
from clew.evidence.items import as_text, as_time, content_sha256, item_id
from clew.evidence.members import Members, Taken, opens, outcome_of
from clew.evidence.segments import segments
from clew.evidence.signatures import media_type, not_opened
from clew.evidence.walk import Entry, Root
from clew.records.evidence import Exhibit, Flag, Item, ItemKind, Outcome
from clew.sandbox import Guard, GuardPool, Limits, Standing
from clew.schema import Id, Row, replace, table_part, to_arrow

Inline = Callable[[list[Held], Guard], None]
"""What looks at contents that were just read, while their bytes are still in memory."""
STEP = "intake"
VERSION = "2"
_MANIFESTS = "manifests.msgpack"
_SHARD_ENTRIES = 512
_SHARD_BYTES = 512 << 20
_SPARSE_FROM = 64 << 30
_TINY = 4096
"""Mean bytes of a file below which the interpreter, and not hashing, takes the time."""
"""A file this large of which less than a hundredth is on the disk is holes: hours of zeros."""


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
    def bytes(self) -> int:
        """Bytes to read."""
        return sum(e.size or 0 for e in self.entries if e.kind == ItemKind.FILE)


class Packed(msgspec.Struct, frozen=True):
    """A shard while it waits: an exhibit may have millions of entries."""

    name: str
    held: bytes
    bytes: int

    def unpacked(self) -> Shard:
        """The shard itself."""
        return msgspec.msgpack.decode(zlib.decompress(self.held), type=Shard)


class Taking(msgspec.Struct, frozen=True):
    """An exhibit as asked for, before anything of it was read."""

    exhibit: Exhibit
    """As it will be written down; its content hash is not known yet."""
    paths: tuple[Path, ...]
    bounds: Bounds = Bounds()
    """How far its archives are opened."""


def take_in(  # noqa: PLR0913, PLR0917 - as every step, and what looks inline
    case: Case,
    taking: Taking,
    progress: Progress,
    workers: int | None = None,
    limits: Limits | None = None,
    inline: Inline | None = None,
) -> Exhibit:
    """Take an exhibit in, or say why not; nothing is changed where it is in the case already."""
    exhibit_id = taking.exhibit.exhibit_id
    earlier = case.manifests.get(STEP, exhibit_id)
    shards = list(_shards(taking))
    key = hashlib.sha256("".join(s.name for s in shards).encode()).hexdigest()
    if earlier and earlier.key == key:
        raise _already(exhibit_id)
    case.custody.append("taking in", exhibit_id=exhibit_id, authority=taking.exhibit.authority)
    keep = not (taking.exhibit.hash_only or earlier)
    work = Work(case, exhibit_id, keep=keep, limits=limits, inline=inline)
    folders = work.take(shards, progress, workers)
    places = Places(lambda: _batches(folders, Item), _manifests(folders))
    identity = content_sha256(places.items())
    exhibit = replace(taking.exhibit, content_sha256=identity)
    try:
        _refuse_repeats(case, exhibit)
    except UsageError:
        work.remove()
        raise
    case.custody.append(
        "exhibit taken in",
        exhibit=msgspec.to_builtins(exhibit),
        key=key,
        bounds_changed=_changed(taking.bounds),
        sandbox=msgspec.to_builtins(work.standing),
    )
    case.store.sync()
    below = [(root.shown_as.hex(), root.folder.hex()) for root in walk.roots(list(taking.paths))]
    detail = {"roots": msgspec.json.encode(below).decode()}
    case.publish(
        StepManifest(STEP, exhibit_id, key, (), detail),
        [
            table_part(Exhibit, [exhibit]),
            (Item, places.items),
            (Flag, lambda: chain(_batches(folders, Flag), _phones(exhibit_id, places))),
        ],
    )
    work.remove()
    return exhibit


def _phones(exhibit_id: str, places: Places) -> Iterator[pa.RecordBatch]:
    """Flags of the phones that were recognised among the items."""
    flags = [
        Flag(exhibit_id=Id(exhibit_id), item_id=Id(item), code=code, detail=detail)
        for item, code, detail in places.flags()
    ]
    yield from to_arrow(Flag, flags).to_batches()


def _manifests(folders: list[Path]) -> Iterator[Manifest]:
    """What the manifests of backups said, shard by shard."""
    for folder in folders:
        file = folder / _MANIFESTS
        if file.is_file():
            yield from msgspec.msgpack.decode(file.read_bytes(), type=list[Manifest])


def _changed(bounds: Bounds) -> dict[str, int]:
    """Bounds that are not the usual ones."""
    usual = msgspec.to_builtins(Bounds())
    return {k: v for k, v in msgspec.to_builtins(bounds).items() if v != usual[k]}


class Work:
    """The shards of one exhibit while they are taken in."""

    def __init__(
        self,
        case: Case,
        exhibit_id: str,
        *,
        keep: bool,
        limits: Limits | None = None,
        inline: Inline | None = None,
    ) -> None:
        self._limits = limits
        self._inline = inline
        self._folder = case.folder / "work" / STEP / exhibit_id
        self._keep = keep
        self.standing: Standing | None = None
        """How far the workers that opened archives were locked down; None where none did."""
        self._case = case
        self._tiny = threading.Lock()
        """One shard of tiny files at a time: threads would only wait for each other in between."""

    def take(self, shards: list[Packed], progress: Progress, workers: int | None) -> list[Path]:
        """Take every shard in that is not yet, and return where their rows are, in order."""
        progress.start("taking in", sum(shard.bytes for shard in shards))
        with GuardPool(self._limits, self._case.scratch) as guards:
            for shard, _ in each(lambda s: self._take_shard(s.unpacked(), guards), shards, workers):
                progress.advance(shard.bytes)
            self.standing = guards.standing
        progress.finish()
        return [self._folder / shard.name for shard in shards]

    def remove(self) -> None:
        """Remove what was only needed on the way."""
        with writing("clearing up"):
            shutil.rmtree(self._folder, ignore_errors=True)

    def _take_shard(self, shard: Shard, guards: GuardPool) -> None:
        folder = self._folder / shard.name
        if folder.is_dir():
            return
        taken = Taken()
        spool = self._folder / f".tmp-{shard.name}"
        store = self._case.store if self._keep else Store(spool)
        members = Members(guards, store, taken, shard.bounds)
        places: dict[Id[Item], bytes] = {}
        tiny = shard.bytes < _TINY * len(shard.entries)
        with closing(walk.Folders()) as folders, self._tiny if tiny else nullcontext():
            for entry in shard.entries:
                item = self._take_entry(shard, entry, taken, members, folders)
                places[item.item_id] = _path(shard.roots[entry.root], entry)
        if self._inline:
            self._inline(list(_held(taken.items, places, store)), guards.mine())
        said = list(self._manifests(shard, taken, store, guards))
        self._case.store.sync()
        shutil.rmtree(spool, ignore_errors=True)
        with replacing_folder(folder) as hidden:
            for row, rows in ((Item, taken.items), (Flag, taken.flags)):
                batches = to_arrow(row, rows).to_batches()
                write_part(row, hidden / f"{row.table_name}.parquet", batches)
            if said:
                with writing("keeping what a backup says of itself"):
                    (hidden / _MANIFESTS).write_bytes(msgspec.msgpack.encode(said))

    def _manifests(
        self, shard: Shard, taken: Taken, store: Store, guards: GuardPool
    ) -> Iterator[Manifest]:
        """What the manifests of backups among the items say; they are read while they are here."""
        wanted = [i for i in taken.items if i.sha256 and backups.may_be(i.path)]
        if not wanted:
            return
        originals = {
            _own(shard, entry): _path(shard.roots[entry.root], entry) for entry in shard.entries
        }
        contents: dict[str, Path | bytes] = {}
        for item in wanted:
            assert item.sha256
            kept = store.path(item.sha256)
            contents[item.item_id] = kept if kept.is_file() else originals[item.item_id]
        yield from backups.manifests(wanted, contents, guards.mine())

    def _take_entry(
        self, shard: Shard, entry: Entry, taken: Taken, members: Members, folders: walk.Folders
    ) -> Item:
        digests = Digests()
        problem, kept = entry.problem, None
        if entry.kind == ItemKind.FILE and problem is None:
            problem, kept = self._read(shard.roots[entry.root], entry, digests, folders)
        item = _item(shard, entry, problem, digests)
        if item.sha256 and opens(item.media_type, digests.tail):
            path = _path(shard.roots[entry.root], entry)
            beside = segments(path, item.media_type)
            members.expand(item, kept or path, beside)
            return item
        if item.sha256 and (kind := not_opened(item.media_type, digests.tail)):
            taken.flag(item, "container:not_opened", kind)
        taken.items.append(item)
        return item

    def _read(
        self, root: Root, entry: Entry, digests: Digests, folders: walk.Folders
    ) -> tuple[str | None, bytes | None]:
        """Read a file once through: what went wrong, and where its content is kept."""
        incoming = self._case.store.receive() if self._keep else None
        problem = read_through(folders, root, entry, digests, incoming)
        if incoming is None:
            return problem, None
        if problem:
            incoming.drop()
            return problem, None
        return None, os.fsencode(incoming.keep(digests.sha256))


def read_through(
    folders: walk.Folders,
    root: Root,
    entry: Entry,
    digests: Digests,
    incoming: Incoming | None,
) -> str | None:
    """Digest and keep a file in one read; what went wrong with it, if anything did.

    An error in writing to the store is not the file's fault: it ends the run instead.
    """
    try:
        handle = folders.open_file(root, entry.parts)
    except OSError as error:
        return f"open:{walk.code(error)}"
    try:
        before = os.fstat(handle)
        if not stat.S_ISREG(before.st_mode):
            return "changed-during-read"
        if before.st_size > _SPARSE_FROM and before.st_blocks * 512 < before.st_size // 100:
            return f"sparse:{before.st_blocks * 512} bytes on disk"
        for chunk in chunks(handle):
            digests.update(chunk)
            if incoming:
                incoming.write(chunk)
        after = os.fstat(handle)
    except OSError as error:
        return f"read:{walk.code(error)}"
    finally:
        os.close(handle)
    seen = (entry.size, entry.mtime_ns)
    same = seen == (after.st_size, after.st_mtime_ns) and before.st_ctime_ns == after.st_ctime_ns
    return None if same and digests.size == after.st_size else "changed-during-read"


def _entries(taking: Taking) -> Iterator[Entry]:
    for number, root in enumerate(walk.roots(list(taking.paths))):
        try:
            yield from walk.walk(number, root)
        except OSError as error:
            raise UsageError(
                f"{taking.paths[number]} can't be listed: {error.strerror}",
                do="See that you may read it; nothing was changed.",
            ) from error


def _shards(taking: Taking) -> Iterator[Packed]:
    """Cut the entries of an exhibit, in order, into shards of bounded size."""
    roots = walk.roots(list(taking.paths))
    exhibit = taking.exhibit
    held: list[Entry] = []
    size = 0

    def packed() -> Packed:
        shard = Shard(exhibit.exhibit_id, roots, tuple(held), exhibit.hash_only, taking.bounds)
        small = zlib.compress(msgspec.msgpack.encode(shard), 1)
        return Packed(shard.name, small, shard.bytes)

    for entry in _entries(taking):
        if held and (len(held) >= _SHARD_ENTRIES or size >= _SHARD_BYTES):
            yield packed()
            held, size = [], 0
        held.append(entry)
        size += entry.size or 0 if entry.kind == ItemKind.FILE else 0
    yield packed()


def _item(shard: Shard, entry: Entry, problem: str | None, digests: Digests) -> Item:
    root = shard.roots[entry.root]
    shown = (root.shown_as, *entry.parts) if root.shown_as else entry.parts
    path, raw = as_text(b"/".join(shown))
    outcome, reason = outcome_of(entry.kind, problem)
    above = _above(shard.exhibit_id, root, entry.parts[:-1])
    held = entry.kind == ItemKind.FILE and problem is None
    return Item(
        item_id=_own(shard, entry),
        exhibit_id=Id(shard.exhibit_id),
        parent_item_id=Id(above) if above and len(entry.parts) > 1 else None,
        path=path,
        path_raw=raw,
        in_archive=False,
        kind=entry.kind,
        size=digests.size if held else entry.size,
        mtime=as_time(entry.mtime_ns),
        md5=digests.md5 if held else None,
        sha1=digests.sha1 if held else None,
        sha256=digests.sha256 if held else None,
        media_type=media_type(digests.head) if held else None,
        link_target=as_text(entry.link_target)[0] if entry.link_target else None,
        outcome=outcome,
        reason=reason,
    )


def _own(shard: Shard, entry: Entry) -> Id[Item]:
    above = _above(shard.exhibit_id, shard.roots[entry.root], entry.parts[:-1])
    return item_id(shard.exhibit_id, above, entry.parts[-1])


@lru_cache(maxsize=4096)
def _above(exhibit_id: str, root: Root, parts: tuple[bytes, ...]) -> str | None:
    """Id of the folder that holds an entry, or what stands for the root."""
    above: str | None = root.shown_as.hex() or None
    for part in parts:
        above = item_id(exhibit_id, above, part)
    return above


def _path(root: Root, entry: Entry) -> bytes:
    return b"/".join((root.folder, *entry.parts))


def _held(items: list[Item], places: dict[Id[Item], bytes], store: Store) -> Iterator[Held]:
    """Contents that were read, and where each can be read once more."""
    for item in items:
        if item.sha256 is None or not item.media_type or item.outcome != Outcome.PROCESSED:
            continue
        kept = store.path(item.sha256)
        file = kept if kept.is_file() else places.get(item.item_id)
        if file is not None:
            yield Held(
                exhibit_id=item.exhibit_id, item_id=item.item_id, path=item.path,
                sha256=item.sha256, media_type=item.media_type, size=item.size or 0, file=file,
                sure=file is kept,
            )  # fmt: skip


def _batches(folders: list[Path], row: type[Row]) -> Iterator[pa.RecordBatch]:
    for folder in folders:
        yield from read_part(folder / f"{row.table_name}.parquet")


def _refuse_repeats(case: Case, exhibit: Exhibit) -> None:
    """Refuse an exhibit whose id or content the case has already."""
    for known in case.rows("SELECT exhibit_id, content_sha256 FROM exhibits ORDER BY exhibit_id"):
        same_id = known["exhibit_id"] == exhibit.exhibit_id
        same_content = known["content_sha256"] == exhibit.content_sha256
        if same_id and same_content:
            raise _already(exhibit.exhibit_id)
        if same_id:
            raise UsageError(
                f"exhibit {exhibit.exhibit_id} is in the case already, with other content",
                do="Give this one another --exhibit id; nothing was changed.",
            )
        if same_content:
            raise UsageError(
                f"the same content is in the case already, as exhibit {known['exhibit_id']}",
                do="Check which of the two ids is right; nothing was changed.",
            )


def _already(exhibit_id: str) -> UsageError:
    return UsageError(
        f"exhibit {exhibit_id} is in the case already, with this content",
        do="Nothing was changed; go on with: clew run CASE",
    )
