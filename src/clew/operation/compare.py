"""What others published beside what is counted here: never put right, each with its source."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from clew.operation.board import Board
from clew.operation.figures import Figure, Scope
from clew.operation.persons import Track
from clew.operation.statements import WITHDRAWN
from clew.operation.tables import arrests

_SEIZED = "seized_"
_NOT_IDENTIFIED = frozenset((None, Track.UNIDENTIFIED, WITHDRAWN))


def compared(
    published: Iterable[Figure], board: Board, of_case: Mapping[str, int]
) -> list[dict[str, Any]]:
    """Published figures in their order, each with what is counted; empty where that is not counted.

    ``of_case`` has what the evidence of the case gives, by the name of the figure.
    """
    listed = list(published)
    stated = Counter((f.figure, f.scope, f.country) for f in listed)
    rows = []
    for one in listed:
        counted = _counted(one, board, of_case)
        rows.append(
            {
                "figure": one.figure, "scope": one.scope, "country": one.country,
                "published": one.value, "counted": counted,
                "difference": None if counted is None else counted - one.value,
                "contradicted": stated[one.figure, one.scope, one.country] > 1,
                "source": one.source, "note": one.note,
            }
        )  # fmt: skip
    return rows


def _counted(one: Figure, board: Board, of_case: Mapping[str, int]) -> int | None:
    """The same figure over the same scope, as the board or the evidence has it."""
    country = one.country if one.scope == Scope.COUNTRY else None
    if one.figure == "arrests":
        return arrests(board, country)
    if one.figure == "searches":
        return sum(country in (None, s.country) for s in board.searches)
    if one.figure == "users_identified":
        return sum(
            p.first_hand > 0 and p.track not in _NOT_IDENTIFIED
            and country in (None, p.country_of_act)
            for p in board.persons
        )  # fmt: skip
    if one.figure in frozenset(Track):
        return sum(
            any(v.says == one.figure and v.heard_from is None for v in p.voices)
            and country in (None, p.country_of_act)
            for p in board.persons
        )
    if one.figure.startswith(_SEIZED):
        kind = one.figure.removeprefix(_SEIZED)
        return sum(
            e.lot_quantity or 0 for e in board.register
            if kind in ("items", e.kind) and country in (None, e.country)
        )  # fmt: skip
    return of_case.get(one.figure) if country is None else None
