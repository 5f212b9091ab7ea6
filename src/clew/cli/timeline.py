"""What ``clew show CASE timeline`` and ``gaps`` can be narrowed to."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from clew.casefile import Case

NARROWED = ("timeline", "gaps")
"""Lists that these options go with."""
_PERSONS = """
SELECT DISTINCT p.person_id FROM persons AS p
LEFT JOIN person_accounts AS a ON a.person_id = p.person_id
WHERE $who IN (p.person_id, a.account_id, p.e164) ORDER BY p.person_id
"""


class Narrowing(msgspec.Struct, frozen=True):
    """Whom, which group and which time a list is narrowed to."""

    person: str | None = None
    """Person, account, number, or the pseudonym that stands for one."""
    group: str | None = None
    """Group's id, or its whole title."""
    since: str | None = None
    """First day or moment, in UTC."""
    until: str | None = None
    """Last day, or the moment before which."""

    def __bool__(self) -> bool:
        return any((self.person, self.group, self.since, self.until))


def narrowed(case: Case, what: str, query: str, asked: Narrowing) -> tuple[str, dict[str, Any]]:
    """The query for ``timeline`` or ``gaps`` narrowed down, and its parameters."""
    conditions: list[str] = []
    values: dict[str, Any] = {}
    if asked.person:
        values["persons"] = _persons(case, asked.person)
        conditions.append(
            "list_has_any(persons, $persons)" if what == "timeline" else
            "exhibit_id IN (SELECT unnest(is_owner_of) FROM persons "
            "WHERE list_contains($persons, person_id))"
        )  # fmt: skip
    if asked.group:
        values["chats"] = _chats(case, asked.group)
        conditions.append("list_contains($chats, chat_id)")
    start, end = ('"at"', 'coalesce(until, "at")')
    if what == "gaps":
        start, end = ("coalesce(from_at, until_at)", "coalesce(until_at, from_at)")
    if asked.since:
        values["since"] = _moment(asked.since, "--since")
        conditions.append(f"{end} >= $since")
    if asked.until:
        values["until"] = _moment(asked.until, "--until", end=True)
        conditions.append(f"{start} < $until")
    order = query.index(" ORDER BY ")
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return query[:order] + where + query[order:], values


def _persons(case: Case, who: str) -> list[str]:
    """Persons that an id, an account, a number or a pseudonym stands for."""
    from clew.errors import UsageError

    found = [row["person_id"] for row in case.rows(_PERSONS, who=who)]
    if not found:
        masking = case.masking()
        everybody = case.rows("SELECT person_id FROM persons ORDER BY person_id")
        found = [r["person_id"] for r in everybody if masking.of(r["person_id"]) == who]
    if not found:
        raise UsageError(
            "nobody in this case is known by that name",
            do="Give a person's or account's id, a number as +34…, or a pseudonym as clew show "
            "prints it.",
        )
    return found


def _chats(case: Case, group: str) -> list[str]:
    from clew.errors import UsageError

    rows = case.rows(
        "SELECT DISTINCT chat_id FROM chats WHERE $group IN (chat_id, subject) ORDER BY chat_id",
        group=group,
    )
    if not rows:
        raise UsageError(
            "there is no group of that id or title in what was read",
            do="See clew show CASE groups for the ids.",
        )
    return [row["chat_id"] for row in rows]


def _moment(text: str, option: str, *, end: bool = False) -> datetime:
    """A day or a moment in UTC; of a day that ends something, the midnight after it."""
    from clew.errors import UsageError

    try:
        if len(text) == len("2024-05-17"):
            day = date.fromisoformat(text) + timedelta(days=end)
            return datetime.combine(day, time(), UTC)
        found = datetime.fromisoformat(text)
    except (ValueError, OverflowError) as error:
        raise UsageError(
            f"{option} {text!r} is no date or time ({error})",
            do="Write 2024-05-17, or 2024-05-17T14:30:00Z for a moment.",
        ) from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)
