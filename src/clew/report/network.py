"""The network page: the matrix of persons and groups, and the chart of the same.

Who is drawn is the stored layout's choice, and how many are not is said. Numbers are the matrix's
rows and columns, so that a node of the chart is found there by its number.
"""

from html import escape
from typing import Any

import msgspec

from clew.reading import Reading
from clew.report import matrix
from clew.report.matrix import Cell, Line
from clew.report.shown import Shown
from clew.report.svg import picture

PERSONS, GROUPS = 120, 100
"""Persons and groups that are drawn, the most relevant first."""
_WIDE, _HIGH, _EDGE = 1000, 720, 24


class Network(msgspec.Struct, frozen=True):
    """What the page shows."""

    nodes: list[dict[str, Any]]
    lines: list[dict[str, Any]]
    counts: dict[str, int]
    persons: int
    groups: int

    def __bool__(self) -> bool:
        return bool(self.nodes)


def network(reading: Reading) -> Network:
    """The most relevant persons and groups, and the lines between them."""
    nodes = reading.printed("report/network-nodes", persons=PERSONS, groups=GROUPS)
    drawn = [n["node_id"] for n in nodes]
    lines = reading.printed("report/network-lines", nodes=drawn) if drawn else []
    (counts,) = reading.printed("report/network-counts")
    persons = sum(n["kind"] == "person" for n in nodes)
    return Network(nodes, lines, counts, persons, len(nodes) - persons)


def draw_matrix(found: Network, words: Shown) -> str:
    """Persons by groups, as SVG."""
    lines = {"person": [], "group": []}  # type: dict[str, list[Line]]
    for node in found.nodes:
        lines[node["kind"]].append(
            Line(node["node_id"], node["number"], _name(node, words), _note(node, words))
        )
    cells = [
        Cell(row["from_id"], row["to_id"], row["role"], row["current"], row["proved"])
        for row in found.lines
        if row["kind"] == "member"
    ]
    return matrix.draw(cells, lines["person"], lines["group"], words)


def draw_chart(found: Network, words: Shown) -> str:
    """Persons and groups with the lines between them, as SVG."""
    at = {n["node_id"]: _place(n) for n in found.nodes}
    title = words.phrase(
        "chart", persons=found.persons, groups=found.groups, lines=len(found.lines)
    )
    parts = [_line(row, at) for row in found.lines]
    for kind in ("person", "group"):
        parts += [_node(n, at[n["node_id"]], words) for n in found.nodes if n["kind"] == kind]
    return picture("chart", ("chart-title", title), (_WIDE, _HIGH), parts)


def _name(node: dict[str, Any], words: Shown) -> str:
    if node["kind"] == "group":
        return words.text(node["subject"] or node["node_id"])
    return f"{words.person(node['node_id'])} {node['country'] or '??'}"


def _note(node: dict[str, Any], words: Shown) -> str:
    if node["kind"] == "group":
        return ""
    admin = [words.phrase("admin_of", groups=node["admin_of"])] if node["admin_of"] else []
    held = [words.phrase("held")] if node["exhibits"] else []
    return ", ".join([words.phrase("in_groups", groups=node["groups"]), *admin, *held])


def _place(node: dict[str, Any]) -> tuple[float, float]:
    return (
        round(_EDGE + node["x"] * (_WIDE - 2 * _EDGE), 1),
        round(_EDGE + node["y"] * (_HIGH - 2 * _EDGE), 1),
    )


def _line(row: dict[str, Any], at: dict[str, tuple[float, float]]) -> str:
    (left, top), (right, bottom) = at[row["from_id"]], at[row["to_id"]]
    kind = {"succession": "follows", "parallel": "beside"}.get(row["kind"], row["kind"])
    basis = "proved" if row["proved"] else "inferred"
    return f'<path class="line {kind} {basis}" d="M{left} {top}L{right} {bottom}"/>'


def _node(node: dict[str, Any], place: tuple[float, float], words: Shown) -> str:
    x, y = place
    name, note = _name(node, words), _note(node, words)
    note = note or words.phrase("members", members=node["members"])
    told = f"{node['number']}: {name}, {note}"
    if node["kind"] == "group":
        shape = f'<rect class="node group" x="{x - 9}" y="{y - 7}" width="18" height="14" rx="2"/>'
    else:
        held = " held" if node["exhibits"] else ""
        shape = f'<circle class="node person{held}" cx="{x}" cy="{y}" r="7.5"/>'
    number = f'<text class="number" x="{x}" y="{y + 3}">{node["number"]}</text>'
    return f"<g><title>{escape(told)}</title>{shape}{number}</g>"
