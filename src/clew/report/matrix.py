"""The network at a glance: persons by groups, so that what belongs together stands together.

Rows and columns are put in order by the barycentre method: each is moved to the mean place of what
it is joined to, a few times over. The picture is the same whenever it is drawn. Standing is told by
shape as well as by colour.
"""

from __future__ import annotations

from html import escape
from typing import Any

import msgspec

CELL = 13
_LEFT, _TOP, _MARGIN = 172, 118, 8
_ROUNDS = 8
_LABEL = 26


class Cell(msgspec.Struct, frozen=True):
    """A person in a group."""

    person: str
    group: str
    role: str
    current: bool


def ordered(cells: list[Cell]) -> tuple[list[str], list[str]]:
    """Persons and groups in the order in which they are drawn."""
    of_person: dict[str, list[str]] = {}
    of_group: dict[str, list[str]] = {}
    for cell in cells:
        of_person.setdefault(cell.person, []).append(cell.group)
        of_group.setdefault(cell.group, []).append(cell.person)
    persons = sorted(of_person, key=lambda p: (-len(of_person[p]), p))
    groups = sorted(of_group, key=lambda g: (-len(of_group[g]), g))
    for _ in range(_ROUNDS):
        groups = _by_barycentre(groups, of_group, persons)
        persons = _by_barycentre(persons, of_person, groups)
    return persons, groups


def draw(cells: list[Cell], persons: dict[str, str], groups: dict[str, str]) -> str:
    """The matrix as SVG; ``persons`` and ``groups`` are the words for each."""
    rows, columns = ordered(cells)
    width = _LEFT + CELL * len(columns) + _MARGIN
    height = _TOP + CELL * len(rows) + _MARGIN
    place = {p: n for n, p in enumerate(rows)}, {g: n for n, g in enumerate(columns)}
    parts = [
        (
            f'<svg class="matrix" role="img" aria-labelledby="matrix-title" width="{width}" '
            f'height="{height}" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">'
        ),
        f'<title id="matrix-title">{len(rows)} persons in {len(columns)} groups</title>',
    ]
    parts += [_rule(0, n, height, width) for n in range(0, len(columns) + 1, 5)]
    parts += [_rule(1, n, height, width) for n in range(0, len(rows) + 1, 5)]
    for person, y in place[0].items():
        parts.append(_row_label(persons[person], y))
    for group, x in place[1].items():
        parts.append(_column_label(groups[group], x))
    for cell in sorted(cells, key=lambda c: (c.person, c.group)):
        told = f"{persons[cell.person]} in {groups[cell.group]}: {cell.role}"
        told += "" if cell.current else ", no longer or not certainly a member"
        parts.append(_mark(cell, place[1][cell.group], place[0][cell.person], told))
    return "".join([*parts, "</svg>"])


def _by_barycentre(names: list[str], joined: dict[str, list[str]], others: list[str]) -> list[str]:
    place = {name: n for n, name in enumerate(others)}
    mean = {n: sum(place[o] for o in joined[n]) / len(joined[n]) for n in names}
    return sorted(names, key=lambda name: (mean[name], name))


def _rule(axis: int, n: int, height: int, width: int) -> str:
    at = (_LEFT, _TOP)[axis] + CELL * n
    if axis == 0:
        return f'<path class="rule" d="M{at} {_TOP}V{height - _MARGIN}"/>'
    return f'<path class="rule" d="M{_LEFT} {at}H{width - _MARGIN}"/>'


def _row_label(text: str, y: int) -> str:
    top = _TOP + CELL * y + CELL - 3
    return f'<text class="label" x="{_LEFT - 6}" y="{top}" text-anchor="end">{_cut(text)}</text>'


def _column_label(text: str, x: int) -> str:
    left = _LEFT + CELL * x + CELL - 3
    turned = f'transform="translate({left} {_TOP - 6}) rotate(-60)"'
    return f'<text class="label" {turned}>{_cut(text, 20)}</text>'


def _mark(cell: Cell, x: int, y: int, told: str) -> str:
    """A square for a creator, a diamond for an admin, a disc for a member; hollow if past."""
    left, top, half = _LEFT + CELL * x, _TOP + CELL * y, CELL / 2
    state = "now" if cell.current else "past"
    shape: dict[str, Any] = {
        "creator": f'<rect class="creator {state}" x="{left + 2}" y="{top + 2}" '
        f'width="{CELL - 4}" height="{CELL - 4}">',
        "admin": f'<path class="admin {state}" d="M{left + half} {top + 1}L{left + CELL - 1} '
        f'{top + half}L{left + half} {top + CELL - 1}L{left + 1} {top + half}Z">',
    }
    disc = f'<circle class="member {state}" cx="{left + half}" cy="{top + half}" r="3.6">'
    opened = shape.get(cell.role, disc)
    tag = opened[1 : opened.index(" ")]
    return f"{opened}<title>{escape(told)}</title></{tag}>"


def _cut(text: str, most: int = _LABEL) -> str:
    return escape(text if len(text) <= most else f"{text[: most - 1]}\u2026")
