"""Cards of a person and of a group: a screen that says what is known, list by list.

``cards.toml`` says which lists of the catalogue a card shows, by which column, and how much.
"""

import tomllib
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Any

import msgspec

from clew.reading.facade import Reading
from clew.views import View, view
from clew.views.narrowing import Narrowing


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a card shows of one list."""

    title: str
    list: str
    by: str = ""
    """Column that names whom or what the card is of."""
    of: str = ""
    """Column of the card's first list whose values are looked for instead."""
    asked: str = ""
    """Parameter of the list that names whom the card is of, where no column does."""
    columns: tuple[str, ...]
    order: str = ""
    limit: int = 5


class Shown(msgspec.Struct, frozen=True):
    """Rows of a part as they are shown, and how many there are."""

    part: Part
    view: View
    rows: list[dict[str, Any]]
    total: int


def card(reading: Reading, kind: str, ids: Sequence[str]) -> list[Shown]:
    """The parts of a card that have rows; ``ids`` name one person, or one group."""
    found: list[Shown] = []
    for part in _parts()[kind]:
        given = {part.asked: ids[0]} if part.asked else {}
        wanted = tuple(_column(found, part.of)) if part.of else tuple(ids)
        narrowing = Narrowing(values={part.by: wanted} if part.by else {})
        page = reading.view(part.list, narrowing, limit=part.limit, order=part.order, **given)
        if page.rows:
            rows = [{name: row[name] for name in part.columns} for row in page.rows]
            found.append(Shown(part, view(part.list), rows, page.total))
    return found


def _column(found: Sequence[Shown], name: str) -> list[str]:
    return [value for shown in found[:1] for row in shown.rows for value in row[name] or ()]


@cache
def _parts() -> dict[str, list[Part]]:
    text = resources.files("clew.reading").joinpath("cards.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, list[Part]])
