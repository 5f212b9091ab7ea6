"""Members of archives: an archive is opened in a worker, and each member becomes an item.

A member's name is data and never a path; what it holds goes to the store under its hash. An
archive within an archive is opened in its turn, down to a depth, and all that comes out of one
file together is bounded, so that a bomb costs what a limit says and no more.
"""

from __future__ import annotations

from collections import deque
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from clew.casefile.store import Incoming, Store
from clew.evidence import unpack
from clew.evidence.bounds import Bounds
from clew.evidence.digests import Digests
from clew.evidence.items import as_text, content_columns, item_id
from clew.evidence.signatures import (
    CONTAINERS_NOT_OPENED,
    IMAGES,
    has_zip_tail,
    is_container,
    not_opened,
)
from clew.evidence.stated import Flagged
from clew.records import Flag, Item, ItemKind, Outcome
from clew.sandbox import GuardPool, WorkerLost
from clew.schema import replace
from clew.shards import Lost, isolate
from clew.words.reasons import figures, parted

_LOST_WORKERS = 64
"""Workers that one image may cost."""
_HARD_LINK = "archive:hard_link"
_ENDING = 5
"""Letters in the ending of a compressed file, at most."""


_SPARE = 1 << 30
"""Bytes by which a worker may pass its limit: it ends what it is at."""


class StatedMember(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A member as the worker tells of it; checked, since the worker has read hostile bytes."""

    ordinal: int
    name: str
    kind: ItemKind
    mtime: datetime | None
    size_stated: int | None
    flags: list[Flagged]


class Taken:
    """Rows that come of some entries."""

    def __init__(self) -> None:
        self.items: list[Item] = []
        self.flags: list[Flag] = []

    def flag(self, item: Item, code: str, figures: tuple[str, ...] = ()) -> None:
        """Say that something about an item is odd."""
        row = Flag(exhibit_id=item.exhibit_id, item_id=item.item_id, code=code, figures=figures)
        self.flags.append(row)


class _Archive(msgspec.Struct):
    """An archive to open."""

    item: Item
    path: Path | bytes
    depth: int
    beside: tuple[bytes, ...] = ()
    """Further segments of an image, in order."""


class Members:
    """Opens one file that is an archive, and all archives within it."""

    def __init__(self, guards: GuardPool, store: Store, taken: Taken, bounds: Bounds) -> None:
        self._guards = guards
        self._store = store
        self._taken = taken
        self._bounds = bounds
        self._left = 0
        self._members_left = 0
        self._waiting: deque[_Archive] = deque()

    def expand(self, item: Item, path: Path | bytes, beside: tuple[bytes, ...] = ()) -> None:
        """Add the item and every member under it to what was taken."""
        self._left = self._bounds.total(item.size or 0)
        self._members_left = self._bounds.root_members
        self._waiting.append(_Archive(item, path, 0, beside))
        self._taken.items.append(item)
        index = len(self._taken.items) - 1
        while self._waiting:
            archive = self._waiting.popleft()
            problem = self._open(archive)
            if problem:
                self._fail(archive.item, problem, index)

    def _open(self, archive: _Archive) -> str | None:
        """Take an archive's members; what stopped it, if anything did."""
        if limit := self._reached(archive):
            return limit
        if archive.item.media_type in IMAGES:
            return self._open_image(archive)
        before = len(self._taken.items), len(self._taken.flags), self._left
        problems: list[str | None] = []

        def attempt(_: object) -> Lost | None:
            del self._taken.items[before[0] :], self._taken.flags[before[1] :]
            self._left = before[2]
            reading = _Reading(self._store, archive.item, self._taken)
            try:
                self._read(reading, archive)
            except WorkerLost as lost:
                reading.abandon(lost.reason)
                return Lost.over(lost)
            self._queue(reading, archive)
            problems.append(reading.problem or (None if reading.members else "no_members"))
            return None

        isolate([archive], attempt, lambda _, reason: problems.append(reason))
        return problems[0]

    def _open_image(self, archive: _Archive) -> str | None:
        """Take an image's members; a file that costs a worker fails, and the next goes on from it.

        Nothing that came before is read again: an image may be hours of work.
        """
        start, members = 0, 0
        for _ in range(_LOST_WORKERS):
            reading = _Reading(self._store, archive.item, self._taken)
            lost: str | None = None
            try:
                self._read(reading, archive, start)
            except WorkerLost as loss:
                lost = loss.reason
            at = reading.at
            reading.abandon(lost or "")
            members += reading.members
            self._queue(reading, archive)
            if lost is None or at is None:
                return lost or reading.problem or (None if members else "no_members")
            start = at + 1
        return "limit:lost_workers"

    def _queue(self, reading: _Reading, archive: _Archive) -> None:
        """Have what was found within an archive opened in its turn."""
        for item, path in reading.archives:
            self._waiting.append(_Archive(item, path, archive.depth + 1))
        self._members_left -= reading.members

    def _reached(self, archive: _Archive) -> str | None:
        """The limit that opening one more archive would pass, if any."""
        if archive.depth >= self._bounds.depth:
            return "limit:depth"
        if self._left <= 0:
            return "limit:total"
        return "limit:root_members" if self._members_left <= 0 else None

    def _read(self, reading: _Reading, archive: _Archive, start: int = 0) -> None:
        members = min(self._bounds.members, self._members_left)
        bounds = msgspec.structs.replace(self._bounds, total_bytes=self._left, members=members)
        argument = {
            "bounds": msgspec.to_builtins(bounds),
            "media_type": archive.item.media_type,
            "start": start,
            "inner_name": inner_name(archive.item.path).hex(),
        }
        patient = archive.item.media_type in IMAGES
        files: dict[str, Path | bytes] = {"file": archive.path}
        files |= {f"segment{n:05}": path for n, path in enumerate(archive.beside)}
        for frame in self._guards.mine(patient=patient).run(unpack.TASK, argument, files):
            if isinstance(frame, bytes):
                self._left -= len(frame)
                reading.more(frame)
            elif isinstance(frame, dict):
                reading.hear(frame)
            if self._left < -_SPARE or reading.members > 2 * members + 1000:
                raise WorkerLost("worker_protocol", "more than was asked for")

    def _fail(self, item: Item, problem: str, start: int) -> None:
        """Mark an item as failed; it stands somewhere after ``start``.

        What only ends like an archive is a file in its own right, and keeps its outcome.
        """
        if not is_container(item.media_type):
            self._taken.flag(item, "zip:tail_not_opened", figures(why=parted(problem)[0]))
            return
        for index in range(start, len(self._taken.items)):
            if self._taken.items[index].item_id == item.item_id:
                code, found = parted(problem)
                self._taken.items[index] = replace(
                    item, outcome=Outcome.FAILED, reason=code, figures=found
                )


class _Reading:
    """One archive while its members come in."""

    def __init__(self, store: Store, archive: Item, taken: Taken) -> None:
        self._store = store
        self._archive = archive
        self._taken = taken
        self._stated: StatedMember | None = None
        self._digests = Digests()
        self._incoming: Incoming | None = None
        self.members = 0
        self.problem: str | None = None
        """What is wrong with the archive as a whole."""
        self.archives: list[tuple[Item, Path]] = []
        self._by_path: dict[str, Item] = {}
        self._indexed = len(taken.items)

    def hear(self, frame: dict[str, Any]) -> None:
        """Take in what the worker tells: flags, the next member, or the end of one."""
        try:
            if "member" in frame:
                self._begin(msgspec.convert(frame["member"], StatedMember))
            elif "end" in frame:
                self._end(msgspec.convert(frame["end"], str | None))
            elif "problem" in frame:
                self.problem = msgspec.convert(frame["problem"], str)
            else:
                for code, found in msgspec.convert(frame["flags"], list[Flagged]):
                    self._taken.flag(self._archive, code, found)
        except (msgspec.ValidationError, KeyError, TypeError, ValueError) as error:
            raise WorkerLost("worker_protocol", error) from error

    @property
    def at(self) -> int | None:
        """Ordinal of the member that is coming in; None between members."""
        return self._stated.ordinal if self._stated else None

    def more(self, chunk: bytes) -> None:
        """Take in the next bytes of the member."""
        self._digests.update(chunk)
        if self._incoming is None:
            self._incoming = self._store.receive()
        self._incoming.write(chunk)

    def abandon(self, reason: str) -> None:
        """The worker is lost: the member that it was at fails with it."""
        if self._stated is not None:
            self._end(reason)

    def _begin(self, listed: StatedMember) -> None:
        bytes.fromhex(listed.name)  # before it is needed, when the worker may be lost
        self._stated = listed
        self._digests = Digests()

    def _end(self, problem: str | None) -> None:
        listed, incoming = self._stated, self._incoming
        if listed is None:
            raise ValueError("the end of a member that never began")
        self._stated = self._incoming = None
        self.members += 1
        item = self._linked(listed, self._item(listed, problem))
        if item.sha256 is None or item.sha256 != self._digests.sha256:
            if incoming:
                incoming.drop()
        else:
            path = (incoming or self._store.receive()).keep(item.sha256)
            if opens(item.media_type, self._digests.tail):
                self.archives.append((item, path))
            elif kind := not_opened(item.media_type, self._digests.tail):
                self._taken.flag(item, "container:not_opened", figures(kind=kind))
        for code, found in listed.flags:
            self._taken.flag(item, code, found)
        self._taken.items.append(item)

    def _linked(self, listed: StatedMember, item: Item) -> Item:
        """A hard link has the content of the member that it names, and none of its own."""
        (target,) = dict(listed.flags).get(_HARD_LINK, ("",))
        if not target or item.size or item.outcome is not Outcome.PROCESSED:
            return item
        for earlier in self._taken.items[self._indexed :]:
            if earlier.parent_item_id == self._archive.item_id and earlier.sha256:
                self._by_path[earlier.path] = earlier
        self._indexed = len(self._taken.items)
        found = self._by_path.get(f"{self._archive.path}/{target.partition('=')[2]}")
        if found is None:
            lost = {"md5": None, "sha1": None, "sha256": None, "size": None, "media_type": None}
            return replace(item, **lost, outcome=Outcome.FAILED, reason="hard_link:not_there")
        same = {name: getattr(found, name) for name in ("md5", "sha1", "sha256", "size")}
        return replace(item, **same, media_type=found.media_type)

    def _item(self, listed: StatedMember, problem: str | None) -> Item:
        name = bytes.fromhex(listed.name)
        shown = name.rstrip(b"/") if listed.kind == ItemKind.DIRECTORY else name
        path, raw = as_text(shown)
        target = self._digests.head.decode("utf-8", "backslashreplace")
        return Item(
            item_id=item_id(self._archive.exhibit_id, self._archive.item_id, name, listed.ordinal),
            exhibit_id=self._archive.exhibit_id, parent_item_id=self._archive.item_id,
            path=f"{self._archive.path}/{path}", path_raw=raw, ordinal=listed.ordinal,
            in_archive=True, mtime=listed.mtime,
            link_target=target if listed.kind == ItemKind.SYMLINK and not problem else None,
            **content_columns(listed.kind, problem, self._digests, listed.size_stated),
        )  # fmt: skip


def inner_name(path: str) -> bytes:
    """What a compressed file holds is named as the file is, without its ending."""
    name = path.rpartition("/")[2]
    stem, dot, ending = name.rpartition(".")
    return (stem if dot and stem and len(ending) <= _ENDING else name + ".unpacked").encode()


def opens(kind: str | None, tail: bytes) -> bool:
    """Whether a content is an archive that is opened, by its first bytes or its last."""
    return is_container(kind) or (kind not in CONTAINERS_NOT_OPENED and has_zip_tail(tail))
