"""Named relations: what several queries need, each a whole SELECT in a file of its own.

A file's name is the relation's name, and the comment at its head says what one row is. The engine
makes a view of a relation when a query first asks for it; a relation may ask for others.
"""

from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType


@cache
def relations() -> Mapping[str, str]:
    """Every relation's SQL by its name."""
    return MappingProxyType(_texts("relations"))


@cache
def step_queries() -> Mapping[str, str]:
    """Every query that a step may ask, by its name."""
    exchange = resources.files("clew").joinpath("exchange").iterdir()
    below = sorted(f"exchange/{room.name}" for room in exchange if room.joinpath("sql").is_dir())
    rooms = ("facts", "findings", *below)
    found = (text for room in rooms for text in _texts(f"{room}/sql").items())
    return MappingProxyType(dict(found))


def _texts(folder: str) -> dict[str, str]:
    files = resources.files("clew").joinpath(folder).iterdir()
    texts = {f.name[:-4]: f.read_text("utf-8") for f in files if f.name.endswith(".sql")}
    return dict(sorted(texts.items()))


def summary(sql: str) -> str:
    r"""The comment at the head of a query, as one paragraph.

    >>> summary("-- One row per group.\n-- Sorted.\nSELECT 1")
    'One row per group. Sorted.'
    """
    lines = []
    for line in sql.splitlines():
        if not line.startswith("--"):
            break
        lines.append(line.removeprefix("--").strip())
    return " ".join(lines)
