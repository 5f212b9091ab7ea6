"""A member as its archive states it, and what a worker sends of it to the other side."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from clew.words.reasons import figures

Frame = dict[str, Any] | bytes
"""``{"member": …}``, its bytes in chunks, ``{"end": problem}``; between members ``{"flags": …}``,
and at the end ``{"problem": …}`` where something is wrong with the archive as a whole."""


Flagged = tuple[str, tuple[str, ...]]
"""Code and figures of something odd that stopped nothing."""


def flagged(code: str, **values: Any) -> Flagged:
    """Something odd, with its figures."""
    return code, figures(**values)


class Stated(msgspec.Struct, frozen=True, kw_only=True):
    """What an archive states of a member before its content."""

    ordinal: int
    name: bytes
    kind: str
    mtime: datetime | None
    size_stated: int | None
    flags: tuple[Flagged, ...] = ()
    """What is odd about it."""

    def told(self) -> dict[str, Any]:
        """As it goes over the line."""
        return {
            "ordinal": self.ordinal,
            "name": self.name.hex(),
            "kind": self.kind,
            "mtime": self.mtime,
            "size_stated": self.size_stated,
            "flags": [list(flag) for flag in self.flags],
        }
