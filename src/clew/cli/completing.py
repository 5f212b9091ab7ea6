"""What a shell completes: names of lists, of their columns, and of time zones; no case is read."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import click


def lists(_: click.Context, __: click.Parameter, begun: str) -> list[str]:
    """Lists that ``clew show`` knows."""
    from clew import views

    return [name for name in views.names() if name.startswith(begun)]


def columns(_: click.Context, __: click.Parameter, begun: str) -> list[str]:
    """Columns of the list that is named; after a comma the next."""
    from clew import views

    words = os.environ.get("COMP_WORDS", "").split()  # an option without its value ends the parsing
    listed = next((word for word in words if word in views.names()), None)
    if listed is None:
        return []
    before, comma, name = begun.rpartition(",")
    return [f"{before}{comma}{c}" for c in views.view(listed).likely if c.startswith(name)]


def conditions(context: click.Context, parameter: click.Parameter, begun: str) -> list[str]:
    """Columns of the list that is named, each to be compared with a value."""
    return [f"{column}=" for column in columns(context, parameter, begun)]


def zones(_: click.Context, __: click.Parameter, begun: str) -> list[str]:
    """Time zones of this machine."""
    from zoneinfo import available_timezones

    return sorted(zone for zone in available_timezones() if zone.startswith(begun))
