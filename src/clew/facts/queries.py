"""The queries of this room, by the names of their files."""

from __future__ import annotations

from functools import cache
from importlib import resources


@cache
def query(name: str) -> str:
    """The SQL of one query."""
    return resources.files("clew.facts").joinpath("sql", f"{name}.sql").read_text("utf-8")
