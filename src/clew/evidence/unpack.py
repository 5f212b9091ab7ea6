"""Opening an archive in a worker: what is in it, member by member, sent to the other side."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from clew.evidence import zips
from clew.evidence.zips import Limits, Member, MemberError

TASK = "clew.evidence.unpack:members"
ONE = "clew.evidence.unpack:content"


def members(argument: dict[str, Any]) -> Iterator[dict[str, Any] | bytes]:
    """Task: the archive at ``path`` (hexadecimal), every member of it in order.

    Yields ``{"flags": [[code, detail]…]}`` once, then for each member ``{"member": {…}}``, its
    bytes in chunks, and ``{"end": problem}``, which is null where nothing was wrong.
    """
    with open(bytes.fromhex(argument["path"]), "rb") as file:  # noqa: PTH123 - bytes path
        walk = zips.walk(file, Limits(**argument["limits"]))
        yield {"flags": [list(flag) for flag in walk.flags], "members": len(walk.members)}
        for member in walk.members:
            yield {"member": _told(member)}
            yield from _content(walk, member)


def content(argument: dict[str, Any]) -> Iterator[dict[str, Any] | bytes]:
    """Task: the bytes of the one member whose ordinal is ``ordinal``, then its ``end``."""
    with open(bytes.fromhex(argument["path"]), "rb") as file:  # noqa: PTH123 - bytes path
        walk = zips.walk(file, Limits(**argument["limits"]))
        for member in walk.members:
            if member.ordinal == argument["ordinal"]:
                yield from _content(walk, member)


def _content(walk: zips.Walk, member: Member) -> Iterator[dict[str, Any] | bytes]:
    if member.problem is None and member.kind in ("file", "symlink"):
        try:
            yield from zips.content(walk, member)
        except MemberError as error:
            yield {"end": error.reason}
            return
    yield {"end": member.problem}


def _told(member: Member) -> dict[str, Any]:
    return {
        "ordinal": member.ordinal,
        "name": member.name.hex(),
        "utf8": member.utf8,
        "kind": str(member.kind),
        "mtime": member.mtime,
        "size_stated": member.size_stated,
        "seen_in": str(member.seen_in),
    }


def path_argument(path: str | bytes | os.PathLike[str]) -> str:
    """A path as a task takes it, whatever bytes are in it."""
    return os.fsencode(path).hex()
