"""Membership over time in words: what each statement says, and what follows from all of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from clew.findings.period_building import Statement
from clew.records.membership_periods import Bound, MembershipConflictKind, MembershipPeriod

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NEITHER = {
    **dict.fromkeys(
        (MembershipConflictKind.JOINED_DIFFERS, MembershipConflictKind.SEEN_BEFORE_JOINING),
        "No departure is told between the two.",
    ),
    **dict.fromkeys(
        (MembershipConflictKind.ENDED_DIFFERS, MembershipConflictKind.SEEN_AFTER_ENDING),
        "No return is told between the two.",
    ),
    MembershipConflictKind.JOINED_HOW_DIFFERS: "The two tell of one joining in different ways.",
    MembershipConflictKind.ENDED_HOW_DIFFERS: "The two tell of one departure in different ways.",
    MembershipConflictKind.JOINED_BY_DIFFERS: "The two name different persons.",
    MembershipConflictKind.ENDED_BY_DIFFERS: "The two name different persons.",
}
"""Why two statements of a kind can't both be so."""
_WORDS = {
    "added": "added",
    "joined_by_link": "joined by link",
    "joined_by_invitation": "joined by invitation",
    "joined_from_community": "joined from the community",
    "created": "created the group",
    "left": "left",
    "removed": "removed",
    "number_changed": "changed number",
    "promoted": "made admin",
    "demoted": "no longer admin",
}


def says(mark: Statement) -> str:
    """What a statement says, in words."""
    when = _written(mark.at_us, local=mark.is_local)
    if mark.kind == "post":
        return f"{mark.posts} messages from {when} to {_written(mark.last_us, local=mark.is_local)}"
    if mark.kind == "listed":
        return f"listed as {mark.role} {when}"
    if mark.kind == "named":
        return "wrote there, no time is known" if mark.posts else f"named ({mark.basis})"
    words = _WORDS.get(mark.how or "", "joined" if mark.kind == "in" else "gone")
    by = f" by {mark.by_person}" if mark.by_person else ""
    return f"{words}{by} {when}"


def roles(marks: list[Statement]) -> tuple[str, ...]:
    """Standing over time; of rosters that list the same one after another, the first."""
    stated = [m for m in marks if m.kind in ("role", "listed")]
    return tuple(
        _standing(mark)
        for before, mark in zip([None, *stated], stated, strict=False)
        if before is None or (mark.kind, mark.role) != ("listed", before.role)
    )


def _standing(mark: Statement) -> str:
    what = mark.role if mark.kind != "role" else says(mark)
    when = "" if mark.kind == "role" else f" on the roster of {_written(mark.at_us, local=False)}"
    return f"{what}{when} ({mark.exhibit_id})"


def reason(row: MembershipPeriod, first: datetime | None) -> str:
    """The period in a few sentences; ``first`` is when its first statement is of."""
    told = [_beginning(row, first), _ending(row)]
    if row.posts:
        told.append(f"{row.posts} messages of it are held")
    if row.invites:
        told.append(
            f"{len(row.invites)} links to the group were in front of it before; which it used, if "
            "any of them, is not told"
        )
    if row.conflicts:
        told.append(f"{row.conflicts} contradictions, see membership_conflicts")
    words = "; ".join(told) + "."
    return words[0].upper() + words[1:]


def _beginning(row: MembershipPeriod, first: datetime | None) -> str:
    if row.from_bound is Bound.SEEN:
        return f"joining is not told; first seen {_when(row.from_at)}"
    if row.from_bound is Bound.UNKNOWN:
        return "joining is not told" + (f"; it was there before {_when(first)}" if first else "")
    by = f" by {row.joined_by}" if row.joined_by else ""
    return f"{_WORDS.get(row.joined_how or '', 'joined')}{by} {_told(row.from_at, row.from_bound)}"


def _ending(row: MembershipPeriod) -> str:
    if row.until_bound is Bound.LISTED:
        return f"still listed {_when(row.until_at)}"
    if row.until_bound is Bound.UNKNOWN:
        return "nothing tells when it was there"
    by = f" by {row.ended_by}" if row.ended_by else ""
    gone = f"{_WORDS.get(row.ended_how or '', 'gone')}{by}"
    if row.until_bound is Bound.SEEN:
        gone = f"{gone}, when is not told" if row.ended_how else "leaving is not told"
        return f"{gone}; last seen {_when(row.until_at)}"
    return f"{gone} {_told(row.until_at, row.until_bound)}"


def _told(at: datetime | None, bound: Bound) -> str:
    more = " at the earliest of what is told" if bound is Bound.CONTRADICTED else ""
    return f"{_when(at)}{more}"


def _when(at: datetime | None) -> str:
    return "" if at is None else f"{at:%Y-%m-%d %H:%M}"


def _written(at_us: int | None, *, local: bool) -> str:
    found = time_of(at_us)
    if found is None:
        return "at an unknown time"
    return f"{found:%Y-%m-%d %H:%M:%S}" + (" local time" if local else " UTC")


def time_of(at_us: int | None) -> datetime | None:
    """Microseconds as a time in UTC."""
    return None if at_us is None else _EPOCH + timedelta(microseconds=at_us)
