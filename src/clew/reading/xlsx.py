"""Workbooks (ECMA-376 Office Open XML, SpreadsheetML), written row by row in bounded memory.

A text stands in its cell as it is (``inlineStr``) and is never a formula; identifiers, hashes and
numbers too long for a spreadsheet's 15 digits are texts. A time is a serial number with a format,
in UTC. The same rows give the same bytes: no time of writing, no name of a program.
"""

import re
import zipfile
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from importlib import resources
from itertools import chain, count, islice
from pathlib import Path
from typing import IO, Any
from xml.sax.saxutils import escape, quoteattr

import msgspec

from clew.words.characters import spelt_out

MOST_ROWS = 1_048_576
"""Rows of a sheet; the rest goes on in a further sheet."""
MOST_CHARACTERS = 32_767
"""Characters of a cell; what is longer ends with how long it is, and is whole in CSV."""
_MOST_BYTES = 1 << 30
"""Bytes of a sheet's XML; beyond 2 GiB a ZIP needs fields that some programs refuse."""
_MOST_DIGITS = 10**15
_PEEK = 200
"""Rows that decide how wide a column is."""
_WIDEST = 60
_DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - serial numbers have no zone
_FIRST_DAY = datetime(1900, 3, 1)  # noqa: DTZ001 - before it Excel counts a day that never was
_FORBIDDEN = str.maketrans("[]:*?/\\", "_______")
_HEAD, _TIME, _TEXT = 1, 2, 3
"""Cell formats of ``styles.xml``."""
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_CONTENTS = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATED = "application/vnd.openxmlformats-package.relationships+xml"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """Rows under the names of their columns; rows are taken as they come, once."""

    title: str
    columns: tuple[str, ...]
    rows: Iterable[Sequence[Any]]


def write_xlsx(out: Path, sheets: Iterable[Sheet]) -> int:
    """Write a new workbook; the number of rows under the heads of its sheets."""
    titles: list[str] = []
    written = 0
    with out.open("xb") as file, zipfile.ZipFile(file, "w") as book:
        for sheet in sheets:
            rows = _Ahead(sheet.rows)
            while not titles or rows.left or not rows.begun:
                titles.append(_title(sheet.title, titles))
                with book.open(_part(f"xl/worksheets/sheet{len(titles)}.xml"), "w") as part:
                    written += _write_sheet(part, sheet.columns, rows)
        for name, text in _around(titles):
            book.writestr(_part(name), text)
    return written


class _Ahead:
    """Rows of which the next few are known before they are taken."""

    def __init__(self, rows: Iterable[Sequence[Any]]) -> None:
        self._rows = iter(rows)
        self._next = deque(islice(self._rows, _PEEK))
        self.begun = False
        """A sheet was begun for them."""

    @property
    def left(self) -> bool:
        """There are more rows."""
        return bool(self._next)

    def peek(self) -> list[Sequence[Any]]:
        """The next few rows, which are not taken."""
        return list(self._next)

    def take(self) -> Sequence[Any]:
        """The next row."""
        self._next.extend(islice(self._rows, 1))
        return self._next.popleft()


def _write_sheet(part: IO[bytes], columns: Sequence[str], rows: _Ahead) -> int:
    """Write as many rows as one sheet has room for; how many they are."""
    rows.begun = True
    size = part.write(_opening(columns, rows.peek()).encode())
    count = 0
    while rows.left and count < MOST_ROWS - 1 and size < _MOST_BYTES:
        size += part.write(f"<row>{''.join(map(_cell, rows.take()))}</row>".encode())
        count += 1
    last = f"{_letters(len(columns))}{count + 1}"
    part.write(f'</sheetData><autoFilter ref="A1:{last}"/></worksheet>'.encode())
    return count


def _opening(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """A sheet up to its first row: the head stays in sight, columns are as wide as is usual."""
    widths = [
        min(_WIDEST, max(len(head), *(_width(row[n]) for row in rows), 6) + 2)
        for n, head in enumerate(columns)
    ]
    cols = "".join(
        f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>'
        for n, width in enumerate(widths, 1)
    )
    heads = "".join(_text(head, _HEAD) for head in columns)
    return (
        f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        f"</sheetView></sheetViews><cols>{cols}</cols><sheetData><row>{heads}</row>"
    )


def _cell(value: Any) -> str:
    """A cell of the type of its value."""
    if value is None:
        return "<c/>"
    if isinstance(value, bool):
        return f'<c t="b"><v>{value:d}</v></c>'
    if isinstance(value, int | float) and abs(value) < _MOST_DIGITS:
        return f"<c><v>{value!r}</v></c>"
    if isinstance(value, date) and (serial := _serial(value)) is not None:
        return f'<c s="{_TIME}"><v>{serial!r}</v></c>'
    return _text(as_text(value), _TEXT)


def _text(value: str, form: int) -> str:
    if len(value) > MOST_CHARACTERS:
        note = f"\u2026 ({len(value)} characters; whole in CSV)"
        value = value[: MOST_CHARACTERS - len(note)] + note
    return (
        f'<c s="{form}" t="inlineStr"><is><t xml:space="preserve">{escape(_literal(value))}'
        "</t></is></c>"
    )


def _literal(text: str) -> str:
    """Text in which what reads like an escaped character of this format is no such thing."""
    return _ESCAPE.sub("_x005F_", spelt_out(text, keep="\n"))


def as_text(value: Any) -> str:
    """A value of any column as a text: a time in UTC, several values one after another."""
    if isinstance(value, list | tuple):
        return "; ".join(map(as_text, value))
    if isinstance(value, datetime):
        zone = "Z" if value.tzinfo else ""
        return (value.astimezone(UTC) if zone else value).replace(tzinfo=None).isoformat() + zone
    if isinstance(value, dict):
        return msgspec.json.encode(value, order="sorted").decode()
    return "" if value is None else str(value)


def _serial(value: date) -> float | None:
    """Days since the calendar of spreadsheets begins; None before it is sound."""
    if not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a day has no zone
    at = (value.astimezone(UTC) if value.tzinfo else value).replace(tzinfo=None)
    return (at - _DAY_ZERO) / timedelta(days=1) if at >= _FIRST_DAY else None


def _width(value: Any) -> int:
    if isinstance(value, datetime):
        return len("2026-01-01 00:00:00")
    return max(map(len, as_text(value).split("\n")))


def _letters(column: int) -> str:
    """Name of a column, the first being 1.

    >>> _letters(1), _letters(26), _letters(27), _letters(703)
    ('A', 'Z', 'AA', 'AAA')
    """
    name = ""
    while column:
        column, letter = divmod(column - 1, 26)
        name = chr(ord("A") + letter) + name
    return name or "A"


def _title(title: str, taken: Sequence[str]) -> str:
    """A name for a sheet: 31 characters, without those that are not allowed, each name once."""
    plain = spelt_out(title.translate(_FORBIDDEN)).strip("'") or "Sheet"
    names = (plain[: 31 - len(end)] + end for end in chain([""], map(" {}".format, count(2))))
    known = {name.casefold() for name in taken}
    return next(name for name in names if name.casefold() not in known)


def _part(name: str) -> zipfile.ZipInfo:
    """A part of the package, which says nothing of when and where it was written."""
    part = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    part.compress_type = zipfile.ZIP_DEFLATED
    part.create_system = 3
    part.external_attr = 0o600 << 16
    return part


def _around(titles: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The parts of the package that say which sheets there are."""
    sheets = dict(enumerate(titles, 1))
    kinds = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" '
        f'ContentType="{_TYPES}.worksheet+xml"/>' for n in sheets
    )  # fmt: skip
    yield "[Content_Types].xml", (
        f'{_XML}<Types xmlns="{_CONTENTS}"><Default Extension="rels" ContentType="{_RELATED}"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPES}.styles+xml"/>'
        f"{kinds}</Types>"
    )  # fmt: skip
    yield "_rels/.rels", _related([("officeDocument", "xl/workbook.xml")])
    listed = "".join(
        f'<sheet name={quoteattr(title)} sheetId="{n}" r:id="rId{n}"/>'
        for n, title in sheets.items()
    )
    yield "xl/workbook.xml", (
        f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
        f"<sheets>{listed}</sheets></workbook>"
    )  # fmt: skip
    parts = [("worksheet", f"worksheets/sheet{n}.xml") for n in sheets]
    yield "xl/_rels/workbook.xml.rels", _related([*parts, ("styles", "styles.xml")])
    yield "xl/styles.xml", resources.files(__package__).joinpath("styles.xml").read_text("utf-8")


def _related(parts: Iterable[tuple[str, str]]) -> str:
    found = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(parts, 1)
    )
    return f'{_XML}<Relationships xmlns="{_RELATIONS}">{found}</Relationships>'
