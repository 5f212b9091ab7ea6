"""The matrix draws every mark where its person and group meet."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from clew.reading import Reading, disclosure_of
from clew.report.matrix import CELL, Cell, Line, draw
from clew.report.shown import Shown

ROWS = [Line("p1", 1, "<b>", "in 2"), Line("p2", 2, "two")]
COLUMNS = [Line("g1", 1, "Río"), Line("g2", 2, "x" * 99)]


@pytest.fixture
def drawn(case):
    """Draws cells as a masked reader of a case sees them."""
    words = Shown(Reading(case, disclosure_of("test")))
    return lambda *cells: ET.fromstring(draw(list(cells), ROWS, COLUMNS, words))


def test_standing_is_told_by_shape(drawn) -> None:
    roles = ("creator", "admin", "member")
    root = drawn(*(Cell("p1", "g1", role, current=True, proved=True) for role in roles))
    kinds = {e.get("class", "").split()[0]: e.tag.rpartition("}")[2] for e in root.iter()
             if e.get("class", "").split()[:1] and e.get("class").split()[0] in roles}  # fmt: skip
    assert kinds == {"creator": "rect", "admin": "path", "member": "circle"}


def test_what_is_past_or_inferred_is_told(drawn) -> None:
    root = drawn(Cell("p2", "g2", "member", current=False, proved=False))
    (mark,) = (e for e in root.iter() if "member" in e.get("class", ""))
    assert mark.get("class") == "member past inferred"
    assert "no longer" in mark[0].text
    assert "inferred" in mark[0].text


def test_a_mark_stands_in_its_row_and_column(drawn) -> None:
    one, other = (
        next(e for e in drawn(Cell(p, g, "member", current=True, proved=True)).iter()
             if "member" in e.get("class", ""))
        for p, g in (("p1", "g1"), ("p2", "g2"))
    )  # fmt: skip
    assert float(other.get("cx")) - float(one.get("cx")) == CELL
    assert float(other.get("cy")) - float(one.get("cy")) == CELL
