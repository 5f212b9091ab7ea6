"""GraphML and GEXF are XML whatever stands in a title, and say what is inferred."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from clew.report.graph.markup import gexf, graphml
from clew.report.graph.model import Link, Node

BAD = 'a"<&>\x00\x1b\u202e\n'


class Graph:
    def nodes(self):
        yield Node(id="n1", label=BAD, values={"kind": "person", "x": 0.25, "y": 0.0})
        yield Node(id="n2", label="two", values={"kind": "group"})

    def links(self):
        values = {"kind": "member", "basis": "inferred", "weight": 0,
                  "since": "2025-02-01T10:00:00Z", "until": "2025-01-01"}  # fmt: skip
        yield Link(source="n1", target="n2", values=values)


@pytest.mark.parametrize("write", [graphml, gexf])
def test_any_title_is_legal(write) -> None:
    root = ET.fromstring("".join(write(Graph())))
    text = ET.tostring(root, encoding="unicode")
    assert "\x00" not in text
    assert "\u202e" not in text
    assert "U+001B" in text


def test_a_place_is_drawn_upwards_and_a_line_that_is_inferred_is_dashed() -> None:
    text = "".join(gexf(Graph()))
    assert '<viz:position x="250.0" y="1000.0" z="0.0"/>' in text
    assert 'viz:shape value="dashed"' in text
    assert 'weight="1"' in text
    assert "start=" not in text  # an end before the beginning is none
