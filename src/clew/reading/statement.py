"""What a reader's own SQL asks for, and whether it may be asked at all."""

from functools import cache
from typing import Any

from clew.casefile.engine import EngineError, nodes, parse, statement_tables
from clew.errors import UsageError
from clew.relations import relations
from clew.schema import table_of, tables

_MAKE_ROWS = frozenset({"unnest", "range", "generate_series", "json_each", "json_tree", "repeat"})
"""Functions that stand for a table and read no file."""
_NO_TABLES = frozenset({"SHOW_REF", "COLUMN_DATA", "DELIM_GET"})
"""What may stand for a table, and is none of the case's."""


class Statement:
    """One SELECT that reads tables and named relations of the case, and nothing else."""

    def __init__(self, sql: str) -> None:
        self.tree = tree = parse(sql)
        if len(tree["statements"]) != 1:
            _refuse_statement()
        self.tables: set[str] = set()
        """Tables and relations that it asks for."""
        self._names: set[str] = set()
        self._aliases: set[str] = set()
        self._rows: set[str] = set()
        """Names by which whole rows may be meant."""
        self._every = False
        every = list(nodes(tree))
        maps = (node["cte_map"].get("map", ()) for node in every if node.get("cte_map"))
        named = {entry["key"].lower() for entries in maps for entry in entries}
        for node in every:
            self._add(node, named)

    def uses(self, column: str) -> bool:
        """It may use this column, by its name or with all others."""
        whole = self._every or not self._rows.isdisjoint(self._aliases)
        return whole or column.lower() in self._names

    def _add(self, node: dict[str, Any], named: set[str]) -> None:
        kind = node.get("type")
        if not isinstance(kind, str):  # the type of a constant, as in USING SAMPLE 3
            return
        if kind in _NO_TABLES:
            _refuse_statement()
        if kind == "TABLE_FUNCTION" and node["function"]["function_name"] not in _MAKE_ROWS:
            _refuse(node["function"]["function_name"])
        if kind == "BASE_TABLE":
            self._add_table(node, named)
        if kind == "COLUMN_REF":
            names = [name.lower() for name in node["column_names"]]
            self._names.update(names)
            self._rows.add(names[-1])
        self._names.update(name.lower() for name in node.get("using_columns") or ())
        by_position = node.get("column_name_alias") or node.get("ref_type") == "NATURAL"
        if kind in ("STAR", "POSITIONAL_REFERENCE") or by_position:
            self._every = True

    def _add_table(self, node: dict[str, Any], named: set[str]) -> None:
        name = node["table_name"].lower()
        self._aliases |= {name, node["alias"].lower()} - {""}
        if name in named:
            return
        elsewhere = node["schema_name"] or node["catalog_name"] or node.get("at_clause")
        if elsewhere or (name not in _known() and table_of(name) is None):
            _refuse(node["table_name"])
        self.tables.add(name)


@cache
def _known() -> frozenset[str]:
    """Tables and relations that may be asked for."""
    return frozenset(tables()) | frozenset(relations())


def _refuse_statement() -> None:
    raise UsageError(
        "only a single SELECT is answered",
        do='Ask as in: clew query CASE "select count(*) from messages"',
    )


def _refuse(name: str) -> None:
    raise UsageError(
        f"{name!r} is not one of the case's tables",
        do="See the tables with: clew steps; files of the case can't be asked directly.",
    )


def logged(sql: str) -> str:
    """How the log names a query: by the tables that it asks for, as it is sealed itself.

    Whatever else stands in it may name somebody, a comment too. A plain digest of it would tell a
    number to whoever tries them all.
    """
    try:
        asked = {name.lower() for name in statement_tables(sql)} & _known()
    except (UsageError, EngineError, ValueError):
        asked = set()
    return f"query of {', '.join(sorted(asked)) or 'no table'}"
