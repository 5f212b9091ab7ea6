"""What the report says of countries: each, each pair, and what is in conflict."""

from typing import Any

import msgspec

from clew.reading import Reading

MOST = 24
"""Countries in the matrix: those with most persons."""
_LEVELS = 4


class Cell(msgspec.Struct, frozen=True):
    """What ties the country of a row to the country of a column."""

    persons: int
    groups: int
    contents: int
    """From the country of the row to the country of the column."""
    answered: int
    level: int
    """How many persons, in four steps to the most of all pairs."""


class Nations(msgspec.Struct, frozen=True):
    """What the section on countries shows."""

    countries: list[dict[str, Any]]
    ties: list[dict[str, Any]]
    conflicts: list[dict[str, Any]]
    persons: dict[str, int]
    """How many persons, how many without a country, and how many by a number alone."""
    order: list[str]
    """Countries of the matrix."""
    cells: dict[tuple[str, str], Cell]

    def cell(self, row: str, column: str) -> Cell | None:
        """What ties two countries; nothing where nothing does."""
        return self.cells.get((row, column))


def nations(reading: Reading) -> Nations:
    """Everything that the section on countries shows."""
    countries, ties = reading.printed("countries"), reading.printed("country-ties")
    order = [row["country"] for row in countries if row["persons"]][:MOST]
    most = max((tie["persons"] for tie in ties), default=1) or 1
    cells = {}
    for tie in ties:
        level = 0 if not tie["persons"] else 1 + (_LEVELS - 1) * tie["persons"] // most
        both = tie["persons"], tie["groups"]
        cells[tie["a"], tie["b"]] = Cell(*both, tie["a_to_b"], tie["a_to_b_answered"], level)
        cells[tie["b"], tie["a"]] = Cell(*both, tie["b_to_a"], tie["b_to_a_answered"], level)
    persons = reading.printed("person-countries")
    counts = {
        "persons": len(persons),
        "unplaced": sum(row["country"] is None for row in persons),
        "number_only": sum(row["number_only"] for row in persons),
    }
    conflicts = [row for row in persons if row["conflict"]]
    return Nations(countries, ties, conflicts, counts, order, cells)
