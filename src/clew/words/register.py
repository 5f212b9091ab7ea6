"""The register of all reason codes, and the sentences of rows, as their TOML files declare them.

A register is named after the column or enumeration whose values it explains: ``[unread.encrypted]``
explains the code ``encrypted`` in ``unread.code``.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any

import msgspec

_FIGURE = re.compile(r"\{(\w+)")


class Weight(StrEnum):
    """How much a code matters to whoever relies on the case."""

    INFO = "info"
    """Part of an ordinary case."""
    WARNING = "warning"
    """Something may be missing or may mislead: read it before you rely on the row."""
    ERROR = "error"
    """Something was not read or not concluded."""


class Sentence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One sentence or clause in English, with its figures in braces."""

    say: str
    many: str = ""
    """The same for several; ``count`` names the figure that decides between the two."""
    count: str = ""
    """Figure that chooses between ``say`` and ``many``."""
    when: dict[str, Any] = {}
    """Of a row: columns and the values (one, a list, or true for any) with which it is said."""
    sample: dict[str, Any] = {}
    """Figures for tests and translators, where an example is needed."""

    def figures(self) -> set[str]:
        """Names of the figures that the sentence shows or counts."""
        return {*_FIGURE.findall(self.say + self.many), *filter(None, [self.count])}

    def holds(self, row: Mapping[str, Any]) -> bool:
        """Whether the row has the values with which the clause is said."""
        return all(_fits(row.get(column), wanted) for column, wanted in self.when.items())


class Code(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A reason code: what it means, how much it weighs, and what to do about it."""

    meaning: str
    """One sentence that holds for every row with this code."""
    do: str = "Nothing needs to be done."
    """What a person can do about it."""
    weight: Weight = Weight.INFO
    """How much it matters."""
    say: str = ""
    """A sentence with figures; where it is empty, the meaning is said."""
    many: str = ""
    """The same for several."""
    count: str = ""
    """Figure that chooses between ``say`` and ``many``."""
    sample: dict[str, Any] = {}
    """Figures for tests and translators."""

    @property
    def sentence(self) -> Sentence:
        """What is said of a row with this code."""
        return Sentence(
            say=self.say or self.meaning, many=self.many, count=self.count, sample=self.sample
        )


@cache
def registers() -> dict[str, dict[str, Code]]:
    """Every register by name, with its codes."""
    return {name: dict(part) for name, part in _loaded("codes", dict[str, Code])}


@cache
def sentences() -> dict[str, tuple[Sentence, ...]]:
    """The clauses that say a row, by the name of its table or view."""
    return dict(_loaded("sentences", tuple[Sentence, ...]))


@cache
def countries() -> dict[str, str]:
    """English names of countries by their codes of ISO 3166-1."""
    data = resources.files("clew.words").joinpath("countries.toml").read_bytes()
    return msgspec.toml.decode(data, type=dict[str, str])


def code(register: str, name: str) -> Code:
    """One registered code; ``LookupError`` where it is not registered."""
    try:
        return registers()[register][name]
    except KeyError:
        raise LookupError(f"code {name!r} is not in the register {register!r}") from None


def unregistered(register: str, found: Iterable[str | None]) -> set[str]:
    """Those of the codes found in a table that the register does not have."""
    return {name for name in found if name} - set(registers().get(register, {}))


def _loaded(folder: str, kind: Any) -> Iterator[tuple[str, Any]]:
    """Each top-level entry of the folder's TOML files; the same name twice is an error."""
    seen: set[str] = set()
    files = resources.files("clew.words").joinpath(folder).iterdir()
    for file in sorted((f for f in files if f.name.endswith(".toml")), key=lambda f: f.name):
        parts = msgspec.toml.decode(file.read_bytes(), type=dict[str, kind])
        if twice := seen & parts.keys():
            raise ValueError(f"{file.name} declares again: {', '.join(sorted(twice))}")
        seen |= parts.keys()
        yield from parts.items()


def _fits(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, bool):
        return bool(value) is wanted
    choices = wanted if isinstance(wanted, list) else [wanted]
    return bool(set(choices) & set(value if isinstance(value, list | tuple) else [value]))
