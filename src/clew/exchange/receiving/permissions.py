"""What may be shown where: handling codes of received packages, and what their senders allowed.

A conclusion that is drawn from several packages inherits the strictest of their codes. So what may
not be used in court is left out before anything is concluded, and never filtered out afterwards.
"""

from datetime import UTC, datetime

import msgspec

from clew.casefile import Case
from clew.casefile.received import JOINT, PERMITTED, Delivery, deliveries
from clew.casefile.step_manifest import WHOLE_CASE
from clew.errors import UsageError
from clew.records import Permission, Permits
from clew.schema import replace

_BARS_COURT = {"H1": Permits.JUDICIAL_USE}
_BARS_PASSING_ON = {"H1": Permits.JUDICIAL_USE, "H2": Permits.ONWARD}
Reach = tuple[str, frozenset[str]]
"""Scope of conclusions, and the packages that they rest on besides the case's own facts."""


def scopes(case: Case) -> dict[str, frozenset[str]]:
    """Packages over which conclusions are drawn, by scope; none of a scope that is not needed."""
    found = deliveries(case.manifests_read)
    every = _names(found)
    permitted = _names(allowed(case, found, _BARS_COURT))
    needed = permitted if permitted < every else frozenset()
    return {JOINT: every, PERMITTED: needed}


def in_court(case: Case) -> Reach:
    """What a report for a court may rest on: no package of H1 without its sender's permission."""
    return _reach(case, _names(allowed(case, deliveries(case.manifests_read), _BARS_COURT)))


def passed_on(case: Case) -> Reach:
    """What may leave the case: no package of H1 or H2 without its sender's permission."""
    return _reach(case, _names(allowed(case, deliveries(case.manifests_read), _BARS_PASSING_ON)))


def left_out(case: Case) -> int:
    """How many packages are not among those that are read now."""
    return len(deliveries(case.manifests_read)) - len(case.deliveries)


def allowed(
    case: Case, found: tuple[Delivery, ...], bars: dict[str, Permits]
) -> tuple[Delivery, ...]:
    """Packages that no handling code bars, or whose senders permitted what it bars."""
    given = {
        (one.origin, one.handling_code, one.permits)
        for one in case.ledger.judgements(Permission) if one.counts
    }  # fmt: skip
    return tuple(
        d for d in found
        if all(
            (d.origin, code, permit) in given
            for code, permit in bars.items() if code in d.handling
        )
    )  # fmt: skip


def _reach(case: Case, packages: frozenset[str]) -> Reach:
    """Conclusions over these packages, where they were drawn; over own facts alone otherwise."""
    for scope, over in scopes(case).items():
        if packages and packages == over:
            return scope, packages
    return WHOLE_CASE, frozenset()


def _names(found: tuple[Delivery, ...]) -> frozenset[str]:
    return frozenset(d.package for d in found)


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """A letter in which a sender allows more than its handling code does."""

    origin: str
    permits: Permits
    partner: str
    reference: str


_LIFTS = {Permits.JUDICIAL_USE: "H1", Permits.ONWARD: "H2"}


def permit(case: Case, letter: Letter, judged_by: str, reason: str) -> Permission:
    """Enter what a sender allowed of what came from one of its cases."""
    origins = {d.origin for d in deliveries(case.manifests_read)}
    if letter.origin not in origins:
        raise UsageError(
            f"nothing came from {letter.origin!r}",
            do=f"Origins are: {', '.join(sorted(origins)) or 'none'}. See: clew received CASE",
        )
    permission = Permission(
        number=0, origin=letter.origin, handling_code=_LIFTS[letter.permits],
        permits=letter.permits, partner_id=letter.partner, letter_ref=letter.reference,
        judged_by=judged_by, reason=reason, judged_at=datetime.now(UTC).replace(microsecond=0),
    )  # fmt: skip
    return replace(permission, number=case.ledger.append(permission))
