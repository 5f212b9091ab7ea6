"""Figures that others published, each with its scope and source; contradicting ones both stay."""

from collections.abc import Iterable
from enum import StrEnum

import msgspec

from clew.operation.standing import Group
from clew.operation.statements import value_of

PUBLISHED = "published"
"""What a statement of a published figure says."""


class Scope(StrEnum):
    """What a figure counts over."""

    OPERATION = "operation"
    COUNTRY = "country"


class Figure(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """One figure as one source gives it."""

    figure: str
    scope: str
    country: str | None
    value: int
    source: str
    note: str | None = None


def figures(groups: Iterable[Group]) -> tuple[Figure, ...]:
    """Every published figure that is stated."""
    found = set()
    for group in groups:
        for one in group.first + group.heard:
            value = value_of(one, "value")
            if one.says == PUBLISHED and value and value.isdecimal():
                found.add(
                    Figure(
                        figure=group.reference, scope=value_of(one, "scope") or "",
                        country=one.country, value=int(value), note=value_of(one, "note"),
                        source=value_of(one, "source") or "",
                    )
                )  # fmt: skip
    return tuple(
        sorted(found, key=lambda f: (f.figure, f.scope, f.country or "", f.value, f.source))
    )
