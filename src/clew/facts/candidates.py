"""Files that readers want, cut into shards: a large one alone, many small ones together.

To hand a file to a worker and to keep what it yields costs some milliseconds, whatever its size. So
small files go by the dozen, in the order in which they stand. A database never goes with others: it
is copied together with its log and journal, and read by its path.
"""

import hashlib
from collections.abc import Iterable
from typing import Any

import msgspec

from clew.facts.reader_api import may_be_database
from clew.shards import cut

VERSION = "1"
MOST_FILES = 64
"""Files of a shard."""
SMALL = 128 << 10
"""Bytes of a file that may go with others."""
_MOST_BYTES = 2 << 20


class Candidate(msgspec.Struct, frozen=True):
    """A file that some reader wants, and what lies beside it."""

    item: dict[str, Any]
    wal: dict[str, Any] | None
    journal: dict[str, Any] | None
    readers: tuple[str, ...]
    """Readers that want it, with their versions."""
    mappings: tuple[str, ...] = ()
    """Mappings of the case that are meant for it, as text."""
    date_order: str | None = None
    """Order of its dates, where the case knows another than the file's own signs."""

    @property
    def name(self) -> str:
        """Digest over all that decides what is read from it."""
        beside = [b and b["sha256"] for b in (self.wal, self.journal)]
        item = [self.item[name] for name in ("item_id", "called", "sha256")]
        decides = (VERSION, *item, beside, self.readers, self.mappings, self.date_order)
        return hashlib.sha256(repr(decides).encode()).hexdigest()[:32]

    @property
    def content(self) -> tuple[Any, ...]:
        """What makes two files one source."""
        return (self.item["sha256"], *(b and b["sha256"] for b in (self.wal, self.journal)))

    @property
    def is_small(self) -> bool:
        """Whether it may go with others."""
        is_database = may_be_database(self.item["called"], self.item["media_type"])
        return self.size <= SMALL and not is_database

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return int(self.item["size"])


class Shard(msgspec.Struct, frozen=True):
    """Files that are read together, and kept together."""

    files: tuple[Candidate, ...]

    @property
    def name(self) -> str:
        """Digest over all that decides what is read from them."""
        return hashlib.sha256("".join(c.name for c in self.files).encode()).hexdigest()[:32]

    @property
    def size(self) -> int:
        """Bytes of its files."""
        return sum(candidate.size for candidate in self.files)


def shards(files: Iterable[Candidate]) -> list[Shard]:
    """Files cut into shards: a large one or a database alone, small ones by the dozen."""
    limits = {"most": MOST_FILES, "most_bytes": _MOST_BYTES}
    groups = cut(files, lambda c: c.size, **limits, alone=lambda c: not c.is_small)
    return [Shard(group) for group in groups]
