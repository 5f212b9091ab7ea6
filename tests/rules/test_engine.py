"""One module knows the engine, and its SQL is written so that another engine can run the same text.

What does not carry over is refused here; facts on why are in docs/decisions/0070.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from clew.casefile.engine import parse
from clew.relations import relations, step_queries
from clew.views import FIGURES, names, view

SOURCE = Path(__file__).parents[2] / "src" / "clew"
Node = dict[str, Any]


def test_one_module_alone_knows_the_engine() -> None:
    naming = {
        str(file.relative_to(SOURCE))
        for file in SOURCE.rglob("*")
        if file.suffix in {".py", ".sql", ".toml", ".j2"} and "duckdb" in file.read_text("utf-8")
    }
    assert naming == {"casefile/engine.py"}
    registering = [
        file for file in SOURCE.rglob("*.py") if re.search(r"db\.register\b", file.read_text())
    ]
    assert [file.name for file in registering] == ["engine.py"]


def _star(node: Node) -> bool:
    lists = ("replace_list", "exclude_list", "qualified_exclude_list", "rename_list", "columns")
    return node.get("class") == "STAR" and any(node.get(name) for name in lists)


def _is_star(node: Node | None) -> bool:
    return bool(node) and node.get("class") == "STAR"


def _through_star(node: Node) -> bool:
    stars = map(_is_star, node.get("select_list", ()))
    return node.get("qualify") is not None and any(stars)


def _negative_index(node: Node) -> bool:
    place = node["children"][1] if node.get("type") == "ARRAY_EXTRACT" else {}
    return place.get("literal", {}).get("text", "").startswith("-")


def _rows_compared(node: Node) -> bool:
    kind = str(node.get("type"))
    if not kind.startswith("COMPARE_") and kind != "SUBQUERY":
        return False
    sides = [node.get(name) or {} for name in ("left", "right", "child")]
    return any(s.get("function_name") == "row" for s in (*sides, *node.get("children", ())))


def _replaces_once(node: Node) -> bool:
    return node.get("function_name") == "regexp_replace" and len(node["arguments"]) < 4


FUNCTIONS = frozenset({"arg_min", "arg_max", "argmin", "argmax", "list", "epoch", "~~~", "first"})
"""Functions of one engine alone, or that two engines do differently."""
REFUSED: dict[str, Callable[[Node], bool]] = {
    "ASOF or POSITIONAL join": lambda n: n.get("ref_type") in {"ASOF", "POSITIONAL"},
    "* REPLACE, EXCLUDE, RENAME or COLUMNS": _star,
    "UNION BY NAME": lambda n: n.get("setop_type") == "UNION_BY_NAME",
    "lambda or list comprehension": lambda n: n.get("class") == "LAMBDA",
    "MATERIALIZED": lambda n: n.get("materialized", _PLAIN) != _PLAIN,
    "GROUP BY ALL": lambda n: n.get("aggregate_handling", _STANDARD) != _STANDARD,
    "ORDER BY ALL": lambda n: "null_order" in n and _is_star(n.get("expression")),
    "QUALIFY through *": _through_star,
    "aggregate with an order (write sorted_set or ordered_list)":
        lambda n: bool((n.get("order_bys") or {}).get("orders")),
    "DISTINCT in a window": lambda n: n.get("class") == "WINDOW" and bool(n.get("distinct")),
    "slice (write first_items)": lambda n: n.get("type") == "ARRAY_SLICE",
    "negative index": _negative_index,
    "comparison of rows": _rows_compared,
    "function of one engine": lambda n: n.get("function_name") in FUNCTIONS,
    "regexp_replace without 'g'": _replaces_once,
}  # fmt: skip
_PLAIN, _STANDARD = "CTE_MATERIALIZE_DEFAULT", "STANDARD_HANDLING"
TEXTS = {
    "FROM without SELECT": r"(?:\A|\(|\bUNION|\bALL)\s*FROM\b",
    "struct in braces (write struct_pack)": r"\{\s*'",
    "window that extends another":
        r"OVER \((?!PARTITION|ORDER|ROWS|RANGE)\w+\s+(?:ORDER|ROWS|RANGE)",
}  # fmt: skip


def refused(sql: str) -> Iterator[str]:
    """What of a query another engine does not take."""
    code = re.sub(r"--[^\n]*", "", sql)
    yield from (name for name, text in TEXTS.items() if re.search(text, code))
    yield from _in_tree(parse(sql), cast=False)


def _in_tree(tree: Any, *, cast: bool) -> Iterator[str]:
    if isinstance(tree, list):
        for part in tree:
            yield from _in_tree(part, cast=cast)
    if isinstance(tree, dict):
        yield from (name for name, is_so in REFUSED.items() if is_so(tree))
        if tree.get("function_name") == "sum" and not cast:
            yield "sum that is not cast"
        within = (cast or tree.get("class") == "CAST") and "query_node" not in tree
        for part in tree.values():
            yield from _in_tree(part, cast=within)


QUERIES = {
    **relations(),
    **step_queries(),
    **{f"view {name}": view(name).sql for name in names()},
    **{f"figure {name}": view(f"{FIGURES}/{name}").sql for name in names(FIGURES)},
}


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_is_written_so_that_another_engine_takes_it(name: str) -> None:
    assert not sorted(set(refused(QUERIES[name])))


@pytest.mark.parametrize(
    ("sql", "name"),
    [
        ("SELECT * FROM a ASOF JOIN b ON a.t >= b.t", "ASOF or POSITIONAL join"),
        ("SELECT * REPLACE (1 AS a) FROM t", "* REPLACE, EXCLUDE, RENAME or COLUMNS"),
        ("SELECT * EXCLUDE (a) FROM t", "* REPLACE, EXCLUDE, RENAME or COLUMNS"),
        ("SELECT 1 AS a UNION ALL BY NAME SELECT 2 AS a", "UNION BY NAME"),
        ("SELECT list_filter(a, lambda x: x > 1) FROM t", "lambda or list comprehension"),
        ("SELECT [x + 1 for x in a] FROM t", "lambda or list comprehension"),
        ("WITH a AS MATERIALIZED (SELECT 1) SELECT * FROM a", "MATERIALIZED"),
        ("SELECT a, count(*) FROM t GROUP BY ALL", "GROUP BY ALL"),
        ("SELECT a FROM t ORDER BY ALL", "ORDER BY ALL"),
        ("SELECT * FROM t QUALIFY row_number() OVER (ORDER BY a) = 1", "QUALIFY through *"),
        ("SELECT array_agg(DISTINCT a ORDER BY a) FROM t",
         "aggregate with an order (write sorted_set or ordered_list)"),
        ("SELECT count(DISTINCT a) OVER (PARTITION BY b) FROM t", "DISTINCT in a window"),
        ("SELECT a[1:3] FROM t", "slice (write first_items)"),
        ("SELECT a[-1] FROM t", "negative index"),
        ("SELECT * FROM t WHERE (a, b) < (1, 2)", "comparison of rows"),
        ("SELECT * FROM t WHERE (a, b) IN (SELECT (c, d) FROM u)", "comparison of rows"),
        ("SELECT * FROM t WHERE a GLOB '*'", "function of one engine"),
        ("SELECT arg_min(a, b) FROM t", "function of one engine"),
        ("SELECT regexp_replace(a, 'b', 'c') FROM t", "regexp_replace without 'g'"),
        ("FROM t", "FROM without SELECT"),
        ("SELECT {'a': 1} FROM t", "struct in braces (write struct_pack)"),
        ("SELECT rank() OVER (w ORDER BY a) FROM t WINDOW w AS (PARTITION BY b)",
         "window that extends another"),
        ("SELECT sum(a) FROM t", "sum that is not cast"),
    ],
)  # fmt: skip
def test_what_does_not_carry_over_is_refused(sql: str, name: str) -> None:
    assert name in set(refused(sql))
