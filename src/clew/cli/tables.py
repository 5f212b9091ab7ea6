"""Rows as a table that fits the terminal: what a person knows a row by comes first.

Identifiers and numbers are never cut, since they are copied. Names and paths are cut with an
ellipsis, the text and the sentence of a row stand below it in full, and columns that have no room
are named. What is wanted whole goes to ``--wide``, ``--csv`` or ``--json``.
"""

from __future__ import annotations

import contextlib
import textwrap
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from clew.cli.language import here
from clew.cli.visible import printable

if TYPE_CHECKING:
    from clew.schema import Column
    from clew.views import View

Row = dict[str, Any]
_GAP = "  "
_SENTENCES = ("text", "reason")
"""Columns that are read: they stand below their row, in full, after what else is wanted of it."""
_NARROW, _USUAL = 14, 28
"""Least and usual columns of the screen for a text that may be cut."""
_LAST = ("source_id", "locator")
"""Where a row of evidence stands: said by ``explain``."""
_WITHHELD = "withheld"
_KNOWN_BY = ("name of a group", "name of a person", "path", "free text")
"""Kinds of columns that a person knows a row by, the best first."""
_TEXTS = frozenset((*_KNOWN_BY, "link", "figures", "raw values"))
"""Kinds that are read and not copied: they may be cut."""


class Fitted(NamedTuple):
    """Lines of a table, and the columns for which there was no room."""

    lines: list[str]
    left_out: list[str]


class Layout(NamedTuple):
    """How rows are laid out."""

    width: int
    wide: bool = False
    """Every column, as wide as it has to be."""
    types: Mapping[str, Column] = {}
    first: tuple[str, ...] = ()
    """Columns that a person reads first."""
    short: Mapping[str, str] = {}
    """Identifiers that are shown by their beginning."""
    chosen: bool = False
    """The columns were asked for, in this order."""


class _Cells(NamedTuple):
    name: str
    head: str
    cells: list[str]
    natural: int
    least: int
    numeric: bool


def fitted(rows: Sequence[Row], layout: Layout) -> Fitted:
    """Rows as lines no longer than the terminal is wide."""
    columns = [_column(name, rows, layout) for name in _ordered(rows, layout)]
    below = [] if layout.wide else [c for c in columns[1:] if _is_read(c)]
    columns = [column for column in columns if column not in below]
    kept, left_out = (columns, []) if layout.wide else _fitting(columns, layout)
    carried = [c for c in columns if c.name in left_out and c.name in layout.first and below]
    left_out = [name for name in left_out if name not in {c.name for c in carried}]
    widths = _widths(kept, layout)
    lines = [_line([c.head for c in kept], kept, widths)]
    for number in range(len(rows)):
        lines.append(_line([c.cells[number] for c in kept], kept, widths))
        said = "  ".join(
            f"{c.head} {c.cells[number]}" if c.numeric else c.cells[number]
            for c in (*carried, *below) if c.cells[number]
        )  # fmt: skip
        lines += textwrap.wrap(
            said, max(layout.width, 20), break_on_hyphens=False, initial_indent="    ",
            subsequent_indent="    ",
        )  # fmt: skip
    return Fitted(lines, left_out)


def _is_read(column: _Cells) -> bool:
    """Whether a column holds sentences, and not codes that stand under the name of one."""
    return column.name in _SENTENCES and any(" " in text for text in column.cells)


def _ordered(rows: Sequence[Row], layout: Layout) -> list[str]:
    """Names of the columns, those by which a person knows a row first."""
    names = list(rows[0])
    if layout.chosen or layout.wide:
        return names
    known = [
        name for kind in _KNOWN_BY for name in names
        if _kind(layout, name) == kind and any(_tells(row[name]) for row in rows)
    ]  # fmt: skip
    first = [name for one in layout.first for name in names if name.partition(" (")[0] == one]
    last = [name for name in names if name in _LAST]
    return list(dict.fromkeys([*(first or known[:1]), *(n for n in names if n not in last), *last]))


def _column(name: str, rows: Sequence[Row], layout: Layout) -> _Cells:
    """A column's texts, with how wide it would be and how narrow it may be."""
    values = [row[name] for row in rows]
    cells = [cell(value, {} if layout.wide else layout.short) for value in values]
    head = here(name)
    heading = screen_width(head)
    natural = max(heading, *map(screen_width, cells))
    kind = _kind(layout, name)
    several = any(isinstance(v, list | tuple) for v in values)
    spaced = not kind and any(" " in c for c in cells)
    is_text = " (" not in name and (kind in _TEXTS or several or spaced)
    least = min(natural, max(_NARROW, heading)) if is_text else natural
    numeric = all(v is None or (isinstance(v, int | float) and v is not True) for v in values)
    return _Cells(name, head, cells, natural, least, numeric)


def _fitting(columns: Sequence[_Cells], layout: Layout) -> tuple[list[_Cells], list[str]]:
    """Columns that fit beside each other, and the names of the others; empty ones are neither."""
    kept: list[_Cells] = []
    left_out: list[str] = []
    room = layout.width + len(_GAP)
    for column in columns:
        if not layout.chosen and not any(map(_tells, column.cells)):
            continue
        needed = len(_GAP) + min(column.natural, max(column.least, _NARROW))
        if needed <= room or not kept:
            kept.append(column)
            room -= needed
        else:
            left_out.append(column.name)
    return kept, left_out


def _widths(kept: Sequence[_Cells], layout: Layout) -> list[int]:
    """Width of each column: texts share the room that the others leave."""
    if layout.wide:
        return [c.natural for c in kept]
    widths = [c.least for c in kept]
    room = layout.width - sum(widths) - len(_GAP) * (len(kept) - 1)
    for most in (_USUAL, layout.width):
        for n, column in enumerate(kept):
            more = max(0, min(room, min(column.natural, most) - widths[n]))
            widths[n] += more
            room -= more
    return widths


def _line(cells: Sequence[str], columns: Sequence[_Cells], widths: Sequence[int]) -> str:
    padded = (
        _padded(text, width, right=column.numeric)
        for text, column, width in zip(cells, columns, widths, strict=True)
    )
    return _GAP.join(padded).rstrip()


def _padded(text: str, width: int, *, right: bool) -> str:
    """A text of just this width on the screen, cut where it is longer."""
    if screen_width(text) > width:
        while screen_width(text) >= width:
            text = text[:-1]
        text += "\u2026"
    blanks = " " * (width - screen_width(text))
    return blanks + text if right else text + blanks


def screen_width(text: str) -> int:
    """Columns of a terminal that a text takes: two for a wide character, none for a mark."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(c) else 1 + (unicodedata.east_asian_width(c) in "WF")
        for c in text
    )


def cell(value: Any, short: Mapping[str, str] = {}) -> str:
    """A value as it stands in a table: times in UTC, identifiers by their beginning."""
    if value is None:
        return ""
    if hasattr(value, "isoformat"):
        return f"{value:%Y-%m-%dT%H:%M:%SZ}"
    if isinstance(value, list | tuple):
        return ", ".join(dict.fromkeys(cell(one, short) for one in value))
    if isinstance(value, float):  # what is nearly 1 is never shown as if it were sure
        rounded = f"{value:.3g}"
        return "over 0.999" if rounded == "1" and value < 1 else rounded
    if isinstance(value, bool):
        return here("yes" if value else "no")
    return printable(short.get(str(value), str(value))).replace("\n", " ")


def types_of(listed: View, names: Iterable[str]) -> dict[str, Column]:
    """What the columns of a list are, where it says so."""
    found = {}
    for name in names:
        with contextlib.suppress(KeyError):
            found[name] = listed.column(name)
    return found


def contents(listed: Iterator[tuple[str, str]], width: int) -> Iterator[str]:
    """Names with what each is, a line each."""
    rows = list(listed)
    wide = max(len(name) for name, _ in rows)
    for name, said in rows:
        room = max(20, width - wide - len(_GAP))
        yield f"{name:{wide}}{_GAP}{_padded(said, room, right=False)}".rstrip()


def _kind(layout: Layout, name: str) -> str:
    column = layout.types.get(name)
    return str(column.kind) if column else ""


def _tells(value: Any) -> bool:
    """Whether a value tells a reader anything."""
    if isinstance(value, list | tuple):
        return any(map(_tells, value))
    return value not in (None, "", _WITHHELD)
