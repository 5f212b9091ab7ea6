"""Nodes and links as CSV, with the headers that Gephi takes as they are."""

import csv
from pathlib import Path

from clew.reading.spreadsheet import guarded
from clew.report.graph.model import LINK_COLUMNS, NODE_COLUMNS, Graph

NODE_HEADER = ("Id", "Label", *(name.capitalize() for name in NODE_COLUMNS))
LINK_HEADER = ("Source", "Target", "Type", *(name.capitalize() for name in LINK_COLUMNS))


def write_tables(graph: Graph, nodes: Path, links: Path) -> int:
    """Write both files; the number of links."""
    with nodes.open("w", encoding="utf-8", newline="") as out:
        write = csv.writer(out, lineterminator="\n").writerow
        write(NODE_HEADER)
        for node in graph.nodes():
            write(map(guarded, (node.id, node.label, *map(node.values.get, NODE_COLUMNS))))
    count = 0
    with links.open("w", encoding="utf-8", newline="") as out:
        write = csv.writer(out, lineterminator="\n").writerow
        write(LINK_HEADER)
        for link in graph.links():
            values = map(link.values.get, LINK_COLUMNS)
            write(map(guarded, (link.source, link.target, "Directed", *values)))
            count += 1
    return count
