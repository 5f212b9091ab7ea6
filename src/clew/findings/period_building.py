"""Membership periods out of single statements of who came, who went and who was seen.

Each account is followed by itself, in the order of time. A statement of joining opens a period
and one of leaving ends it. What is seen between belongs to it; what is seen well outside opens a
period of its own, since somebody who posts was there. Statements of one kind with none of the
other kind between them are taken to speak of the same thing, and contradict each other where they
lie a day or more apart. A day is what wrong clocks and rosters that come late may make.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

import msgspec

DAY_US = 86_400_000_000
"""Microseconds within which statements agree."""
_ORDER = {"in": 0, "post": 1, "role": 2, "out": 3, "listed": 4, "named": 5}
_RENUMBERED = "number_changed"


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """One statement, and who makes it."""

    kind: str
    """``in``, ``out``, ``listed`` on a roster, ``post``, ``role``, or ``named`` without a time."""
    line: str
    """The account, hidden ids under their number."""
    account_id: str
    at_us: int | None
    last_us: int | None = None
    """Of posts, the last of them."""
    is_local: bool = False
    how: str | None = None
    by_person: str | None = None
    exhibit_id: str
    source_id: str | None = None
    locator: str
    event_id: str | None = None
    basis: str
    role: str | None = None
    posts: int | None = None
    witnesses: tuple[str, ...] = ()
    """Of posts, every exhibit that holds any of them."""

    @property
    def location(self) -> str:
        """Where it stands: the event's id, which leads to the file, or file and locator."""
        return self.event_id or f"{self.source_id}#{self.locator}"


class AccountPeriod(msgspec.Struct):
    """One account in one group, from joining to leaving, as far as either is reported."""

    line: str
    joins: list[Statement] = msgspec.field(default_factory=list)
    ends: list[Statement] = msgspec.field(default_factory=list)
    seen: list[Statement] = msgspec.field(default_factory=list)
    roles: list[Statement] = msgspec.field(default_factory=list)
    after: AccountPeriod | None = None
    """The period before, where nobody tells of what lies between the two."""

    @property
    def marks(self) -> list[Statement]:
        """Every statement."""
        return [*self.joins, *self.seen, *self.roles, *self.ends]

    @property
    def begins(self) -> int | None:
        """When it was first stated or seen."""
        return min((m.at_us for m in self.marks if m.at_us is not None), default=None)

    @property
    def last(self) -> int | None:
        """When it was last seen, listed, or stated to be there."""
        there = (*self.joins, *self.seen, *self.roles)
        return max((m.last_us or m.at_us for m in there if m.at_us is not None), default=None)

    @property
    def ended(self) -> int | None:
        """The earliest end that is stated; a change of number states it where nothing else does."""
        stated = [m for m in self.ends if m.at_us is not None]
        plain = [m for m in stated if m.how != _RENUMBERED] or stated
        return min((m.at_us for m in plain if m.at_us is not None), default=None)


class Period(msgspec.Struct):
    """The periods of one person's accounts that follow on from each other or overlap."""

    parts: list[AccountPeriod]

    @property
    def marks(self) -> list[Statement]:
        """Every statement, in the order of time."""
        found = [m for part in self.parts for m in part.marks]
        return sorted(
            found, key=lambda m: (m.at_us is None, m.at_us or 0, _ORDER[m.kind], m.location)
        )

    @property
    def open(self) -> bool:
        """At least one account is not said to have gone."""
        return any(not part.ends for part in self.parts)


def periods(marks: Iterable[Statement]) -> list[Period]:
    """The periods of one person in one group, in the order of time.

    >>> mark = lambda kind, day: Statement(kind=kind, line="a", account_id="a", at_us=day * DAY_US,
    ...     exhibit_id="ES-01", locator=f"message/{day}", basis="event")
    >>> [len(s.marks) for s in periods([mark("in", 1), mark("out", 9), mark("in", 20)])]
    [2, 1]
    """
    by_line = sorted(marks, key=lambda m: m.line)
    parts = [
        part
        for _, of_line in groupby(by_line, key=lambda m: m.line)
        for part in _account_periods(of_line)
    ]
    return list(_joined(parts))


def _account_periods(marks: Iterable[Statement]) -> list[AccountPeriod]:
    """The periods of one account."""
    found: list[AccountPeriod] = []
    ordered = sorted(
        marks,
        key=lambda m: (m.at_us is None, m.at_us or 0, _ORDER[m.kind], m.exhibit_id, m.location),
    )
    for mark in ordered:
        last = found[-1] if found else None
        if last is None or _opens(last, mark):
            stated = last is not None and mark.kind == "in" and bool(last.ends)
            last = AccountPeriod(line=mark.line, after=None if stated else last)
            found.append(last)
        lists = {"in": last.joins, "out": last.ends, "role": last.roles}
        lists.get(mark.kind, last.seen).append(mark)
    return found


def _opens(last: AccountPeriod, mark: Statement) -> bool:
    """Whether a statement can't belong to the period before it."""
    if mark.at_us is None or mark.kind == "out":
        return False
    if mark.kind == "in":
        return bool(last.ends) or (not last.joins and _well_before(last, mark))
    ended = max((m.at_us for m in last.ends if m.at_us is not None), default=None)
    again = mark.kind == "listed" and any(m.source_id == mark.source_id for m in last.ends)
    return ended is not None and ((mark.last_us or mark.at_us) > ended + DAY_US or again)


def _well_before(last: AccountPeriod, mark: Statement) -> bool:
    """The account was seen a day or more before it is said to have joined."""
    begins = last.begins
    return begins is not None and mark.at_us is not None and mark.at_us - begins >= DAY_US


def _joined(parts: list[AccountPeriod]) -> Iterator[Period]:
    """Put together what overlaps or, at a change of number, follows on."""
    timed = sorted(
        (p for p in parts if p.begins is not None), key=lambda p: (p.begins or 0, p.line)
    )
    period: Period | None = None
    for part in timed:
        if period is None or not any(_follows(one, part) for one in period.parts):
            if period is not None:
                yield period
            period = Period(parts=[])
        period.parts.append(part)
    rest = [p for p in parts if p.begins is None]
    if period is not None or rest:
        yield Period(parts=[*(period.parts if period else ()), *rest])


def _follows(one: AccountPeriod, other: AccountPeriod) -> bool:
    if one.line == other.line:
        return False
    begins, until = other.begins or 0, one.last or 0
    if one.ended is not None:
        until = max(until, one.ended)
    renumbered = any(m.how == _RENUMBERED for m in (*one.ends, *other.joins))
    return begins <= until + (DAY_US if renumbered else 0)
