"""CSV of the network: no cell is a formula."""

from __future__ import annotations

import csv

import pytest

from clew.report.graph.model import Link, Node
from clew.report.graph.tables import LINK_HEADER, NODE_HEADER, _cell, write_tables


@pytest.mark.parametrize("text", ["=1+1", "+x", "-x", "@x"])
def test_what_begins_like_a_formula_gets_an_apostrophe(text) -> None:
    assert _cell(text) == f"'{text}"


def test_numbers_and_plain_text_stay() -> None:
    assert [_cell(v) for v in (1, 2.5, None, "plain")] == [1, 2.5, None, "plain"]
    assert _cell("\u202ex") == "⟨U+202E⟩x"


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
