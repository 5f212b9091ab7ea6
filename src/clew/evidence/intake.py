"""Taking an exhibit in: every entry is walked, hashed in one read, kept, and opened if an archive.

The files of an exhibit go in shards. A shard is named by what the walk saw of its files, and its
rows are published in one step, so that a run which was killed is resumed by running it again.
"""

import hashlib
import os
import shutil
import stat
import threading
from collections.abc import Iterator
from contextlib import closing, nullcontext
from itertools import chain
from pathlib import Path

import msgspec
import pyarrow as pa

from clew.casefile import Case
from clew.casefile.chronicle import EXHIBIT_TAKEN_IN
from clew.casefile.context import Context
from clew.casefile.files import write_text, writing
from clew.casefile.outputs import ROOTS, refuse_overlap
from clew.casefile.store import Content, Incoming, Store
from clew.errors import UsageError
from clew.evidence import backups, walk
from clew.evidence.backups import Manifest
from clew.evidence.bounds import Bounds
from clew.evidence.device_paths import DevicePaths
from clew.evidence.digests import Digests, chunks
from clew.evidence.entries import Intake, Packed, Shard, shards
from clew.evidence.items import content_sha256
from clew.evidence.members import Members, Taken, opens
from clew.evidence.segments import segments
from clew.evidence.signatures import not_opened
from clew.evidence.walk import Entry, Root
from clew.records import Exhibit, Flag, Item, ItemKind, Outcome
from clew.sandbox import GuardPool
from clew.schema import Id, replace, table_part, to_arrow
from clew.shards import ShardRun, in_order, part_files, write_rows
from clew.views import whole
from clew.words.reasons import figures, joined

STEP = "intake"
_MANIFESTS = "manifests.msgpack"
_TINY = 4096
"""Mean bytes of a file below which the interpreter, and not hashing, takes the time."""
_SPARSE_FROM = 64 << 30
"""A file this large of which less than a hundredth is on the disk is holes: hours of zeros."""


def take_in(context: Context) -> Exhibit:
    """Take an exhibit in, or say why not; nothing is changed where it is in the case already."""
    case, intake = context.case, context.options.intake
    assert isinstance(intake, Intake)
    exhibit_id = intake.exhibit.exhibit_id
    for path in intake.paths:
        refuse_overlap(path, case.folder)
    packed = list(shards(intake))
    key = hashlib.sha256("".join(s.name for s in packed).encode()).hexdigest()
    if context.is_done(key):
        raise _already(exhibit_id)
    case.custody.must_be_signed(EXHIBIT_TAKEN_IN)
    case.custody.append("taking in", exhibit_id=exhibit_id, authority=intake.exhibit.authority)
    run = ShardRun(context)
    roots = _roots(intake.paths)
    write_text(run.folder.path / ROOTS, roots)
    folders = run.run(f"taking in {exhibit_id}", packed, _Entries(context, intake).take)
    items = in_order(part_files(folders, Item))
    paths = DevicePaths(items, _manifests(folders))
    exhibit = replace(intake.exhibit, content_sha256=content_sha256(paths.items()))
    try:
        _refuse_repeats(case, exhibit)
    except UsageError:
        run.folder.remove()
        raise
    about: dict[str, object] = msgspec.to_builtins(exhibit)
    whom = {name: about.pop(name) for name in ("label", "holder_ref")}
    case.custody.append_sealed(
        EXHIBIT_TAKEN_IN, whom, signs=True, exhibit=about, key=key,
        bounds_changed=_changed(intake.bounds), sandbox=msgspec.to_builtins(run.standing),
    )  # fmt: skip
    case.store.sync()
    flags = in_order(part_files(folders, Flag))
    run.publish(
        table_part(Exhibit, [exhibit]),
        (Item, paths.items),
        (Flag, lambda: chain(flags(), _phones(exhibit_id, paths))),
        key=key,
        detail={"roots": roots},
    )
    return exhibit


def _roots(paths: tuple[Path, ...]) -> str:
    """Where evidence lies: how the paths of its entries begin, its folder, and its one file."""
    found = [
        (root.shown_as.hex(), root.folder.hex(), (root.only or b"").hex())
        for root in walk.roots(list(paths))
    ]
    return msgspec.json.encode(found).decode()


def _phones(exhibit_id: str, paths: DevicePaths) -> Iterator[pa.RecordBatch]:
    """Flags of the phones that were recognised among the items."""
    flags = [
        Flag(exhibit_id=Id(exhibit_id), item_id=Id(item), code=code, figures=said)
        for item, (code, said) in paths.flags()
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


class _Entries:
    """Takes in the entries of one exhibit, a shard at a time."""

    def __init__(self, context: Context, intake: Intake) -> None:
        earlier = context.case.manifests.get(STEP, intake.exhibit.exhibit_id)
        self._keeps = not (intake.exhibit.hash_only or earlier)
        self._store = context.case.store
        self._inline = context.options.inline
        self._tiny = threading.Lock()
        """One shard of tiny files at a time: threads would only wait for each other in between."""

    def take(self, packed: Packed, folder: Path, guards: GuardPool) -> None:
        """Task: read the entries of a shard, and keep their rows in a folder."""
        shard = packed.unpacked()
        taken = Taken()
        spool = folder / ".spool"
        store = self._store if self._keeps else Store(spool)
        members = Members(guards, store, taken, shard.bounds)
        paths: dict[Id[Item], bytes] = {}
        tiny = shard.size < _TINY * len(shard.entries)
        with closing(walk.Folders()) as folders, self._tiny if tiny else nullcontext():
            for entry in shard.entries:
                item = self._take_entry(shard, entry, taken, members, folders)
                paths[item.item_id] = shard.path(entry)
        if self._inline:
            self._inline(list(_contents(taken.items, paths, store)), guards.mine())
        stated = list(_manifests_among(taken.items, paths, store, guards))
        self._store.sync()
        shutil.rmtree(spool, ignore_errors=True)
        write_rows(folder, [*taken.items, *taken.flags], (Item, Flag))
        if stated:
            with writing("keeping what a backup says of itself"):
                (folder / _MANIFESTS).write_bytes(msgspec.msgpack.encode(stated))

    def _take_entry(
        self, shard: Shard, entry: Entry, taken: Taken, members: Members, folders: walk.Folders
    ) -> Item:
        digests = Digests()
        problem, kept = entry.problem, None
        if entry.kind == ItemKind.FILE and problem is None:
            problem, kept = self._read(shard.roots[entry.root], entry, digests, folders)
        item = shard.item(entry, problem, digests)
        if item.sha256 and opens(item.media_type, digests.tail):
            path = shard.path(entry)
            members.expand(item, kept or path, segments(path, item.media_type))
            return item
        if item.sha256 and (kind := not_opened(item.media_type, digests.tail)):
            taken.flag(item, "container:not_opened", figures(kind=kind))
        taken.items.append(item)
        return item

    def _read(
        self, root: Root, entry: Entry, digests: Digests, folders: walk.Folders
    ) -> tuple[str | None, bytes | None]:
        """Read a file once through: what went wrong, and where its content is kept."""
        incoming = self._store.receive() if self._keeps else None
        problem = read_through(folders, root, entry, digests, incoming)
        if incoming is None:
            return problem, None
        if problem:
            incoming.drop()
            return problem, None
        return None, os.fsencode(incoming.keep(digests.sha256))


def _manifests_among(
    items: list[Item], paths: dict[Id[Item], bytes], store: Store, guards: GuardPool
) -> Iterator[Manifest]:
    """What the manifests of backups among the items say; they are read while they are here."""
    wanted = [i for i in items if i.sha256 and backups.may_be(i.path)]
    contents: dict[str, Path | bytes] = {}
    for item in wanted:
        assert item.sha256
        kept = store.path(item.sha256)
        contents[item.item_id] = kept if kept.is_file() else paths[item.item_id]
    if wanted:
        yield from backups.manifests(wanted, contents, guards.mine())


def _contents(items: list[Item], paths: dict[Id[Item], bytes], store: Store) -> Iterator[Content]:
    """Contents that were read, and where each can be read once more."""
    for item in items:
        if item.sha256 is None or not item.media_type or item.outcome != Outcome.PROCESSED:
            continue
        kept = store.path(item.sha256)
        file = kept if kept.is_file() else paths.get(item.item_id)
        if file is not None:
            yield Content(
                exhibit_id=item.exhibit_id, item_id=item.item_id, path=item.path,
                sha256=item.sha256, media_type=item.media_type, size=item.size or 0, file=file,
                sure=file is kept,
            )  # fmt: skip


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
            return "changed_during_read"
        if before.st_size > _SPARSE_FROM and before.st_blocks * 512 < before.st_size // 100:
            return joined("sparse", bytes=before.st_blocks * 512)
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
    return None if same and digests.size == after.st_size else "changed_during_read"


def _refuse_repeats(case: Case, exhibit: Exhibit) -> None:
    """Refuse an exhibit whose id or content the case has already."""
    for known in case.rows(whole(Exhibit).sql):
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
