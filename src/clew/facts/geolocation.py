"""Places sent in messages: a pair of degrees that can be one, or a word that it can't."""

from collections.abc import Iterator

from clew.facts.source_columns import Readout, said
from clew.records import MessagePlace
from clew.schema import Row

_NORTH, _EAST = 90, 180


def degrees(north: object, east: object) -> tuple[float, float] | None:
    """Degrees north and east; None where they can be none, and for 0, 0, which stands for none."""
    if not isinstance(north, int | float) or not isinstance(east, int | float):
        return None
    fits = abs(north) <= _NORTH and abs(east) <= _EAST and (north or east)
    return (float(north), float(east)) if fits else None


def sent(
    base: Readout, where: str, message: str, position: tuple[object, object], name: object
) -> Iterator[Row]:
    """The location of a message, from its degrees as stored; what can be none is reported."""
    found, raw = degrees(*position), ", ".join(said(value) or "nothing" for value in position)
    if found is None:
        base.report(where, "location")
        return
    yield MessagePlace(
        **base.at(where), event_id=base.found.event(message), latitude=found[0],
        longitude=found[1], name=said(name) or None, value_raw=raw,
    )  # fmt: skip
