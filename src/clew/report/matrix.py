"""The network at a glance: persons by groups, so that what belongs together stands together.

The order of rows and columns is the stored layout's. Standing is shown by shape as well as by
colour, and what is inferred by a dashed outline.
"""

from html import escape

import msgspec

from clew.report.shown import Shown
from clew.report.svg import cut, picture

CELL = 13
_LEFT, _TOP, _MARGIN, _NOTE = 196, 128, 8, 130
_LABEL, _TITLE = 30, 22


class Cell(msgspec.Struct, frozen=True):
    """A person in a group."""

    person: str
    group: str
    role: str
    current: bool
    proved: bool


class Line(msgspec.Struct, frozen=True):
    """A row or a column: its number in drawings, its name, and what stands beside it."""

    id: str
    number: int
    name: str
    note: str = ""


def draw(cells: list[Cell], rows: list[Line], columns: list[Line], words: Shown) -> str:
    """The matrix as SVG."""
    right = _LEFT + CELL * len(columns)
    width = right + _NOTE + _MARGIN
    height = _TOP + CELL * len(rows) + _MARGIN
    title = words.phrase("matrix", persons=len(rows), groups=len(columns))
    bottom = height - _MARGIN
    parts = [_rule(f"M{_LEFT + CELL * n} {_TOP}V{bottom}") for n in range(0, len(columns) + 1, 5)]
    parts += [_rule(f"M{_LEFT} {_TOP + CELL * n}H{right}") for n in range(0, len(rows) + 1, 5)]
    parts += [_row_label(line, y, right) for y, line in enumerate(rows)]
    parts += [_column_label(line, x) for x, line in enumerate(columns)]
    row_of = {line.id: (y, line) for y, line in enumerate(rows)}
    column_of = {line.id: (x, line) for x, line in enumerate(columns)}
    for cell in cells:
        (y, person), (x, group) = row_of[cell.person], column_of[cell.group]
        parts.append(_mark(cell, x, y, _told(cell, person.name, group.name, words)))
    return picture("matrix", ("matrix-title", title), (width, height), parts, is_fixed=True)


def _told(cell: Cell, person: str, group: str, words: Shown) -> str:
    parts = [words.phrase("cell", person=person, group=group, role=cell.role)]
    parts += [] if cell.current else [words.phrase("past")]
    return "; ".join(parts + ([] if cell.proved else [words.phrase("inferred")]))


def _rule(path: str) -> str:
    return f'<path class="rule" d="{path}"/>'


def _row_label(line: Line, y: int, right: int) -> str:
    top = _TOP + CELL * y + CELL - 3
    return (
        f'<text class="label" x="{_LEFT - 6}" y="{top}" text-anchor="end">'
        f"{cut(f'{line.name} {line.number}', _LABEL)}</text>"
        f'<text class="label note" x="{right + 6}" y="{top}">{escape(line.note)}</text>'
    )


def _column_label(line: Line, x: int) -> str:
    left = _LEFT + CELL * x + CELL - 3
    turned = f'transform="translate({left} {_TOP - 6}) rotate(-60)"'
    return f'<text class="label" {turned}>{cut(f"{line.number} {line.name}", _TITLE)}</text>'


def _mark(cell: Cell, x: int, y: int, told: str) -> str:
    """A square for a creator, a diamond for an admin, a disc for a member; hollow if past."""
    left, top, half = _LEFT + CELL * x, _TOP + CELL * y, CELL / 2
    state = ("now" if cell.current else "past") + ("" if cell.proved else " inferred")
    shape = {
        "creator": f'<rect class="creator {state}" x="{left + 2}" y="{top + 2}" '
        f'width="{CELL - 4}" height="{CELL - 4}">',
        "admin": f'<path class="admin {state}" d="M{left + half} {top + 1}L{left + CELL - 1} '
        f'{top + half}L{left + half} {top + CELL - 1}L{left + 1} {top + half}Z">',
    }
    disc = f'<circle class="member {state}" cx="{left + half}" cy="{top + half}" r="3.6">'
    opened = shape.get(cell.role, disc)
    tag = opened[1 : opened.index(" ")]
    return f"{opened}<title>{escape(told)}</title></{tag}>"
