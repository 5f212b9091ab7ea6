"""The board: what follows from a set of statements, whatever order they came in.

Everything here is a function of the set alone. A withdrawal hides only what it names, and only in
the list of the site that withdraws; what was heard never outvotes what was seen; a contradiction is
shown and never settled.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from operator import attrgetter

import msgspec

from clew.operation.figures import Figure, figures
from clew.operation.gaps import Gap, gaps
from clew.operation.persons import Desk, PersonStatus, desk, persons
from clew.operation.register import Entry, Move, moves, register
from clew.operation.searches import Search, searches
from clew.operation.standing import Group, Standing
from clew.records import About, Statement


class Board(msgspec.Struct, frozen=True, kw_only=True):
    """The state of an operation."""

    statements: int
    withdrawn: int
    searches: tuple[Search, ...]
    register: tuple[Entry, ...]
    moves: tuple[Move, ...]
    persons: tuple[PersonStatus, ...]
    desk: tuple[Desk, ...]
    """Possible victims: rights of their own, in no other export."""
    figures: tuple[Figure, ...]
    """What others published."""
    gaps: tuple[Gap, ...]

    @property
    def digest(self) -> str:
        """Equal where the state is."""
        return hashlib.sha256(msgspec.json.encode(self)).hexdigest()


def board(statements: Iterable[Statement]) -> Board:
    """The state that follows from a set of statements."""
    every = sorted(
        {one.statement_id: one for one in statements}.values(),
        key=attrgetter("site", "seq", "statement_id"),
    )
    standing = Standing(every)
    groups: dict[About, list[Group]] = defaultdict(list)
    for group in standing.groups():
        groups[group.about].append(group)
    exhibits = register(groups[About.EXHIBIT])
    known = {one.entry: one for one in exhibits}
    victims = desk(groups[About.VICTIM], groups[About.PERSON])
    hidden = {one.reference for one in victims}
    return Board(
        statements=len(every),
        withdrawn=len(standing.withdrawn),
        searches=searches(groups[About.SEARCH], exhibits),
        register=exhibits,
        moves=moves(groups[About.EXHIBIT], known),
        persons=persons(g for g in groups[About.PERSON] if g.reference not in hidden),
        desk=victims,
        figures=figures(groups[About.OPERATION]),
        gaps=gaps(every, standing.odd),
    )
