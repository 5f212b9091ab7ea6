"""Membership of groups over time: who came, how, by whom, until when, and what tells it."""

import itertools
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from clew import records
from clew.casefile import Context
from clew.findings.period_building import DAY_US, AccountPeriod, Period, Statement, periods
from clew.records import GroupAction
from clew.schema import Id, table_part

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_KIND = records.MembershipConflictKind
_STATED = ("account_id", "kind", "is_local", "how", "by_person", "role", "posts", "basis",
           "exhibit_id", "source_id", "locator", "event_id")  # fmt: skip
"""Columns of a statement as the query brings them."""
Invites = dict[tuple[str, str], list[tuple[int, str]]]
"""By group and person: when a code was posted in front of them, and the code."""
Versions = list[tuple[Statement, Statement]]
"""Pairs of statements that can't both be so."""
About = dict[str, Any]
"""Group, person and number of a period."""
Ranks = dict[int, int]
"""Of each statement, by its identity in memory, its number among those on its person and group."""


def membership(context: Context) -> None:
    """Follow each person's membership of each group over time, with what contradicts it."""
    found, conflicts, statements = [], [], []
    invites = _invites(context)
    for (chat, person), marks in _by_person(context):
        built = periods(marks)
        rank = {id(mark): n for n, mark in enumerate((m for p in built for m in p.marks), 1)}
        for number, period in enumerate(built, 1):
            about = {"chat_id": Id(chat), "person_id": Id(person), "number": number}
            against = [
                _conflict(about, rank, kind, pair)
                for kind, pairs in contradictions(period).items()
                for pair in pairs
            ]
            conflicts += against
            statements += [_statement(about, rank, mark) for mark in period.marks]
            posted = invites.get((chat, person), [])
            found.append(_row(about, period, posted, len(against)))
    context.publish(
        table_part(records.MembershipPeriod, found),
        table_part(records.PeriodStatement, statements),
        table_part(records.MembershipConflict, conflicts),
    )


def _by_person(context: Context) -> Iterator[tuple[tuple[str, str], list[Statement]]]:
    """Every group and person with all statements, as one query brings them in order."""
    rows = (
        row
        for part in context.query("membership_statements").to_batches(max_chunksize=10_000)
        for row in part.to_pylist()
    )
    for key, listed in itertools.groupby(rows, key=lambda r: (r["chat_id"], r["person_id"])):
        yield key, [Statement(**{n: row[n] for n in Statement.__struct_fields__}) for row in listed]


def _invites(context: Context) -> Invites:
    found: Invites = defaultdict(list)
    for row in context.rows("period_invites"):
        found[row["chat_id"], row["person_id"]].append((row["posted_us"], row["code"]))
    return found


def _row(
    about: About, period: Period, invites: list[tuple[int, str]], conflicts: int
) -> records.MembershipPeriod:
    marks = period.marks
    (from_at, from_bound), (until_at, until_bound) = _begins(period), _ends(period)
    join, end = _join(period), _end(period)
    shown = [m for m in marks if m.posts]
    return records.MembershipPeriod(
        **about,
        accounts=tuple(sorted({Id(m.account_id) for m in marks})),
        from_at=from_at,
        from_bound=from_bound,
        until_at=until_at,
        until_bound=until_bound,
        is_local=any(m.is_local for m in marks),
        joined_how=GroupAction(join.how) if join and join.how else None,
        joined_by=Id(join.by_person) if join and join.by_person else None,
        ended_how=GroupAction(end.how) if end and end.how else None,
        ended_by=Id(end.by_person) if end and end.by_person else None,
        invites=_codes(join, invites),
        posts=sum(m.posts or 0 for m in marks),
        first_post=_time(min((m.at_us for m in shown if m.at_us is not None), default=None)),
        last_post=_time(max((m.last_us for m in shown if m.last_us is not None), default=None)),
        conflicts=conflicts,
        exhibits=tuple(sorted({Id(e) for m in marks for e in (m.exhibit_id, *m.witnesses)})),
        event_ids=tuple(dict.fromkeys(Id(m.event_id) for m in marks if m.event_id)),
    )


def _begins(period: Period) -> tuple[datetime | None, records.Bound]:
    """When it began: the earliest of the accounts' beginnings."""
    timed = [p for p in period.parts if p.begins is not None]
    if not timed:
        return None, records.Bound.UNKNOWN
    first = min(timed, key=_starts)
    stated = [m.at_us for m in _plain(first.joins) if m.at_us is not None]
    if not stated:  # when it was first seen, listed or given a standing
        seen = [m.at_us for m in (*first.seen, *first.roles) if m.at_us is not None]
        return _time(min(seen, default=None)), records.Bound.SEEN if seen else records.Bound.UNKNOWN
    apart = max(stated) - min(stated) >= DAY_US
    return _time(min(stated)), records.Bound.CONTRADICTED if apart else records.Bound.STATED


def _ends(period: Period) -> tuple[datetime | None, records.Bound]:
    """When it ended: the latest of the accounts' ends, if each has one."""
    parts = period.parts
    untimed = any(p.ends and p.ended is None for p in parts)
    if period.open or untimed:
        last = [p.last for p in parts if p.last is not None and p.ended is None]
        listed = any(m.kind == "listed" for p in parts if not p.ends for m in p.seen)
        if not last:
            return None, records.Bound.UNKNOWN
        return _time(max(last)), records.Bound.LISTED if listed else records.Bound.SEEN
    final = max(parts, key=lambda p: p.ended or 0)
    stated = [m.at_us for m in _plain(final.ends) if m.at_us is not None]
    apart = max(stated) - min(stated) >= DAY_US
    return _time(final.ended), records.Bound.CONTRADICTED if apart else records.Bound.STATED


def _join(period: Period) -> Statement | None:
    """The statement of joining that says most of the account that came first."""
    return _fullest(min(period.parts, key=_starts).joins)


def _end(period: Period) -> Statement | None:
    """The statement of leaving that says most of the account that went last."""
    return None if period.open else _fullest(max(period.parts, key=lambda p: p.ended or 0).ends)


def _fullest(marks: list[Statement]) -> Statement | None:
    return min(
        _plain(marks),
        key=lambda m: (m.how is None, m.by_person is None, m.at_us or 0, m.location),
        default=None,
    )


def _starts(part: AccountPeriod) -> tuple[bool, int, str]:
    return (part.begins is None, part.begins or 0, part.line)


def _plain(marks: list[Statement]) -> list[Statement]:
    """Statements of joining, or of leaving; a change of number only where there is no other."""
    timed = [m for m in marks if m.at_us is not None] or marks
    return [m for m in timed if m.how != GroupAction.NUMBER_CHANGED] or timed


def _codes(join: Statement | None, invites: list[tuple[int, str]]) -> tuple[str, ...]:
    """Codes that were posted in front of a person before it came by link."""
    if join is None or join.how != GroupAction.JOINED_BY_LINK or join.at_us is None:
        return ()
    return tuple(dict.fromkeys(code for at, code in invites if at <= join.at_us))


def contradictions(period: Period) -> dict[records.MembershipConflictKind, Versions]:
    """Pairs of statements about one period that can't both be so, by what they disagree on."""
    found: dict[records.MembershipConflictKind, Versions] = defaultdict(list)
    for part in period.parts:
        joins = [m for m in _plain(part.joins) if m.at_us is not None]
        ends = [m for m in _plain(part.ends) if m.at_us is not None]
        found[_KIND.JOINED_DIFFERS] += _apart(joins)
        found[_KIND.ENDED_DIFFERS] += _apart(ends)
        found[_KIND.JOINED_HOW_DIFFERS] += _differing(joins, "how")
        found[_KIND.ENDED_HOW_DIFFERS] += _differing(ends, "how")
        found[_KIND.JOINED_BY_DIFFERS] += _differing(joins, "by_person")
        found[_KIND.ENDED_BY_DIFFERS] += _differing(ends, "by_person")
        if part.after is not None:
            kind = _KIND.SEEN_AFTER_ENDING if part.after.ends else _KIND.SEEN_BEFORE_JOINING
            found[kind] += _unaccounted(part.after, part)
    return {kind: pairs for kind, pairs in found.items() if pairs}


def _apart(marks: list[Statement]) -> Versions:
    """The earliest statement beside each that lies a day or more from it, once for each time."""
    if not marks:
        return []
    ordered = sorted(marks, key=lambda m: (m.at_us or 0, m.location))
    first, since, found = ordered[0], ordered[0].at_us or 0, []
    for mark in ordered[1:]:
        at = mark.at_us or 0
        if at - since >= DAY_US:
            found.append((first, mark))
            since = at
    return found


def _differing(marks: list[Statement], column: str) -> Versions:
    """The first statement beside the first of every other answer within a day of it."""
    stated = [
        m for m in sorted(marks, key=lambda m: (m.at_us or 0, m.location)) if getattr(m, column)
    ]
    firsts: dict[str, Statement] = {}
    for mark in stated:
        firsts.setdefault(getattr(mark, column), mark)
    first, *rest = firsts.values() or [None]
    return [
        (first, mark)
        for mark in rest
        if first and mark and abs((mark.at_us or 0) - (first.at_us or 0)) < DAY_US
    ]


def _unaccounted(before: AccountPeriod, after: AccountPeriod) -> Versions:
    """What ends or shows the period before, beside what shows or opens the one after."""
    ends = [m for m in before.ends if m.at_us is not None]
    shown = [m for m in before.marks if m.at_us is not None]
    one = max(ends or shown, key=lambda m: (m.at_us or 0, m.location))
    other = min(
        (m for m in after.marks if m.at_us is not None), key=lambda m: (m.at_us or 0, m.location)
    )
    return [(one, other)]


def _conflict(
    about: About,
    rank: Ranks,
    kind: records.MembershipConflictKind,
    pair: tuple[Statement, Statement],
) -> records.MembershipConflict:
    one, other = pair
    return records.MembershipConflict(
        **about,
        kind=kind,
        account_id=Id(one.account_id),
        exhibit_id=Id(one.exhibit_id),
        statement=rank[id(one)],
        location=one.location,
        event_ids=tuple(Id(m.event_id) for m in pair if m.event_id),
        other_exhibit_id=Id(other.exhibit_id),
        other_statement=rank[id(other)],
        other_location=other.location,
    )


def _statement(about: About, rank: Ranks, mark: Statement) -> records.PeriodStatement:
    same: dict[str, Any] = {name: getattr(mark, name) for name in _STATED}
    return records.PeriodStatement(
        **about,
        **same,
        statement=rank[id(mark)],
        at=_time(mark.at_us),
        last_at=_time(mark.last_us),
    )


def _time(at_us: int | None) -> datetime | None:
    """Microseconds as a time in UTC."""
    return None if at_us is None else _EPOCH + timedelta(microseconds=at_us)
