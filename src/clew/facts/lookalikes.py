"""Files that no reader takes and that look like a chat database or export.

Nothing found in them is not nothing there.

What they look like is told by their names and by parts of their schema, which ``lookalikes.toml``
lists; a fingerprint of the schema tells two files of one kind apart from two of different kinds.
"""

import fnmatch
import hashlib
import re
from functools import cache

import msgspec

from clew.facts.reader_api import data_file

CODE = "looks_like_chat"
TYPES = frozenset({"application/json", "text/xml", "text/html", "text/plain"})
"""Types of text whose keys are looked at."""
_HEAD = 1 << 16
_KEY = re.compile(rb'"([A-Za-z_][\w-]{0,40})"\s*:|<([A-Za-z][\w:-]{0,40})|class="([^"]{1,60})"')


class _Named(msgspec.Struct, frozen=True):
    is_: str = msgspec.field(name="is")
    patterns: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()


class _Generic(msgspec.Struct, frozen=True):
    tables: tuple[str, ...]
    who: tuple[str, ...]
    when: tuple[str, ...]
    what: tuple[str, ...]


class _Known(msgspec.Struct, frozen=True):
    names: tuple[_Named, ...]
    tables: tuple[_Named, ...]
    generic: _Generic
    texts: dict[str, tuple[str, ...]]
    keys: tuple[_Named, ...]


@cache
def _known() -> _Known:
    return msgspec.convert(data_file("clew.facts", "lookalikes.toml"), _Known)


def patterns() -> tuple[str, ...]:
    """Patterns of names that are looked at though no reader wants them."""
    named = (pattern for known in _known().names for pattern in known.patterns)
    return (*named, *_known().texts["patterns"])


def is_looked_at(path: str) -> bool:
    """Whether a file of this name is looked at."""
    return any(_fits(path, pattern) for pattern in patterns())


def _fits(path: str, pattern: str) -> bool:
    return fnmatch.fnmatchcase(path.rpartition("/")[2].casefold(), pattern)


def by_name(path: str) -> str | None:
    """What a file is by its name."""
    known = _known().names
    return next((k.is_ for k in known if any(_fits(path, p) for p in k.patterns)), None)


def by_tables(tables: dict[str, list[str]]) -> str | None:
    """What a database is by its tables and columns.

    >>> by_tables({"messages": ["_id", "sender_id", "sent_time", "body"]})
    'messages (messages: sender_id, sent_time, body)'
    """
    there = {name.casefold() for name in tables}
    there |= {f"{t.casefold()}.{c.casefold()}" for t, columns in tables.items() for c in columns}
    for known in _known().tables:
        if there.issuperset(known.parts):
            return known.is_
    return _by_columns(tables)


def _by_columns(tables: dict[str, list[str]]) -> str | None:
    generic = _known().generic
    for table, columns in sorted(tables.items()):
        if table.casefold() not in generic.tables:
            continue
        found = [
            next((c for c in columns if any(word in c.casefold() for word in words)), None)
            for words in (generic.who, generic.when, generic.what)
        ]
        if all(found):
            return f"messages ({table}: {', '.join(c for c in found if c)})"
    return None


def by_keys(head: bytes) -> str | None:
    """What a text is by the keys in its first part."""
    text = head[:_HEAD].decode("utf-8", "replace")
    return next((k.is_ for k in _known().keys if all(part in text for part in k.parts)), None)


def fingerprint_of_keys(head: bytes) -> str:
    """SHA-256 over the sorted keys, elements and classes in the first part of a text."""
    found = {b"".join(match) for match in _KEY.findall(head[:_HEAD])}
    return hashlib.sha256(b"\n".join(sorted(found))).hexdigest()
