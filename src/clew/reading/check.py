"""How what Clew read can be checked without Clew: the file, its SHA-256, and a command of any Unix.

A command reads the evidence where it lay when it was taken in, through ``unzip`` where it is a
member of a ZIP. It reads the copy in the case's store, which is named by its SHA-256, where the
file is another archive's, lies elsewhere now, or has a path that is masked. A database is opened so
that nothing is written; where it has a write-ahead log, copies of both are. Which command shows a
row follows from the kind of its source and its locator: ``check.toml``.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import tomllib
from collections.abc import Iterator
from functools import cache
from html import escape
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec

from clew.casefile import Case
from clew.reading.facade import Reading
from clew.records import Item, Source
from clew.schema import Row, columns
from clew.views import whole

_DATABASE = "application/vnd.sqlite3"
_ZIP = "application/zip"
_LOG = "-wal"


class _Command(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What shows a row of a kind of source."""

    locator: str
    shows: str
    kind: str = ".*"


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """How to check one row, or a content, without Clew."""

    file: str
    """Exhibit and path, as the reading shows it."""
    sha256: str
    locator: str
    command: str
    """Prints the SHA-256 of the file, and what stands in the row."""


def checks(reading: Reading, rows: list[dict[str, Any]], most: int = 1) -> list[Check]:
    """For the first of these rows that lead to a file, how to check them."""
    found: list[Check] = []
    done: set[tuple[str, str]] = set()
    for row in rows:
        digest, locator = _source(row), str(row.get("locator") or "file")
        if len(found) == most:
            break
        if not digest or (digest, locator) in done:
            continue
        done.add((digest, locator))
        if one := _check(reading, row.get("exhibit_id"), digest, locator):
            found.append(one)
    return found


def _source(row: dict[str, Any]) -> str | None:
    """SHA-256 of the file that a row was read from; of an item its own."""
    if row.get("source_id"):
        return str(row["source_id"])
    return str(row["sha256"]) if row.get("item_id") and row.get("sha256") else None


def _check(reading: Reading, exhibit: str | None, digest: str, locator: str) -> Check | None:
    items = _rows(reading, Item, "sha256", digest)
    items = [item for item in items if exhibit in (None, item["exhibit_id"])]
    if not items:
        return None
    item = min(items, key=lambda one: (one["in_archive"], one["path"]))
    shown = _as_shown(reading, Item, "path", item["path"])
    if _as_shown(reading, Source, "locator", locator) != locator:
        locator = "file"  # it names somebody
    sources = _rows(reading, Source, "source_id", digest)
    log = next((c for s in sources for c in s["companions"] or () if c.endswith(_LOG)), None)
    laid = _Laid(reading, item, hidden=shown != item["path"])
    kind = "database" if item["media_type"] == _DATABASE else ""
    if not kind and sources:
        kind = str(sources[0]["kind"])
    command = laid.command(locator, log, kind)
    if command is None:
        return None
    file = f"{item['exhibit_id']} {shown}"
    return Check(file=file, sha256=digest, locator=locator, command=command)


def _as_shown(reading: Reading, row: type[Row], name: str, value: str) -> str:
    column = next(column for column in columns(row) if column.name == name)
    return str(reading.mask(column, value))


def _rows(reading: Reading, row: type[Row], column: str, value: str) -> list[dict[str, Any]]:
    condition = f'"{column}" = $value'
    return reading.rows(whole(row).query(condition), value=value)


class _Laid:
    """Where a file of evidence can be read, and the commands that read it there."""

    def __init__(self, reading: Reading, item: dict[str, Any], *, hidden: bool) -> None:
        self._case, self._item = reading.case, item
        self._reading, self._hidden = reading, hidden

    def command(self, locator: str, log: str | None, kind: str) -> str | None:
        """Shell command that prints the file's SHA-256 and what stands at the locator."""
        if kind == "database" and log and (copied := self._with_log(log)):
            return f"{copied} && {command_of('$d/db', locator, kind, '$d/db-wal')}"
        if where := self._evidence(self._item):
            return command_of(where, locator, kind, f"{where}{_LOG}")
        if member := self._member(self._item):
            shown = command_of("$d/f", locator, kind)
            return f'd=$(mktemp -d) && {member} > "$d/f" && {shown}'
        if stored := self._stored(self._item):
            return command_of(stored, locator, kind)
        return None

    def _with_log(self, log: str) -> str | None:
        """Command that lays a database and its write-ahead log out in a new folder."""
        beside = [
            item for item in _rows(self._reading, Item, "path", log)
            if item["exhibit_id"] == self._item["exhibit_id"]
        ]  # fmt: skip
        base, wal = self._copy(self._item), self._copy(beside[0]) if beside else None
        if not (base and wal):
            return None
        return f'd=$(mktemp -d) && {base} > "$d/db" && {wal} > "$d/db-wal"'

    def _copy(self, item: dict[str, Any]) -> str | None:
        """Command that writes a file's content to its output."""
        if where := self._evidence(item):
            return f"cat {_quoted(where)}"
        if member := self._member(item):
            return member
        return f"cat {_quoted(stored)}" if (stored := self._stored(item)) else None

    def _evidence(self, item: dict[str, Any]) -> str | None:
        """Where a file lies in the evidence; None where it does not, or its path is masked."""
        if item["in_archive"] or self._hidden:
            return None
        path = bytes.fromhex(item["path_raw"]) if item["path_raw"] else item["path"].encode()
        for shown_as, folder, _ in roots(self._case, item["exhibit_id"]):
            rest = path.removeprefix(shown_as + b"/") if shown_as else path
            file = Path(os.fsdecode(folder)) / os.fsdecode(rest)
            if path.startswith(shown_as) and file.is_file():
                return str(file)
        return None

    def _member(self, item: dict[str, Any]) -> str | None:
        """Command that writes a member of a ZIP in the evidence to its output."""
        if not item["in_archive"] or self._hidden:
            return None
        for above in self._above(item):
            where = self._evidence(above)
            if where and above["media_type"] == _ZIP:
                name = item["path"].removeprefix(above["path"] + "/")
                pattern = re.sub(r"([\[\]*?\\])", r"\\\1", name)
                return f"unzip -p {_quoted(where)} {_quoted(pattern)}"
            if above["kind"] != "directory":
                return None
        return None

    def _above(self, item: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """What holds an item, and so on outwards."""
        while item["parent_item_id"]:
            (item,) = _rows(self._reading, Item, "item_id", item["parent_item_id"])
            yield item

    def _stored(self, item: dict[str, Any]) -> str | None:
        """The copy in the case's store, if it is there."""
        path = self._case.store.path(item["sha256"])
        return str(Path(path).absolute()) if path.is_file() else None


def command_of(file: str, locator: str, kind: str, log: str = "") -> str:
    """Command that prints the SHA-256 of a file and what stands at a locator in it."""
    named = _quoted(file)
    words = {
        "file": named,
        "log": _quoted(log) if log else named,
        "database": named if file.startswith("$") else _read_only(file),
    }
    for one in _commands():
        if re.fullmatch(one.kind, kind) and (found := re.fullmatch(one.locator, locator)):
            shows = one.shows
            for name, word in {**words, **_parts(found)}.items():
                shows = shows.replace(f"<{name}>", word)
            return f"sha256sum {named} && {' '.join(shows.split(chr(10))).strip()}"
    return f"sha256sum {named}"


def _parts(found: re.Match[str]) -> dict[str, str]:
    """What a command is given of a locator: its parts, and as a JSON pointer their path."""
    path = [int(p) if p.isdecimal() else _unescaped(p) for p in found[1].split("/")[1:]]
    quoted = json.dumps(path, ensure_ascii=False).replace("'", r"'\''")
    parts = {str(n): shlex.quote(escape(part)) for n, part in enumerate(found.groups(), 1)}
    return {**parts, "path": quoted, "n": str(len(path))}


@cache
def _commands() -> tuple[_Command, ...]:
    text = resources.files("clew.reading").joinpath("check.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text)["commands"], tuple[_Command, ...])


def roots(case: Case, exhibit: str) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Where an exhibit lay when it was taken in: how paths begin, the folder, its one file."""
    manifest = case.manifests.get("intake", exhibit)
    listed = manifest.detail.get("roots", "[]") if manifest else "[]"
    for shown_as, folder, only in json.loads(listed):
        yield bytes.fromhex(shown_as), bytes.fromhex(folder), bytes.fromhex(only)


def _quoted(path: str) -> str:
    """A path for the shell; one in the new folder keeps the shell's own variable."""
    return f'"{path}"' if path.startswith("$d/") else shlex.quote(path)


def _read_only(path: str) -> str:
    """A database as SQLite opens it without writing anything beside it."""
    escaped = path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    return _quoted(f"file:{escaped}?immutable=1")


def _unescaped(part: str) -> str:
    """A part of a JSON pointer (RFC 6901)."""
    return part.replace("~1", "/").replace("~0", "~")
