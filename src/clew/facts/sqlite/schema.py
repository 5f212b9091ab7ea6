"""Tables as their CREATE statements declare them, and which pages are whose."""

import re

import msgspec

from clew.facts.sqlite import records
from clew.facts.sqlite.pages import LEAF, Page, Pages
from clew.facts.sqlite.records import Column

SCHEMA = "sqlite_schema"
SCHEMA_COLUMNS = (
    Column("type", "TEXT", not_null=True), Column("name", "TEXT", not_null=True),
    Column("tbl_name", "TEXT", not_null=True), Column("rootpage", "INTEGER"),
    Column("sql", "TEXT"),
)  # fmt: skip
_CONSTRAINTS = ("CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN")
_AFTER_TYPE = frozenset((
    "CONSTRAINT", "PRIMARY", "NOT", "NULL", "UNIQUE", "CHECK", "DEFAULT", "COLLATE", "REFERENCES",
    "GENERATED", "AS",
))  # fmt: skip
_TOKEN = re.compile(
    r"""--[^\n]*|/\*.*?\*/|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|'(?:[^']|'')*'|[\w$]+|[(),]""",
    re.DOTALL,
)
_AFFINITIES = {
    "INT": "INTEGER", "CHAR": "TEXT", "CLOB": "TEXT", "TEXT": "TEXT", "BLOB": "BLOB",
    "REAL": "REAL", "FLOA": "REAL", "DOUB": "REAL",
}  # fmt: skip
"""By a part of the declared type, the first that fits (sqlite.org/datatype3.html, 3.1)."""


class Table(msgspec.Struct, frozen=True):
    """A table whose rows have numbers."""

    name: str
    root: int
    sql: str
    columns: tuple[Column, ...]


class Object(msgspec.Struct, frozen=True):
    """A row of the schema: a table, an index, a view or a trigger."""

    kind: str
    name: str
    root: int
    sql: str | None


def objects(pages: Pages) -> list[Object]:
    """What the schema holds: read from its tree or, where that is damaged, from any leaf."""
    found = [one for page in pages.leaves(1) for one in _objects(pages, page)]
    if any(one.kind == "table" for one in found):
        return found
    seen: dict[str, Object] = {}
    for page in map(pages.page, range(1, pages.count + 1)):
        for one in _objects(pages, page) if page.kind == LEAF else ():
            seen.setdefault(one.name, one)
    return list(seen.values())


def tables(found: list[Object]) -> list[Table]:
    """Tables among them whose rows have numbers and whose statement can be understood."""
    made = (table_of(o.name, o.root, o.sql) for o in found if o.kind == "table" and o.sql)
    return [table for table in made if table]


def table_of(name: str, root: int, sql: str) -> Table | None:
    """A table from its CREATE statement; None for one WITHOUT ROWID, and for virtual ones.

    SQLite itself would not take a statement of which a byte is damaged.
    """
    tokens = [t for t in _TOKEN.findall(sql) if not t.startswith(("--", "/*"))]
    if "(" not in tokens or "VIRTUAL" in map(str.upper, tokens[:3]):
        return None
    begin = tokens.index("(")
    parts, rest = _parts(tokens[begin + 1 :])
    if [t.upper() for t in rest if t not in ("(", ")")][:2] == ["WITHOUT", "ROWID"]:
        return None
    key = _key(parts)
    columns = tuple(
        _column(part, key) for part in parts if part and part[0].upper() not in _CONSTRAINTS
    )
    return Table(name, root, sql, columns) if columns else None


def quoted(name: str) -> str:
    """A name as SQL takes it, whatever is in it."""
    return '"' + name.replace('"', '""') + '"'


def _objects(pages: Pages, page: Page) -> list[Object]:
    found = []
    for cell in pages.cells(page):
        record = pages.overflowing(cell, page.data)
        values = record and records.row(record, SCHEMA_COLUMNS, pages.encoding)
        if values and len(values) == len(SCHEMA_COLUMNS):
            kind, name, _, root, sql = values
            if kind in ("table", "index", "view", "trigger"):
                found.append(
                    Object(kind, str(name), root or 0, sql if isinstance(sql, str) else None)
                )
    return found


def _parts(tokens: list[str]) -> tuple[list[list[str]], list[str]]:
    """Definitions between the outer brackets, and what stands behind them."""
    parts: list[list[str]] = [[]]
    depth = 0
    for number, word in enumerate(tokens):
        if word == ")" and depth == 0:
            return parts, tokens[number + 1 :]
        depth += {"(": 1, ")": -1}.get(word, 0)
        if word == "," and depth == 0:
            parts.append([])
        else:
            parts[-1].append(word)
    return parts, []


def _key(parts: list[list[str]]) -> str | None:
    """The one column of a PRIMARY KEY clause of the table, if it has one."""
    for part in parts:
        clause = part[2:] if part and part[0].upper() == "CONSTRAINT" else part
        words = [word.upper() for word in clause]
        if words[:3] == ["PRIMARY", "KEY", "("] and "," not in words:
            return _unquoted(clause[3]).casefold()
    return None


def _column(part: list[str], key: str | None) -> Column:
    name, words = _unquoted(part[0]), [word.upper() for word in part[1:]]
    ends = next((n for n, w in enumerate(words) if w in _AFTER_TYPE), len(words))
    declared = " ".join(w for w in words[:ends])
    own = "PRIMARY KEY" in " ".join(words)
    is_key = own or (key is not None and key == name.casefold())
    descending = own and "DESC" in words
    return Column(
        name,
        _affinity(declared),
        not_null="NOT NULL" in " ".join(words),
        is_rowid=is_key and declared == "INTEGER" and not descending,
    )


def _affinity(declared: str) -> str:
    fitting = (affinity for part, affinity in _AFFINITIES.items() if part in declared)
    return next(fitting, "NUMERIC" if declared else "BLOB")


def _unquoted(name: str) -> str:
    pairs = {'"': '"', "`": "`", "[": "]", "'": "'"}
    if len(name) > 1 and pairs.get(name[0]) == name[-1]:
        return name[1:-1].replace(name[-1] * 2, name[-1])
    return name
