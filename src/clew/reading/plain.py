"""Queries that only list columns of one table, as they are, a page of them at a time.

Nothing of such a query meets the values that it lists, so that the rows can be chosen among the
real ones and be masked afterwards: a page costs its own rows, not the table's.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from clew.casefile.engine import nodes
from clew.casefile.masking import OPEN_KINDS, PERSONAL
from clew.schema import Column, Kind

_MOST_ROWS = 1000
_STARS = ("exclude_list", "replace_list", "rename_list", "qualified_exclude_list", "columns",
          "expr", "relation_name")  # fmt: skip
_CLAUSES = ("group_expressions", "group_sets", "having", "sample", "qualify")


def listed(tree: dict[str, Any], columns: Sequence[Column]) -> list[Column] | None:
    """The columns that a query lists, in order; None for a query that does more than that.

    Conditions and order may use only columns whose values everybody is shown.
    """
    node = tree["statements"][0]["node"]
    if node["type"] != "SELECT_NODE" or node["cte_map"]["map"] or any(map(node.get, _CLAUSES)):
        return None
    source = node["from_table"]
    if source["type"] != "BASE_TABLE" or source["sample"] or source["column_name_alias"]:
        return None
    known = {column.name.lower(): column for column in columns}
    of = {source["alias"].lower(), source["table_name"].lower()}
    if not _is_page(node["modifiers"]) or not all(
        column and (column.kind in OPEN_KINDS or _names_nobody(column))
        for column in _used([node["where_clause"], node["modifiers"]], known, of)
    ):
        return None
    found = [column for item in node["select_list"] for column in _of(item, known, of)]
    return None if None in found else [column for column in found if column]


def _is_page(modifiers: list[dict[str, Any]]) -> bool:
    """A few rows are asked for, in the order of columns."""
    limits = [m["limit"] for m in modifiers if m["type"] == "LIMIT_MODIFIER"]
    orders = [order["expression"] for m in modifiers for order in m.get("orders", ())]
    few = any(
        limit and limit.get("literal", {}).get("text", "").isdecimal()
        and int(limit["literal"]["text"]) <= _MOST_ROWS for limit in limits
    )  # fmt: skip
    plain = {"LIMIT_MODIFIER", "ORDER_MODIFIER"} >= {m["type"] for m in modifiers}
    return few and plain and all(order["type"] == "COLUMN_REF" for order in orders)


def _names_nobody(column: Column) -> bool:
    return column.kind is Kind.ID and not PERSONAL & {*column.points_at}


def _used(tree: Any, known: dict[str, Column], of: set[str]) -> Iterator[Column | None]:
    """Columns that a part of the query uses; None for whatever is none, as a whole row is."""
    for node in nodes(tree):
        if node.get("type") == "COLUMN_REF":
            yield from _of(node, known, of)
        elif node.get("type") in ("SUBQUERY", "STAR", "POSITIONAL_REFERENCE", "LAMBDA"):
            yield None


def _of(item: dict[str, Any], known: dict[str, Column], of: set[str]) -> Iterator[Column | None]:
    """Columns that an item lists without doing anything with them."""
    if item.get("alias"):
        yield None
    elif item["type"] == "STAR" and not any(map(item.get, _STARS)):
        yield from known.values()
    elif item["type"] == "COLUMN_REF":
        *table, name = (part.lower() for part in item["column_names"])
        yield known.get(name) if not table or (len(table) == 1 and table[0] in of) else None
    else:
        yield None
