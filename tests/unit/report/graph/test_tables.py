"""CSV of the network: no cell is a formula."""

from __future__ import annotations

import csv

from clew.report.graph.model import Link, Node
from clew.report.graph.tables import LINK_HEADER, NODE_HEADER, write_tables


def test_both_files_have_their_headers_and_rows(tmp_path) -> None:
    class Graph:
        def nodes(self):
            yield Node(id="n1", label="=cmd", values={"kind": "person"})

        def links(self):
            yield Link(
                source="n1", target="n1", values={"kind": "member", "basis": "proved", "weight": 2}
            )

    assert write_tables(Graph(), tmp_path / "n.csv", tmp_path / "l.csv") == 1
    nodes, links = (
        list(csv.reader((tmp_path / f).read_text().splitlines())) for f in ("n.csv", "l.csv")
    )
    assert nodes[0] == list(NODE_HEADER)
    assert nodes[1][:2] == ["n1", "'=cmd"]
    assert links[0] == list(LINK_HEADER)
    assert links[1][:3] == ["n1", "n1", "Directed"]
