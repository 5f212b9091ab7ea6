"""Structures that are no text: property lists, LevelDB, Realm, caches, Protocol Buffers.

References:
    - https://github.com/google/leveldb/tree/main/doc (log and table format, magic of a table)
    - Chromium, net/disk_cache (simple and block file cache)
    - https://protobuf.dev/programming-guides/encoding/
    - Apple, CFBinaryPList.c

"""

import plistlib
import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import msgspec

from clew.facts import protobuf
from clew.facts.reader_api import Found, data_file

_HEAD = 1 << 16
_MOST = 16 << 20
"""Bytes of a property list or message that are read."""
_TABLE_END = bytes.fromhex("57fb808b247547db")
_POINTER = re.compile(r"MANIFEST-\d{6,}\n?")
_COMPARATOR = re.compile(rb"leveldb\.BytewiseComparator|idb_cmp1|rocksdb\.\w+Comparator")
_LOG_HEADER = 7
_LOG_TYPES = (1, 2)
_BATCH = 12
_MOST_BATCH = 10_000
_ARCHIVED = "NSKeyedArchiver"
_SMALLEST_MESSAGE = 12
_FEWEST_FIELDS = 2
_HIGHEST_FIELD = 20_000
_MOST_FIELDS = 100_000
_WORDS = re.compile(rb"[\x20-\x7e]{6,200}")
_MOST_WORDS = 4000


class Looked(msgspec.Struct, frozen=True):
    """A structure that is no text."""

    kind: str
    names: tuple[str, ...] = ()
    text: str = ""
    """Words in it that can be read, for the catalogue."""


class _Magic(msgspec.Struct, frozen=True):
    is_: str = msgspec.field(name="is")
    at: int
    bytes_: str = msgspec.field(name="bytes")


def is_leveldb_pointer(text: str) -> bool:
    """Whether a text is the file CURRENT of a LevelDB folder."""
    return _POINTER.fullmatch(text[:64]) is not None


def look(found: Found) -> Looked | None:
    """What a file that is no text looks like; None where it looks like nothing known."""
    with found.open() as file:
        head = file.read(_HEAD)
        size = file.seek(0, 2)
        file.seek(max(size - len(_TABLE_END), 0))
        tail = file.read()
    kind = _leveldb(head, tail) or _by_magic(head)
    words = "\n".join(word.decode() for word in _WORDS.findall(head)[:_MOST_WORDS])
    if kind == "binary-plist" and size <= _MOST:
        return Looked(kind, _plist_names(_whole(found)), words)
    if kind:
        return Looked(kind, (), words)
    names = _message(_whole(found) if size <= _MOST else head, is_whole=size <= _MOST)
    if names:
        return Looked("protobuf", names, words)
    return Looked("binary", (), words) if words and b"SQLite format 3\0" in head else None


def _whole(found: Found) -> bytes:
    with found.open() as file:
        return file.read(_MOST)


@cache
def _magics() -> tuple[tuple[bytes, int, str], ...]:
    listed = msgspec.convert(data_file("clew.facts.shapes", "magic.toml")["magic"], list[_Magic])
    return tuple((m.bytes_.encode("latin-1"), m.at, m.is_) for m in listed)


def _by_magic(head: bytes) -> str | None:
    return next((kind for mark, at, kind in _magics() if head.startswith(mark, at)), None)


def _leveldb(head: bytes, tail: bytes) -> str | None:
    """Whether it is a table, the manifest or the log of a LevelDB folder."""
    if tail == _TABLE_END or _COMPARATOR.search(head):
        return "leveldb"
    length, kind = int.from_bytes(head[4:6], "little"), head[6:7]
    batch = head[_LOG_HEADER:]
    is_log = (
        len(batch) > _BATCH
        and kind in (bytes((t,)) for t in _LOG_TYPES)
        and _BATCH < length <= 32768 - _LOG_HEADER
        and 0 < int.from_bytes(batch[8:12], "little") <= _MOST_BATCH
        and batch[_BATCH] in (0, 1)
        and not any(batch[6:8])
    )
    return "leveldb" if is_log else None


def _plist_names(raw: bytes) -> tuple[str, ...]:
    """Keys of a binary property list and, of an archive of objects, the names of their classes."""
    try:
        value: Any = plistlib.loads(raw, fmt=plistlib.FMT_BINARY)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - the library raises whatever it met, and the kind is known
        return ()
    if not isinstance(value, dict):
        return ()
    names = [str(key) for key in value]
    if value.get("$archiver") == _ARCHIVED and isinstance(value.get("$objects"), list):
        classes = [o.get("$classname") for o in value["$objects"] if isinstance(o, dict)]
        keys = [k for o in value["$objects"] if isinstance(o, dict) for k in o if k[:1] != "$"]
        return (*(c for c in classes if isinstance(c, str)), *keys)
    return tuple(names)


def _message(raw: bytes, *, is_whole: bool) -> tuple[str, ...]:
    """Fields of a message of Protocol Buffers, or of messages with their lengths before them."""
    for read in (protobuf.fields, _with_lengths):
        counts = _fields(read, raw, is_whole=is_whole)
        if counts:
            return tuple(f"field {number} ({n})" for number, n in sorted(counts.items()))
    return ()


def _fields(
    read: Callable[[bytes], Iterator[protobuf.Field]], raw: bytes, *, is_whole: bool
) -> Counter[int]:
    counts: Counter[int] = Counter()
    holds_bytes = False
    try:
        for met, field in enumerate(read(raw)):
            if not 0 < field.number <= _HIGHEST_FIELD:
                return Counter()
            counts[field.number] += 1
            holds_bytes |= isinstance(field.value, bytes) and len(field.value) > 1
            if met >= _MOST_FIELDS:
                break
    except protobuf.Malformed:
        if is_whole or sum(counts.values()) < 50:  # chance fields of what is none are few
            return Counter()
    enough = len(raw) >= _SMALLEST_MESSAGE and sum(counts.values()) >= _FEWEST_FIELDS
    return counts if enough and holds_bytes else Counter()


def _with_lengths(raw: bytes) -> Iterator[protobuf.Field]:
    """Fields of messages each of which stands behind its length, at least two of them."""
    at = messages = 0
    while at < len(raw):
        length, at = protobuf.varint(raw, at)
        if not 1 < length <= len(raw) - at:
            raise protobuf.Malformed("a message ends beyond the last byte")
        yield from protobuf.fields(raw[at : at + length])
        at += length
        messages += 1
    if messages < _FEWEST_FIELDS:
        raise protobuf.Malformed("it is one message")
