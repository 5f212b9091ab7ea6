"""Nodes and links as CSV, with the headers that Gephi takes as they are.

A spreadsheet runs a cell that begins like a formula, and a group's title can be anything: such a
cell gets an apostrophe before it.
"""

import csv
from pathlib import Path

from clew.report.graph.model import LINK_COLUMNS, NODE_COLUMNS, Graph
from clew.report.shown import spelt_out

NODE_HEADER = ("Id", "Label", *(name.capitalize() for name in NODE_COLUMNS))
LINK_HEADER = ("Source", "Target", "Type", *(name.capitalize() for name in LINK_COLUMNS))
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_tables(graph: Graph, nodes: Path, links: Path) -> int:
    """Write both files; the number of links."""
    with nodes.open("w", encoding="utf-8", newline="") as out:
        write = csv.writer(out, lineterminator="\n").writerow
        write(NODE_HEADER)
        for node in graph.nodes():
            write(map(_cell, (node.id, node.label, *map(node.values.get, NODE_COLUMNS))))
    count = 0
    with links.open("w", encoding="utf-8", newline="") as out:
        write = csv.writer(out, lineterminator="\n").writerow
        write(LINK_HEADER)
        for link in graph.links():
            told = map(link.values.get, LINK_COLUMNS)
            write(map(_cell, (link.source, link.target, "Directed", *told)))
            count += 1
    return count


def _cell(value: object) -> object:
    if not isinstance(value, str):
        return value
    text = spelt_out(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
