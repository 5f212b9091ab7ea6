"""Opening an archive in a worker: what is in it, member by member, sent to the other side."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from typing import Any, BinaryIO, cast

import msgspec

from clew.evidence import zips
from clew.evidence.bounds import Bounds
from clew.evidence.signatures import IMAGES, is_zip_like
from clew.evidence.stated import Frame, Stated, flagged
from clew.evidence.zips import Member, MemberError

TASK = "clew.evidence.unpack:members"
_CHUNK = 1 << 20


def members(argument: dict[str, Any]) -> Iterator[Frame]:
    """Task: the archive open at ``file``, every member of it in order, as ``Frame`` says."""
    bounds = msgspec.convert(argument["bounds"], Bounds)
    segments = sorted(name for name in argument if name.startswith("segment"))
    handles = [argument["file"], *(argument[name] for name in segments)]
    if argument["media_type"] in IMAGES:
        from clew.evidence.images import Image

        yield from Image(handles, bounds, argument.get("start", 0)).frames()
        return
    with _whole(handles) as file:
        if segments:
            yield {"flags": [flagged("archive:volumes", n=len(handles))]}
        yield from _archive(file.fileno(), bounds, argument)


def _archive(handle: int, bounds: Bounds, argument: dict[str, Any]) -> Iterator[Frame]:
    if is_zip_like(argument["media_type"]):
        yield from _zip(handle, bounds)
        return
    from clew.evidence.archives import Reading  # loads libarchive, which not every case needs

    inner_name = bytes.fromhex(argument["inner_name"])
    yield from Reading(handle, argument["media_type"], inner_name, bounds).frames()


def _whole(handles: list[int]) -> BinaryIO:
    """An archive as one file: itself, or its volumes one behind another in the worker's folder."""
    first, *later = (os.fdopen(os.dup(handle), "rb") for handle in handles)
    if not later:
        return first
    joined = tempfile.TemporaryFile()  # noqa: SIM115 - whoever asked closes it
    for part in (first, *later):
        with part:
            part.seek(0)
            shutil.copyfileobj(part, joined, _CHUNK)
    joined.seek(0)
    return cast("BinaryIO", joined)


def content(argument: dict[str, Any]) -> Iterator[Frame]:
    """Task: the bytes of the one member whose ordinal is ``ordinal``, then its ``end``."""
    wanted = False
    for frame in members({"bounds": {}, **argument}):
        if isinstance(frame, dict) and "member" in frame:
            wanted = frame["member"]["ordinal"] == argument["ordinal"]
        elif wanted:
            yield frame
            if isinstance(frame, dict) and "end" in frame:
                return


def _zip(handle: int, bounds: Bounds) -> Iterator[Frame]:
    with os.fdopen(os.dup(handle), "rb") as file:
        walk = zips.walk(file, bounds)
        yield {"flags": walk.flags}
        for member in walk.members:
            yield {"member": _stated(member).as_dict()}
            yield from _content(walk, member)


def _content(walk: zips.Walk, member: Member) -> Iterator[Frame]:
    if member.problem is None and member.kind in ("file", "symlink"):
        try:
            yield from zips.content(walk, member)
        except MemberError as error:
            yield {"end": error.reason}
            return
    yield {"end": member.problem}


def _stated(member: Member) -> Stated:
    salvaged = [flagged("zip:salvaged")]
    return Stated(
        ordinal=member.ordinal, name=member.name, kind=str(member.kind), mtime=member.mtime,
        size_stated=member.size_stated,
        flags=() if member.seen_in == "central" else tuple(salvaged),
    )  # fmt: skip
