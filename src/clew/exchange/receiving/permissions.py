"""What may be shown where: handling codes of received packages, and what their senders allowed.

A conclusion that is drawn from several packages inherits the strictest of their codes. So what may
not be used in court is left out before anything is concluded, and never filtered out afterwards.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

import msgspec

from clew.casefile import Case
from clew.casefile.ledger import now
from clew.casefile.received import JOINT, PERMITTED, Delivery, deliveries
from clew.casefile.step_manifest import WHOLE_CASE
from clew.errors import UsageError
from clew.exchange.markings import Handling, Marking, Tlp, strictest
from clew.records import Permission, Permits

IN_COURT = {"H1": Permits.JUDICIAL_USE}
"""What bars use in court: handling codes, each with what the sender can permit against it."""
PASSED_ON = {**IN_COURT, "H2": Permits.ONWARD, "TLP:RED": Permits.ONWARD}
"""What bars passing on: that a file leaves the case, or that a partner hears of it."""
UNKNOWN, APART = "unknown", "apart"
"""Why a package is left out that no code bars: a code that nobody knows, or no conclusions."""
Bars = Mapping[str, Permits]
Lifted = tuple[str, Permits]
"""Origin, and what its sender permits of what came from there."""
Reach = tuple[str, frozenset[str]]
"""Scope of conclusions, and the packages that they rest on besides the case's own facts."""


class Withheld(msgspec.Struct, frozen=True):
    """What of received packages is not read for a use, for one reason."""

    packages: int
    rows: int


def scopes(case: Case) -> dict[str, frozenset[str]]:
    """Packages over which conclusions are drawn, by scope; none of a scope that is not needed."""
    found = deliveries(case.manifests_read)
    every = _names(found)
    permitted = _names(allowed(case, found, IN_COURT))
    needed = permitted if permitted < every else frozenset()
    return {JOINT: every, PERMITTED: needed}


def in_court(case: Case) -> Reach:
    """What a report for a court may rest on: no package of H1 without its sender's permission."""
    return reach(case, IN_COURT)


def passed_on(case: Case) -> Reach:
    """What may leave the case: no package of H1, H2 or TLP:RED without its sender's permission."""
    return reach(case, PASSED_ON)


def reach(case: Case, bars: Bars) -> Reach:
    """Conclusions over what nothing bars, where they were drawn; over own facts alone otherwise."""
    packages = _names(allowed(case, deliveries(case.manifests_read), bars))
    for scope, over in scopes(case).items():
        if packages and packages == over:
            return scope, packages
    return WHOLE_CASE, frozenset()


def withheld(case: Case, bars: Bars) -> dict[str, Withheld]:
    """What of received packages is not read for a use, by the code that bars it or another why."""
    _, read = reach(case, bars)
    packages, rows = Counter[str](), Counter[str]()
    permitted = _permitted(case)
    for delivery in deliveries(case.manifests_read):
        if delivery.package not in read:
            why = next(_barring(delivery, bars, permitted), APART)
            packages[why] += 1
            rows[why] += sum(file.rows for file in delivery.files.values())
    return {why: Withheld(n, rows[why]) for why, n in sorted(packages.items())}


def allowed(case: Case, found: tuple[Delivery, ...], bars: Bars) -> tuple[Delivery, ...]:
    """Packages that no handling code bars, or whose senders permitted what it bars."""
    permitted = _permitted(case)
    return tuple(d for d in found if not any(_barring(d, bars, permitted)))


def inherited(case: Case, own: Marking) -> Marking:
    """The strictest of a marking and of those of every package that is read beside own facts."""
    rows = case.rows("SELECT package_id, handling, handling_text, tlp FROM packages ORDER BY ALL")
    return strictest([own, *(_marking(row, own) for row in rows)])


def restrictions(case: Case) -> dict[str, str]:
    """What H3 restricts, in its senders' words, by each package that is read."""
    rows = case.rows("SELECT package_id, handling, handling_text FROM packages ORDER BY ALL")
    return {row["package_id"]: _words(row) for row in rows if Handling.H3 in row["handling"]}


def _marking(row: dict[str, Any], own: Marking) -> Marking:
    """How a package is marked; what its sender does not say is as in ``own``.

    A code that is not known here restricts as H3 does: in the sender's words.
    """
    tlp = Tlp(row["tlp"]) if row["tlp"] in {*Tlp} else own.tlp
    codes = {code if code in {*Handling} else Handling.H3 for code in row["handling"]}
    if not codes:
        return msgspec.structs.replace(own, tlp=tlp)
    return Marking(handling=tuple(map(Handling, sorted(codes))), tlp=tlp,
                   restrictions=_words(row) if Handling.H3 in codes else None)  # fmt: skip


def _words(row: dict[str, Any]) -> str:
    return row["handling_text"] or f"as the sender of {row['package_id']} says"


def _barring(d: Delivery, bars: Bars, permitted: AbstractSet[Lifted]) -> Iterator[str]:
    """Codes of a package that bar a use and that its sender did not lift."""
    codes = (*d.handling, d.tlp or "")
    yield from (
        c for c, permit in bars.items() if c in codes and (d.origin, permit) not in permitted
    )
    if not {*d.handling} <= {*Handling}:
        yield UNKNOWN


def _permitted(case: Case) -> AbstractSet[Lifted]:
    """What senders permitted of what came from their cases."""
    given = case.ledger.judgements(Permission)
    return {(o.origin, o.permits) for o in given if o.counts and o.origin and o.permits}


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
    found = deliveries(case.manifests_read)
    origins = {d.origin for d in found}
    if letter.origin not in origins:
        raise UsageError(
            f"nothing came from {letter.origin!r}",
            do=f"Origins are: {', '.join(sorted(origins)) or 'none'}. See: clew received CASE",
        )
    senders = {d.partner for d in found if d.origin == letter.origin}
    if letter.partner not in senders:
        raise UsageError(
            f"{letter.partner!r} sent nothing from {letter.origin}, and can't allow its use",
            do=f"Its sender alone can: {', '.join(sorted(senders))}.",
        )
    permission = Permission(
        number=0, origin=letter.origin, handling_code=_LIFTS[letter.permits],
        permits=letter.permits, partner_id=letter.partner, letter_ref=letter.reference,
        judged_by=judged_by, reason=reason, judged_at=now(),
    )  # fmt: skip
    return case.ledger.enter(permission)
