"""The SQL of the findings, one file a query."""

from __future__ import annotations

from importlib import resources


def query(name: str) -> str:
    """Text of ``sql/NAME.sql``."""
    return resources.files("clew.findings").joinpath("sql", f"{name}.sql").read_text("utf-8")
