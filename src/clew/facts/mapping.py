"""A mapping: which columns of a CSV file are which columns of which tables, written in YAML.

It is read without running anything in it, and checked against the row classes before anything is
read with it; every error names the line of the mapping, the column, and what is allowed there.
"""

import codecs
import fnmatch
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
import yaml

from clew import records
from clew.errors import UsageError
from clew.schema import Column, Row, columns

_DEEPEST = 16
"""Collections within each other; a mapping has five."""
_NAME = re.compile(r"[^\W_][\w .-]{0,62}[\w-]|[^\W_]")
"""What a mapping may be called: it names a file of the case, whatever the system."""
LARGEST = 1 << 18
"""Characters of a mapping."""
TABLES: dict[str, type[Row]] = {
    row.table_name: row
    for row in (
        records.Message, records.Share, records.Account, records.AccountName, records.Chat,
        records.Membership, records.Contact, records.Call, records.StatedFile,
    )
}  # fmt: skip
"""Tables that a mapping may fill."""
MADE = frozenset(
    {"exhibit_id", "source_id", "locator", "event_id", "call_id", "text_normal", "urls", "tz_basis",
     "ordinal", "record_state", "item_id", "identifier", "platform", "ts_precision", "date_order",
     "sent_local", "sent_text", "hash_basis"}
)  # fmt: skip
"""Columns that the reader fills by itself."""
_DEFAULTED = {
    "messages": {"kind", "state"}, "shares": {"state"}, "accounts": {"id_type", "is_owner"},
    "chats": {"chat_type"}, "calls": {"result"}, "contacts": set(),
}  # fmt: skip
_NOT_WRITTEN = (records.IdType.OWNER, records.IdType.SERVICE)
"""Kinds of account that no tool writes down."""
SPECIAL_DATES = ("iso", "unix", "unix_ms")
"""Forms of time beside the patterns of ``strptime``."""


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """What one column of a table is made of."""

    column: str | None = None
    """Name of the column in the file, or its number from 1 where there is no header."""
    value: str | None = None
    """The same for every record."""
    prefix: str = ""
    split: str | None = None
    """What stands between several values in one cell."""
    words: dict[str, str] = {}
    """Words of the file and what they stand for."""
    id_type: str | None = None
    """Kind of identifier, for an account."""
    line: int = 0
    """Line of the mapping in which it stands."""


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """One table that records become rows of."""

    columns: dict[str, Cell]
    when: str | None = None
    """Column that must hold something for the record to become a row."""


class Mapping(msgspec.Struct, frozen=True, kw_only=True):
    """How the files of one format are read."""

    name: str
    files: tuple[str, ...]
    platform: str
    tables: dict[str, Table]
    encoding: str | None = None
    delimiter: str = ","
    quote: str = '"'
    header: bool = True
    time_zone: str | None = None
    dates: tuple[str, ...] = ("iso",)

    def fits(self, path: str) -> bool:
        """Whether it is meant for a file of this name."""
        name = path.rpartition("/")[2].casefold()
        return any(fnmatch.fnmatchcase(name, pattern.casefold()) for pattern in self.files)


class _Trouble(NamedTuple):
    line: int
    where: str
    what: str


def mapping_of(text: str, name: str = "the mapping") -> Mapping:
    """Read and check a mapping; ``UsageError`` names every line that can't be."""
    if len(text) > LARGEST:
        raise UsageError(f"{name} is larger than {LARGEST >> 10} KiB", do="Write a smaller one.")
    try:
        _refuse_odd(text, name)
        root = yaml.compose(text, yaml.SafeLoader)
    except yaml.YAMLError as error:
        why = f"{name} is no YAML: {_problem(text, error)}"
        raise UsageError(why, do="Mend that line.") from error
    checked = _Checked()
    found = checked.mapping(root)
    if checked.troubles:
        listed = (f"\n  line {t.line}: {t.where}: {t.what}" for t in sorted(checked.troubles))
        raise UsageError(f"{name} can't be used:{''.join(listed)}", do="Mend these lines.")
    assert found is not None
    return found


def _refuse_odd(text: str, name: str) -> None:
    """Refuse what no mapping needs: aliases, and depth, which the parser takes hours over."""
    depth = 0
    for event in yaml.parse(text, yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent):
            raise UsageError(f"{name} uses aliases (*name)", do="Write the values out.")
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise UsageError(f"{name} nests too deep", do="Write it flat.")


class _Checked:
    """A mapping being checked, with all that is wrong in it."""

    def __init__(self) -> None:
        self.troubles: list[_Trouble] = []
        self._keys: dict[int, yaml.Node] = {}
        """The name of each value: what is wrong with a value is reported at its name's line."""

    def tell(self, node: yaml.Node | None, where: str, what: str) -> None:
        self.troubles.append(_Trouble(self._line(node), where, what))

    def _line(self, node: yaml.Node | None) -> int:
        named = self._keys.get(id(node), node)
        return 1 if named is None else int(named.start_mark.line) + 1

    def mapping(self, root: yaml.Node | None) -> Mapping | None:
        given = self._given(root, "mapping", Mapping)
        values = self._values(given)
        if "header" in given:
            values["header"] = values.get("header") in ("true", "yes", "on", "True")
        for key in ("name", "files", "platform", "tables"):
            if key not in given:
                self.tell(root, key, "is missing")
        self._check_values(given, values)
        has_header = values.get("header", True)
        values["tables"] = dict(self._tables(given.get("tables"), has_header=has_header))
        return None if self.troubles else Mapping(**values)

    def _values(self, given: dict[str, yaml.Node], prefix: str = "") -> dict[str, Any]:
        """What stands under the keys of a part; tables and columns are read apart."""
        values: dict[str, Any] = {}
        for key, node in given.items():
            where = f"{prefix}{key}"
            if key in ("files", "dates"):
                several = node.value if isinstance(node, yaml.SequenceNode) else [node]
                values[key] = tuple(t for n in several if (t := self._text(n, where)) is not None)
            elif key == "words":
                pairs = self._pairs(node, where)
                values[key] = {w: self._text(v, f"{where}.{w}") or "" for w, v in pairs}
            elif key not in ("tables", "columns"):
                values[key] = self._text(node, where)
        return {key: value for key, value in values.items() if value is not None}

    def _check_values(self, given: dict[str, yaml.Node], values: dict[str, Any]) -> None:
        def check(key: str, said: str, *, fits: bool) -> None:
            if not fits:
                self.tell(given[key], key, said)

        name, platform = values.get("name", "x"), values.get("platform", "x")
        allowed = "letters, digits, spaces and . - _, at most 64, and begins with a letter or digit"
        why = f"{name!r} can't name a file: it has {allowed}"
        check("name", why, fits=_NAME.fullmatch(name) is not None)
        for key in ("delimiter", "quote"):
            is_one = len(values.get(key, "x")) == 1
            check(key, 'must be one character, such as ";" or "\\t"', fits=is_one)
        is_word = all(c.isascii() and (c.isalnum() or c == "-") for c in platform)
        check("platform", "must be a word of letters, digits and dashes", fits=is_word)
        errors = (LookupError, ZoneInfoNotFoundError, ValueError, OSError)
        for key, look in (("encoding", codecs.lookup), ("time_zone", ZoneInfo)):
            try:
                if key in values:
                    look(values[key])
            except errors:
                self.tell(given[key], key, f"{values[key]!r} is not known")
        allowed = f"{', '.join(SPECIAL_DATES)} or a pattern such as %d/%m/%Y %H:%M:%S"
        for pattern in values.get("dates", ()):
            fits = pattern in SPECIAL_DATES or _is_pattern(pattern)
            check("dates", f"{pattern!r} is none of {allowed}", fits=fits)

    def _tables(self, node: yaml.Node | None, *, has_header: bool) -> Iterator[tuple[str, Table]]:
        for name, below in self._pairs(node, "tables"):
            if name not in TABLES:
                self.tell(below, name, f"is no table to fill; tables are {', '.join(TABLES)}")
                continue
            given = self._given(below, name, Table)
            cells = {
                column: cell
                for column, what in self._pairs(given.get("columns"), f"{name}.columns")
                if (cell := self._cell(name, column, what, has_header=has_header))
            }
            optional = {*MADE, *_DEFAULTED.get(name, ()), *cells}
            for column in columns(TABLES[name]):
                may_lack = column.nullable or column.arrow_type.num_fields
                if not may_lack and column.name not in optional:
                    where = f"{name}.{column.name}"
                    self.tell(below, where, "must be given: it can't be empty")
            when = self._text(given["when"], f"{name}.when") if "when" in given else None
            yield name, Table(columns=cells, when=when)

    def _cell(self, table: str, name: str, node: yaml.Node, *, has_header: bool) -> Cell | None:
        known = {c.name: c for c in columns(TABLES[table]) if c.name not in MADE}
        where = f"{table}.{name}"
        if name not in known:
            self.tell(node, where, f"is no column to fill; columns are {', '.join(known)}")
            return None
        cell = self._cell_given(node, where)
        if not has_header and cell.column is not None and not cell.column.isdecimal():
            self.tell(node, where, "without a header a column is its number, from 1")
        self._fits(known[name], cell, node, where)
        return cell

    def _fits(self, column: Column, cell: Cell, node: yaml.Node, where: str) -> None:
        """Whether a cell is of the kind that its column takes."""
        kinds = [k.value for k in records.IdType if k not in _NOT_WRITTEN]
        if column.names(records.Account):
            if cell.id_type not in kinds:
                self.tell(node, where, f"is an account and needs id_type: {', '.join(kinds)}")
        elif cell.id_type is not None:
            self.tell(node, where, "is no account and takes no id_type")
        if cell.split is not None and column.arrow_type.num_fields == 0:
            self.tell(node, where, "holds one value and takes no split")
        for word in (cell.value, *cell.words.values()) if column.allowed else ():
            if word is not None and word not in column.allowed:
                self.tell(node, where, f"{word!r} is none of {', '.join(column.allowed)}")

    def _cell_given(self, node: yaml.Node, where: str) -> Cell:
        if isinstance(node, yaml.ScalarNode):
            return Cell(column=node.value, line=self._line(node))
        values = self._values(self._given(node, where, Cell), f"{where}.")
        if ("column" in values) == ("value" in values):
            self.tell(node, where, "needs either column or value")
        return Cell(**values, line=self._line(node))

    def _given(
        self, node: yaml.Node | None, where: str, kind: type[msgspec.Struct]
    ) -> dict[str, yaml.Node]:
        """Keys and nodes of a part; unknown keys are reported."""
        given: dict[str, yaml.Node] = {}
        for key, below in self._pairs(node, where):
            known = [name for name in kind.__struct_fields__ if name != "line"]
            if key in known:
                given[key] = below
            else:
                allowed = ", ".join(known)
                self.tell(below, f"{where}.{key}", f"is not known; known are {allowed}")
        return given

    def _pairs(self, node: yaml.Node | None, where: str) -> list[tuple[str, yaml.Node]]:
        if node is None:
            return []
        if not isinstance(node, yaml.MappingNode):
            self.tell(node, where, "must hold names and values")
            return []
        names = [k.value if isinstance(k, yaml.ScalarNode) else "?" for k, _ in node.value]
        for number, (name, (key, below)) in enumerate(zip(names, node.value, strict=True)):
            self._keys[id(below)] = key
            if name in names[:number]:
                self.tell(key, f"{where}.{name}", "stands here twice")
        return [(name, below) for name, (_, below) in zip(names, node.value, strict=True)]

    def _text(self, node: yaml.Node, where: str) -> str | None:
        if isinstance(node, yaml.ScalarNode):
            return str(node.value)
        self.tell(node, where, "must be one value")
        return None


def _problem(text: str, error: yaml.YAMLError) -> str:
    """What is wrong with a text that is no YAML, with its line where that is known."""
    mark = getattr(error, "problem_mark", None)
    offset = getattr(error, "position", None)
    line = mark.line if mark else None if offset is None else text.count("\n", 0, offset)
    what = getattr(error, "problem", None) or str(error).partition("\n")[0]
    return what if line is None else f"line {line + 1}: {what}"


def _is_pattern(pattern: str) -> bool:
    """Whether ``strptime`` understands a pattern that names at least a year."""
    if "%Y" not in pattern and "%y" not in pattern and "%s" not in pattern:
        return False
    try:
        now = datetime(2020, 1, 2, 3, 4, 5).astimezone()
        datetime.strptime(now.strftime(pattern), pattern)
    except ValueError:
        return False
    return True
