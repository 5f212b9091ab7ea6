"""What a file looks like that no reader understands: which product it seems to be of.

Nothing found in such a file is not nothing there. ``lookalikes.toml`` is the catalogue: it knows
products by names of files and by the parts of a structure. A fingerprint of the parts tells two
files of one kind apart from two of different kinds.
"""

import fnmatch
import hashlib
import re
from collections.abc import Iterable
from functools import cache

import msgspec

from clew.facts.reader_api import data_file
from clew.facts.shapes import Shape

CHAT, PRODUCT, APP, OTHER = (
    "looks_like_chat", "no_reader:product", "no_reader:app", "no_reader",
)  # fmt: skip
_OF_APPS = ("leveldb", "realm")
"""Kinds of database without names of its own parts: the folder of a messenger gives it weight."""
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


class Known(msgspec.Struct, frozen=True):
    """A product and kind of file; see the head of ``lookalikes.toml``."""

    is_: str = msgspec.field(name="is")
    chat: bool = False
    names: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    tables: tuple[tuple[str, ...], ...] = ()
    keys: tuple[tuple[str, ...], ...] = ()
    texts: tuple[tuple[str, ...], ...] = ()


class _Generic(msgspec.Struct, frozen=True):
    who: tuple[str, ...]
    when: tuple[str, ...]
    what: tuple[str, ...]
    tables: tuple[str, ...] = ()

    @property
    def each(self) -> tuple[tuple[str, ...], ...]:
        return self.who, self.when, self.what


class _Catalogue(msgspec.Struct, frozen=True):
    known: tuple[Known, ...]
    generic: _Generic
    generic_keys: _Generic


class Signs(msgspec.Struct, frozen=True):
    """What the catalogue says of a file."""

    code: str
    """How it is reported: as a chat, a known product, the data of a known app, or as neither."""
    of: tuple[str, ...] = ()
    """What it looks like, in words."""


@cache
def _catalogue() -> _Catalogue:
    return msgspec.convert(data_file("clew.facts", "lookalikes.toml"), _Catalogue)


def known() -> tuple[Known, ...]:
    """Every entry of the catalogue."""
    return _catalogue().known


def patterns() -> tuple[str, ...]:
    """Patterns of names that are looked at whatever the type of the content."""
    return tuple(pattern for entry in known() for pattern in entry.names)


def by_name(path: str) -> str | None:
    """What a file is by its name."""
    name = path.rpartition("/")[2].casefold()
    return next((k.is_ for k in known() if _one_of(k.names).match(name)), None)


def signs_of_tables(path: str, tables: dict[str, list[str]]) -> Signs:
    """What a database is by its tables and columns, and by its path.

    >>> signs_of_tables("x", {"messages": ["_id", "sender_id", "sent_time", "body"]}).of
    ('messages (messages: sender_id, sent_time, body)',)
    """
    there = {name.casefold() for name in tables}
    there |= {f"{t.casefold()}.{c.casefold()}" for t, columns in tables.items() for c in columns}
    found = [k for k in known() if any(there.issuperset(parts) for parts in k.tables)]
    generic = None if found else _by_columns(tables)
    return _signs(path, found, generic)


def signs_of(path: str, shape: Shape) -> Signs:
    """What a file is by the names in its structure, by words in it, and by its path."""
    names = {name.strip().casefold() for name in (shape.root, *shape.names)}
    found = [
        k
        for k in known()
        if any(names.issuperset(parts) for parts in k.keys)
        or any(all(word in shape.text for word in words) for words in k.texts)
    ]
    signs = _signs(path, found, None if found else _by_keys(names))
    holds_chats = shape.kind in _OF_APPS and any(k.chat for k in known() if k.is_ in signs.of)
    return msgspec.structs.replace(signs, code=CHAT) if holds_chats else signs


def fingerprint(names: Iterable[str]) -> str:
    """SHA-256 over the sorted names of a structure."""
    return hashlib.sha256("\n".join(sorted(set(names))).encode("utf-8", "replace")).hexdigest()


def _signs(path: str, found: list[Known], generic: str | None) -> Signs:
    """The code and words of what was found; a path alone names a product and has no weight."""
    last, whole = path.rpartition("/")[2].casefold(), f"/{path.casefold()}"
    found += [k for k in known() if k not in found and _one_of(k.names).match(last)]
    beside = [k for k in known() if k not in found and _one_of(k.paths).match(whole)]
    is_chat = generic is not None or any(k.chat for k in found)
    code = CHAT if is_chat else PRODUCT if found else APP if beside else OTHER
    words = [k.is_ for k in found] + ([generic] if generic else []) + [k.is_ for k in beside]
    return Signs(code, tuple(dict.fromkeys(words)))


def _by_columns(tables: dict[str, list[str]]) -> str | None:
    """A table of messages: by its name, and by columns of who, when and what, two at least."""
    generic = _catalogue().generic
    for table, columns in sorted(tables.items()):
        if not _words(table) & set(generic.tables):
            continue
        hits = [
            next((c for c in columns if any(word in c.casefold() for word in words)), None)
            for words in generic.each
        ]
        if sum(hit is not None for hit in hits) >= len(hits) - 1:
            return f"messages ({table}: {', '.join(c for c in hits if c)})"
    return None


def _words(name: str) -> set[str]:
    """Words of a name such as ``chat_message`` or ``ZMESSAGE``, and the whole, in small letters."""
    return {word.casefold() for word in _WORDS.findall(name)} | {name.casefold().removeprefix("z")}


def _by_keys(names: set[str]) -> str | None:
    """Messages, by keys of who, when and what; a key that holds messages counts as one of these."""
    generic = _catalogue().generic_keys
    hits = [next((w for w in words if w in names), None) for words in generic.each]
    found = [hit for hit in hits if hit]
    found += [w for w in generic.tables if hits[2] and w in names and w not in found][:1]
    return f"messages (keys: {', '.join(found)})" if len(found) >= len(hits) else None


@cache
def _one_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """One expression for several patterns of names; it fits nothing where there are none."""
    return re.compile("|".join(map(fnmatch.translate, patterns)) or r"(?!)")
