"""Tables as their CREATE statements declare them, and which pages are whose."""

import re
from collections.abc import Iterator

import msgspec

from clew.facts.sqlite import records
from clew.facts.sqlite.pages import INTERIOR, LEAF, Pages, cells, children, kind_of
from clew.facts.sqlite.records import Column

SCHEMA = "sqlite_schema"
SCHEMA_COLUMNS = (
    Column("type", "TEXT", not_null=True), Column("name", "TEXT", not_null=True),
    Column("tbl_name", "TEXT", not_null=True), Column("rootpage", "INTEGER"),
    Column("sql", "TEXT"),
)  # fmt: skip
_CONSTRAINTS = ("CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN")
_TOKEN = re.compile(
    r"""--[^\n]*|/\*.*?\*/|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|'(?:[^']|'')*'|[\w$]+|[(),]""",
    re.DOTALL,
)
_MOST_DEEP = 40


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
    found = [o for page in leaves(pages, 1) for o in _objects(pages, page)]
    if any(o.kind == "table" for o in found):
        return found
    seen: dict[str, Object] = {}
    for number in range(1, pages.count + 1):
        if kind_of(pages.page(number), number) == LEAF:
            for one in _objects(pages, number):
                seen.setdefault(one.name, one)
    return list(seen.values())


def tables(found: list[Object]) -> list[Table]:
    """Tables among them whose rows have numbers and whose statement can be understood."""
    made = (table_of(o.name, o.root, o.sql) for o in found if o.kind == "table" and o.sql)
    return [table for table in made if table]


def table_of(name: str, root: int, sql: str) -> Table | None:
    """A table from its CREATE statement; None for one WITHOUT ROWID, and for virtual ones."""
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


def leaves(pages: Pages, root: int) -> Iterator[int]:
    """Leaves of a table's tree, in order of their rows."""
    for number, is_leaf in walk(pages, root):
        if is_leaf:
            yield number


def walk(pages: Pages, root: int) -> Iterator[tuple[int, bool]]:
    """Every page of a table's tree, and whether it is a leaf; damaged branches end."""
    seen: set[int] = set()
    waiting = [(root, 0)]
    while waiting:
        number, depth = waiting.pop()
        if number in seen or not 0 < number <= pages.count or depth > _MOST_DEEP:
            continue
        seen.add(number)
        page = pages.page(number)
        kind = kind_of(page, number)
        if kind == LEAF:
            yield number, True
        elif kind == INTERIOR:
            yield number, False
            waiting += [(n, depth + 1) for n in reversed(list(children(pages, page, number)))]


def quoted(name: str) -> str:
    """A name as SQL takes it, whatever is in it."""
    return '"' + name.replace('"', '""') + '"'


def _objects(pages: Pages, number: int) -> Iterator[Object]:
    page = pages.page(number)
    for cell in cells(pages, page, number):
        payload = pages.overflowing(cell, page)
        found = payload and records.header(payload, 0, len(payload), SCHEMA_COLUMNS)
        if not payload or not found or len(found[0]) != len(SCHEMA_COLUMNS):
            continue
        values = records.values(payload, found[1], found[0], pages.encoding, strict=False)
        if values and values[0] in ("table", "index", "view", "trigger"):
            sql = values[4] if isinstance(values[4], str) else None
            yield Object(values[0], str(values[1]), values[3] or 0, sql)


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
        if words[:2] == ["PRIMARY", "KEY"] and len(clause) == 5:  # PRIMARY KEY ( name )
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


_AFTER_TYPE = frozenset(
    ("CONSTRAINT", "PRIMARY", "NOT", "NULL", "UNIQUE", "CHECK", "DEFAULT", "COLLATE", "REFERENCES",
     "GENERATED", "AS")
)  # fmt: skip


def _affinity(declared: str) -> str:
    """Affinity of a declared type (sqlite.org/datatype3.html, 3.1)."""
    for words, affinity in (
        (("INT",), "INTEGER"),
        (("CHAR", "CLOB", "TEXT"), "TEXT"),
        (("BLOB",), "BLOB"),
        (("REAL", "FLOA", "DOUB"), "REAL"),
    ):
        if any(word in declared for word in words):
            return affinity
    return "NUMERIC" if declared else "BLOB"


def _unquoted(name: str) -> str:
    pairs = {'"': '"', "`": "`", "[": "]", "'": "'"}
    if len(name) > 1 and pairs.get(name[0]) == name[-1]:
        return name[1:-1].replace(name[-1] * 2, name[-1])
    return name
