"""What an artifact's rows are, by its name and its headers: the table in ``mapping.toml``."""

import re
import tomllib
from collections.abc import Sequence
from importlib import resources
from typing import Any

import msgspec

_KNOWN: dict[str, Any] = tomllib.loads(
    resources.files(__package__).joinpath("mapping.toml").read_text(encoding="utf-8")
)
SENT = frozenset(_KNOWN["sent"]["values"])
RECEIVED = frozenset(_KNOWN["received"]["values"])


class Plan(msgspec.Struct, frozen=True):
    """How the rows of one artifact are read."""

    artifact: str
    """Its name as the tool gives it."""
    platform: str
    kind: str
    """messages, calls, contacts or accounts"""
    columns: dict[str, int]
    """Position of each column that is read, by what it holds."""

    @property
    def roles(self) -> tuple[str, ...]:
        """What the columns of such rows can hold."""
        return tuple(_KNOWN["columns"][self.kind])

    def of(self, rows: Sequence[Sequence[Any]], role: str) -> list[Any]:
        """One column of many rows; None throughout where the artifact has none."""
        at = self.columns.get(role)
        if at is None:
            return [None] * len(rows)
        return [row[at] if at < len(row) and row[at] != "" else None for row in rows]


def plain(name: str) -> str:
    """A header or name as the tools write it in their database."""
    kept = re.sub(r"[^\w\s]", "", name.strip())
    joined = re.sub(r"\s+", "_", kept)
    return f"_{joined}".lower() if joined[:1].isdigit() else joined.lower()


def plan(artifact: str, headers: Sequence[str]) -> Plan | None:
    """How an artifact is read; None where its name or headers are not known."""
    name = plain(artifact)
    platform = next((to for part, to in _KNOWN["platforms"].items() if part in name), None)
    kind = next((to for part, to in _KNOWN["kinds"].items() if part in name), None)
    if platform is None or kind is None:
        return None
    positions = {plain(header): n for n, header in reversed(list(enumerate(headers)))}
    columns = {
        role: positions[found]
        for role, names in _KNOWN["columns"][kind].items()
        if (found := next((n for n in names if n in positions), None))
    }
    needed = _KNOWN["needs"][kind]
    if not all(any(role in columns for role in either) for either in needed):
        return None
    return Plan(artifact, platform, kind, columns)
