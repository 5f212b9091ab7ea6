"""Records of a CSV file, each with its line, however odd the file is."""

import csv
from collections.abc import Iterator
from typing import NamedTuple

from clew.facts.mapping import Mapping
from clew.facts.reader_api import Found
from clew.formats.encoded import pieces

LONGEST = 16 << 20
"""Characters of one cell."""


class Record(NamedTuple):
    """One record and the line on which it begins."""

    line: int
    cells: list[str]


class Records:
    """The records of a file, and what was odd about its text."""

    def __init__(self, found: Found, mapping: Mapping) -> None:
        self._found, self._mapping = found, mapping
        self.damaged = 0
        """Bytes that are no text in the file's encoding."""
        self.broken: str | None = None
        """Why the rest can't be read."""
        self.line = 1
        self.open_quote = False
        """The last record begins with a quote that nothing ends."""
        self._quotes = 0

    def __iter__(self) -> Iterator[Record]:
        csv.field_size_limit(LONGEST)
        given = self._mapping
        read = csv.reader(self._lines(), delimiter=given.delimiter, quotechar=given.quote)
        while True:
            last, self.line = self.line, read.line_num + 1
            try:
                cells = next(read)
            except StopIteration:
                self.open_quote = self._quotes % 2 == 1 and last < read.line_num
                return
            except csv.Error as error:
                self.broken = str(error)
                return
            yield Record(self.line, cells)

    def _lines(self) -> Iterator[str]:
        """Lines with their ends; only line feeds and carriage returns end one."""
        rest = ""
        with self._found.open() as file:
            for text in pieces(file, lambda _: self._mapping.encoding or "utf-8"):
                self.damaged += text.count("\ufffd")
                self._quotes += text.count(self._mapping.quote)
                *whole, rest = _split(rest + text)
                yield from whole
                if len(rest) > LONGEST:
                    yield rest
                    rest = ""
        if rest:
            yield rest


def _split(text: str) -> list[str]:
    """Lines of a text with their ends, and what comes after the last end."""
    whole = text.removesuffix("\r")  # a line feed may follow in the next piece
    lines = whole.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    last = lines.pop() + text[len(whole) :]
    return [f"{line}\n" for line in lines] + [last]
