"""Where in a report its parser stands, though part of the report goes past it."""

import xml.etree.ElementTree as ET
from xml.parsers import expat


class Position:
    """Where in the report the parser is, for what it says of damage: it never saw all of it."""

    def __init__(self) -> None:
        self._lines = 0
        self._column = 0
        """Line and column that the parser is at, as it counts them."""
        self._more_lines = 0
        self._shifted: tuple[int, int] = (-1, 0)
        """Line of the parser in which text was passed by last, and by how many columns."""

    def parsed(self, text: str) -> None:
        """Text went to the parser."""
        self._lines, self._column = _moved(self._lines, self._column, text)

    def passed(self, text: str, start: int, end: int) -> None:
        """Text went past the parser."""
        if start == end:
            return
        shift = self._shifted[1] if self._shifted[0] == self._lines else 0
        lines, column = _moved(0, self._column + shift, text[start:end])
        self._more_lines += lines
        self._shifted = (self._lines, column - self._column)

    def cause(self, error: ET.ParseError) -> str:
        """What is wrong, and where in the report."""
        line, column = error.position
        shift = self._shifted[1] if self._shifted[0] == line - 1 else 0
        wrong = expat.ErrorString(error.code)
        return f"{wrong}: line {line + self._more_lines}, column {column + shift}"


def _moved(line: int, column: int, text: str) -> tuple[int, int]:
    breaks = text.count("\n")
    return line + breaks, len(text) - text.rfind("\n") - 1 if breaks else column + len(text)
