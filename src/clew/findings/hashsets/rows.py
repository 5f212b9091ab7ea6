"""Rows of CSV of which a broken one costs itself: a quotation mark that nobody closes ends no file.

A reader of CSV takes everything after an open quotation mark for one cell, up to the next mark or
the end of the file, and says nothing. Here a cell may go on over some lines, but not over a line
that is a record by itself.
"""

import csv
import io
from collections import deque
from collections.abc import Callable, Iterator

import msgspec

_LINES = 100
"""Over which a cell may go on."""


class Row(msgspec.Struct, gc=False):
    """The cells of one row."""

    number: int
    """Line at which it begins."""
    cells: list[str]
    text: str = ""
    open: bool = False
    """A quotation mark is not closed."""


class _Lines:
    """Lines that can be looked at before they are taken."""

    def __init__(self, lines: Iterator[str], number: int) -> None:
        self._lines = lines
        self._ahead: deque[str] = deque()
        self.number = number

    def take(self) -> str | None:
        line = self._ahead.popleft() if self._ahead else next(self._lines, None)
        self.number += line is not None
        return line

    def peek(self, ahead: int) -> str | None:
        while len(self._ahead) <= ahead:
            line = next(self._lines, None)
            if line is None:
                return None
            self._ahead.append(line)
        return self._ahead[ahead]


def rows(
    source: Iterator[str], header: int, separator: str, whole: Callable[[list[str]], bool],
    *, quoted: bool,
) -> Iterator[Row]:  # fmt: skip
    """Rows below a header; ``whole`` says whether cells are a record by themselves."""
    lines = _Lines(source, header)
    while (line := lines.take()) is not None:
        number = lines.number
        if not quoted or '"' not in line:
            cells = line.rstrip("\r\n").split(separator)
            if line.strip():
                yield Row(number, cells, line)
            continue
        text = _joined(line, lines, separator, whole)
        cells = _parsed(text, separator)
        yield Row(number, cells, text, open=text.count('"') % 2 == 1 and not whole(cells))


def _joined(
    line: str, lines: _Lines, separator: str, whole: Callable[[list[str]], bool]
) -> str:  # fmt: skip
    """A line, with the lines over which its last cell goes on."""
    text = line
    for ahead in range(_LINES):
        if text.count('"') % 2 == 0:
            for _ in range(ahead):
                lines.take()
            return text
        following = lines.peek(ahead)
        if following is None or whole(_parsed(following, separator)):
            break
        text += following
    return line


def _parsed(text: str, separator: str) -> list[str]:
    csv.field_size_limit(max(len(text) + 1, 1 << 17))
    lines = io.StringIO(text, newline="") if "\n" in text.rstrip() or "\r" in text else [text]
    return next(csv.reader(lines, delimiter=separator), [])
