"""Who is named in a package, and why everybody else is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum

import msgspec
import pyarrow as pa

from clew.casefile import Case
from clew.errors import UsageError
from clew.exchange.routing.decisions import Standing, categories, in_force
from clew.records import VICTIMS, PersonCategory, RouteChoice, RouteState
from clew.relations import step_queries


class Why(StrEnum):
    """What becomes of a person, or of a row, in a package; all but ``named`` are left out."""

    NAMED = "named"
    VICTIM = "victim"
    """A victim or possible victim: in no ordinary package."""
    HELD = "held"
    COUNT_ONLY = "count_only"
    AWAITS_SECOND = "awaits_second"
    ELSEWHERE = "elsewhere"
    """Named to somebody else."""
    UNDECIDED = "undecided"
    NOT_DECIDED = "not_decided"
    MEMBER = "member"
    BYSTANDER = "bystander"
    INFERRED = "inferred"
    """An account that an inference alone ties to somebody who is named."""
    NOBODY = "nobody"
    """Of no account that is a person's."""
    NOT_INVESTIGATED = "not_investigated"
    """Of somebody who is named, in no group under investigation."""
    NOT_REFERRED = "not_referred"
    """No row that goes refers to it."""
    TABLE_NOT_SENT = "table_not_sent"


_BY_STATE = {
    RouteState.PROPOSED: Why.NOT_DECIDED, RouteState.UNDECIDED: Why.UNDECIDED,
    RouteState.COUNTED: Why.MEMBER, RouteState.NEVER: Why.BYSTANDER, RouteState.DESK: Why.VICTIM,
}  # fmt: skip
_BY_CHOICE = {RouteChoice.HOLD: Why.HELD, RouteChoice.COUNT_ONLY: Why.COUNT_ONLY}


class Receiver(msgspec.Struct, frozen=True):
    """Whom a package is for."""

    partner_id: str
    name: str
    country: str | None = None

    @property
    def called(self) -> tuple[str, ...]:
        """What a decision may call it."""
        return tuple(filter(None, (self.partner_id, self.country)))


class Naming(msgspec.Struct, frozen=True, kw_only=True):
    """Everybody in a case, as a package to some partners has them."""

    persons: Mapping[str, Why]
    decisions: Mapping[str, Standing]
    """The decision that names each person who is named: of several partners the strictest."""
    categories: Mapping[str, PersonCategory]

    @property
    def named(self) -> tuple[str, ...]:
        """Persons who are named."""
        return tuple(sorted(person for person, why in self.persons.items() if why is Why.NAMED))

    @property
    def left_out(self) -> dict[str, int]:
        """How many are not, by why."""
        found = Counter(str(why) for why in self.persons.values() if why is not Why.NAMED)
        return dict(sorted(found.items()))

    def table(self) -> pa.Table:
        """Persons with what becomes of them, for queries."""
        return pa.table({
            "person_id": pa.array(self.persons.keys(), pa.string()),
            "standing": pa.array(map(str, self.persons.values()), pa.string()),
        })  # fmt: skip


def naming(case: Case, receivers: Iterable[Receiver], *, desk: bool = False) -> Naming:
    """Who is named to all of these partners: whom signed decisions name to each.

    A victim or possible victim is in no package but one for the ``desk``, which has nobody else.
    """
    asked = tuple(receivers)
    if not asked:
        raise UsageError("a package needs a receiver", do="Name one: --to PT; nothing was written.")
    decided, judged = in_force(case), categories(case)
    anywhere = {person for (person, _), one in decided.items() if one.names}
    found: dict[str, Why] = {}
    chosen: dict[str, Standing] = {}
    for row in case.rows(step_queries()["routes_known"]):
        person = str(row["person_id"])
        is_victim = judged.get(person) in VICTIMS or row["state"] == RouteState.DESK
        standings = [_towards(decided, person, one) for one in asked]
        if is_victim != desk:
            found[person] = Why.VICTIM if is_victim else _BY_STATE[RouteState(row["state"])]
        else:
            if desk:  # a decision from before the person was taken for a victim names nobody here
                standings = [s if s and s.second else None for s in standings]
            found[person] = _why(standings, RouteState(row["state"]), elsewhere=person in anywhere)
        if found[person] is Why.NAMED:
            chosen[person] = max(
                (s for s in standings if s), key=lambda s: (s.marking.tlp.rank, s.marking.handling)
            )
    return Naming(persons=found, decisions=chosen, categories=judged)


def _towards(
    decided: Mapping[tuple[str, str], Standing], person: str, receiver: Receiver
) -> Standing | None:
    """The decision on a person that counts for a partner: the latest of its and its country's."""
    found = [decided[person, one] for one in receiver.called if (person, one) in decided]
    return max(found, key=lambda one: one.decision.number, default=None)


def _why(standings: list[Standing | None], state: RouteState, *, elsewhere: bool) -> Why:
    """What becomes of a person: named where each partner has a decision that names."""
    if all(one and one.names for one in standings):
        return Why.NAMED
    for one in filter(None, standings):
        if one.waits:
            return Why.AWAITS_SECOND
        if one.decision.decision in _BY_CHOICE:
            return _BY_CHOICE[one.decision.decision]
    if elsewhere:
        return Why.ELSEWHERE
    return _BY_STATE[state]
