"""How a card is printed: what it is of line by line, and each list as a small table."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from clew.cli.language import here
from clew.cli.listing import copied
from clew.cli.output import Asked, page, say_pending, screen_width_of, write_json
from clew.cli.tables import Layout, cell, fitted, types_of

if TYPE_CHECKING:
    from clew.reading import Reading
    from clew.reading.cards import Shown


def show_card(asked: Asked, reading: Reading, kind: str, ids: Sequence[str]) -> None:
    """Print the card of a person or a group."""
    from clew import pipeline
    from clew.reading.cards import card

    shown = card(reading, kind, ids)
    if any(pipeline.is_behind(reading.case, one.view.sql) for one in shown):
        say_pending(reading.case)
    if asked.as_json:
        write_json({"part": one.part.title, "list": one.part.list, "total": one.total, **row}
                   for one in shown for row in one.rows)  # fmt: skip
        return
    named = sorted({h for one in shown for h in copied(one.view, one.rows)})
    short = reading.short(named)
    page([line for one in shown for line in _lines(one, short)])


def _lines(shown: Shown, short: dict[str, str]) -> Iterator[str]:
    head = here(shown.part.title)
    rest = shown.total - len(shown.rows)
    listed = "" if "/" in shown.part.list else f": {shown.part.list}"
    yield f"{head}  ({len(shown.rows)} of {shown.total}{listed})" if rest > 0 else head
    if shown.part.title in ("Person", "Group"):
        for name, value in shown.rows[0].items():
            if text := cell(value, short):
                yield from textwrap.wrap(
                    f"  {here(name):16} {text}", screen_width_of(), subsequent_indent=" " * 19
                )
        return
    types = types_of(shown.view, shown.rows[0])
    layout = Layout(screen_width_of() - 2, types=types, short=short, chosen=True)
    yield from (f"  {line}" for line in fitted(shown.rows, layout).lines)
