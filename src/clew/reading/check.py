"""How what Clew read can be checked without Clew: the file, its SHA-256, and a command of any Unix.

A command reads the evidence where it lay when it was taken in, through ``unzip`` where it is a
member of a ZIP. It reads the copy in the case's store, which is named by its SHA-256, where the
file is another archive's, lies elsewhere now, or has a path that is masked. A database is opened so
that nothing is written; where it has a write-ahead log, copies of both are. Which command shows a
row follows from its locator: a table's row, a line, a JSON pointer, an offset.
"""

import json
import os
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from clew.casefile import Case
from clew.reading.facade import Reading
from clew.records import Item, Source
from clew.schema import Row, columns
from clew.views import whole

_ROW = re.compile(r"(\w+)/(\d+)")
_LINE = re.compile(r"line/(\d+)(?:/.*)?")
_POINTER = re.compile(r"(/[^\s]*)(?: at byte \d+)?")
_OFFSET = re.compile(r".*@(\w+)\+(\d+)")
_MODEL = re.compile(r"model:([^;]+).*")
_DATABASE = "application/vnd.sqlite3"
_ZIP = "application/zip"
_LOG = "-wal"
_SHOWN_BYTES = 256


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
    command = laid.command(locator, log, is_database=item["media_type"] == _DATABASE)
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

    def command(self, locator: str, log: str | None, *, is_database: bool) -> str | None:
        """Shell command that prints the file's SHA-256 and what stands at the locator."""
        if is_database and log and (copied := self._with_log(log)):
            return f"{copied} && {_shown('$d/db', locator, is_database=True, log='$d/db-wal')}"
        if where := self._evidence(self._item):
            return _shown(where, locator, is_database=is_database, log=f"{where}{_LOG}")
        if member := self._member(self._item):
            shown = _shown("$d/f", locator, is_database=is_database)
            return f'd=$(mktemp -d) && {member} > "$d/f" && {shown}'
        if stored := self._stored(self._item):
            return _shown(stored, locator, is_database=is_database)
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


def _shown(file: str, locator: str, *, is_database: bool, log: str = "") -> str:
    """Command that prints the SHA-256 of a file and what stands at a locator in it."""
    named = _quoted(file)
    hashed = f"sha256sum {named}"
    if is_database and (found := _ROW.fullmatch(locator)):
        asked = f'SELECT * FROM "{found[1]}" WHERE rowid = {found[2]}'  # noqa: S608 - word and number
        opened = named if file.startswith("$") else _quoted(f"file:{_escaped(file)}?immutable=1")
        return f"{hashed} && sqlite3 -readonly -line {opened} {shlex.quote(asked)}"
    if found := _OFFSET.fullmatch(locator):
        where = _quoted(log) if found[1] == "wal" and log else named
        return f"{hashed} && xxd -s {found[2]} -l {_SHOWN_BYTES} {where}"
    if found := _LINE.fullmatch(locator):
        return f"{hashed} && sed -n {found[1]}p {named}"
    if (found := _POINTER.fullmatch(locator)) and not is_database:
        path = [int(p) if p.isdecimal() else _unescaped(p) for p in found[1].split("/")[1:]]
        steps = shlex.quote(f"getpath({json.dumps(path, ensure_ascii=False)})")
        return f"{hashed} && jq {steps} {named}"
    if found := _MODEL.fullmatch(locator):
        between = shlex.quote(f'/id="{found[1]}"/,/<\\/model>/p')
        return f"{hashed} && sed -n {between} {named}"
    return hashed


def roots(case: Case, exhibit: str) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Where an exhibit lay when it was taken in: how paths begin, the folder, its one file."""
    manifest = case.manifests.get("intake", exhibit)
    told = manifest.detail.get("roots", "[]") if manifest else "[]"
    for shown_as, folder, only in json.loads(told):
        yield bytes.fromhex(shown_as), bytes.fromhex(folder), bytes.fromhex(only)


def _quoted(path: str) -> str:
    """A path for the shell; one in the new folder keeps the shell's own variable."""
    return f'"{path}"' if path.startswith("$d/") else shlex.quote(path)


def _escaped(path: str) -> str:
    """A path in a URI of SQLite."""
    return path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")


def _unescaped(part: str) -> str:
    """A part of a JSON pointer (RFC 6901)."""
    return part.replace("~1", "/").replace("~0", "~")
