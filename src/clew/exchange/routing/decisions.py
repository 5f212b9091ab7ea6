"""Signed decisions on who is named to whom: nobody is named without one, and no rule makes one.

Of several decisions on one person towards one country or partner the latest counts. Where a person
is no plain proposal to that country a second officer has to agree, with another key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from clew.casefile import Case
from clew.casefile.chronicle import Chronicle, Judged
from clew.casefile.ledger import now
from clew.errors import UsageError
from clew.exchange.markings import Grading, Marking
from clew.records import (
    VICTIMS,
    CategoryOfPerson,
    PersonCategory,
    RouteChoice,
    RouteDecision,
    RouteRule,
    RouteState,
    RouteThreshold,
)
from clew.relations import step_queries
from clew.schema import Id, replace

_PROPOSING = frozenset((RouteRule.R1, RouteRule.R2, RouteRule.R3, RouteRule.R4, RouteRule.R5))


class Signed(msgspec.Struct, frozen=True):
    """Who decides, and why."""

    by: str
    reason: str

    def __post_init__(self) -> None:
        if not self.by.strip() or not self.reason.strip():
            raise UsageError(
                "a decision needs a name and a reason", do='Say both: --by "A. Officer" --reason …'
            )


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """What is decided of a person."""

    decision: RouteChoice
    goes_to: str = ""
    """Country or partner; empty: the country that the person is proposed to."""
    marking: Marking | None = None
    """How it may be handled; of somebody who is to be named."""
    grading: Grading | None = None
    """How reliable source and information are; of somebody who is to be named."""


class Standing(msgspec.Struct, frozen=True):
    """The decision on a person towards one country or partner that counts today."""

    decision: RouteDecision
    second: RouteDecision | None = None
    """Agreement of a second officer, with another key."""

    @property
    def names(self) -> bool:
        """Whether the person is named by it."""
        return self.decision.decision is RouteChoice.SEND and not self.waits

    @property
    def waits(self) -> bool:
        """Whether a second officer has still to agree."""
        return self.decision.needs_second and self.second is None

    @property
    def marking(self) -> Marking:
        """How what it sends may be handled."""
        one = self.decision
        said = {"handling": one.handling, "tlp": one.tlp, "restrictions": one.restrictions}
        return msgspec.convert({n: v for n, v in said.items() if v is not None}, Marking)

    @property
    def grading(self) -> Grading:
        """How reliable source and information are."""
        one = self.decision
        return msgspec.convert(
            {"scheme": one.grading_scheme, "source": one.source_grade,
             "information": one.information_grade}, Grading,
        )  # fmt: skip


def decide(case: Case, person: str, choice: Choice, signed: Signed) -> RouteDecision:
    """Decide on one person; UsageError where there is no such route, or nobody may be named by it.

    Who is named needs a handling code, a label and a grading.
    """
    (route,) = case.rows(step_queries()["route_of"], person=person) or (None,)
    if route is None:
        raise UsageError(
            "the case has no route for this person; nothing was decided",
            do="Copy a person from: clew route CASE. Findings follow from: clew run CASE",
        )
    goes_to = choice.goes_to or str(route["country"] or "")
    if not goes_to:
        raise UsageError(
            "it is in doubt to which country this person belongs; nothing was decided",
            do="Say where it goes: --to ES. A second officer has to agree.",
        )
    sends = choice.decision is RouteChoice.SEND
    if sends:
        _may_be_named(route["state"], choice)
    marked = choice.marking if sends else None
    graded = choice.grading if sends else None
    plain = (
        route["state"] == RouteState.PROPOSED
        and route["country"] == goes_to
        and route["category"] not in VICTIMS
        and not _is_own_doing(case, route)
    )
    return case.ledger.enter(RouteDecision(
        number=0, person_id=Id(person), goes_to=goes_to, decision=choice.decision,
        rule=RouteRule(route["rule"]),
        needs_second=sends and not plain,
        handling=marked.handling if marked else (), tlp=marked.tlp if marked else None,
        restrictions=marked.restrictions if marked else None,
        grading_scheme=graded.scheme if graded else None,
        source_grade=graded.source if graded else None,
        information_grade=graded.information if graded else None,
        judged_by=signed.by, reason=signed.reason, judged_at=now(),
    ))  # fmt: skip


def _is_own_doing(case: Case, route: Mapping[str, Any]) -> bool:
    """Whether whoever decides made the person a proposal, by judging a suspect or the threshold.

    Else one officer could have anybody named alone.
    """
    thresholds = case.ledger.judgements(RouteThreshold)
    made = {RouteRule.R2: route["judgement"],
            RouteRule.R5: thresholds[-1].number if thresholds else None}  # fmt: skip
    own = case.custody.analyst.fingerprint if case.custody.analyst else ""
    judged = Chronicle(case.custody).judged
    by_own = {rule for rule, number in made.items() if number and judged[number].key in ("", own)}
    return bool(by_own) and _PROPOSING & {*map(RouteRule, route["rules"])} <= by_own


def _may_be_named(state: str, choice: Choice) -> None:
    if state == RouteState.NEVER:
        raise UsageError(
            "this person is a bystander or contact, and is never named (rule R7)",
            do="Judge what the person is first: clew route mark CASE PERSON suspect --reason …, "
            "then clew run CASE, which routes follow.",
        )
    if choice.marking is None or choice.grading is None:
        raise UsageError(
            "who is named needs a handling code, a label and a grading; nothing was decided",
            do="Say them: --handling H1 --tlp AMBER --grading europol-4x4:B2",
        )


def second(case: Case, number: int, signed: Signed) -> RouteDecision:
    """Agree with an earlier decision as a second officer, with a key other than its own."""
    return second_all(case, (number,), signed)[0]


def second_all(case: Case, numbers: Iterable[int], signed: Signed) -> list[RouteDecision]:
    """Agree with several decisions, all or none."""
    known = {d.number: d for d in case.ledger.judgements(RouteDecision)}
    judged = Chronicle(case.custody).judged
    agreed = [_agreed(case, number, known.get(number), judged, signed) for number in numbers]
    given = case.ledger.append_all(agreed)
    return [replace(one, number=number) for one, number in zip(agreed, given, strict=True)]


def _agreed(
    case: Case, number: int, earlier: RouteDecision | None, judged: Mapping[int, Judged],
    signed: Signed,
) -> RouteDecision:  # fmt: skip
    if earlier is None or earlier.decision is RouteChoice.SECOND:
        raise UsageError(
            f"judgement {number} decides no route", do="See them with: clew route decisions CASE"
        )
    if not earlier.needs_second:
        raise UsageError(
            f"decision {number} needs no second officer", do="Nothing was done, and nothing has to."
        )
    own = case.custody.analyst.fingerprint if case.custody.analyst else ""
    if own in ("", judged[number].key) or signed.by == earlier.judged_by:
        raise UsageError(
            f"decision {number} is signed by the same key; nobody agrees with himself",
            do="A second officer decides, as another user with a key of his own: clew whoami",
        )
    return replace(earlier, number=0, decision=RouteChoice.SECOND, seconds=number,
                   needs_second=False, judged_by=signed.by, reason=signed.reason,
                   judged_at=now())  # fmt: skip


def mark(case: Case, person: str, category: PersonCategory, signed: Signed) -> CategoryOfPerson:
    """Judge what a person is in the proceedings; victims leave every ordinary package at once."""
    if not case.rows(step_queries()["route_of"], person=person):
        raise UsageError(
            "the case has no such person; nothing was judged",
            do="Copy a person from: clew route CASE",
        )
    return case.ledger.enter(CategoryOfPerson(
        number=0, person_id=Id(person), category=category, judged_by=signed.by,
        reason=signed.reason, judged_at=now(),
    ))  # fmt: skip


def threshold(case: Case, known_shares: int, signed: Signed) -> RouteThreshold:
    """Set from how many shared known files on the operation proposes a person (rule R5)."""
    return case.ledger.enter(RouteThreshold(
        number=0, known_shares=known_shares, judged_by=signed.by, reason=signed.reason,
        judged_at=now(),
    ))  # fmt: skip


def in_force(case: Case) -> dict[tuple[str, str], Standing]:
    """What counts today, by person and by country or partner."""
    found: dict[tuple[str, str], Standing] = {}
    decisions = case.ledger.judgements(RouteDecision)
    keys = Chronicle(case.custody).judged if decisions else {}
    for one in decisions:
        towards = (str(one.person_id), one.goes_to)
        before = found.get(towards)
        if one.decision is RouteChoice.WITHDRAW:
            found.pop(towards, None)
        elif one.decision is not RouteChoice.SECOND:
            found[towards] = Standing(one)
        elif before and one.seconds == before.decision.number:
            own, other = keys[one.number].key, keys[before.decision.number].key
            if own and own != other:
                found[towards] = Standing(before.decision, one)
    return found


def categories(case: Case) -> dict[str, PersonCategory]:
    """What each person was judged to be, as the ledger has it now."""
    return {str(c.person_id): c.category for c in case.ledger.judgements(CategoryOfPerson)}
