"""The options that narrow a list: whom, which group and which time, as a person writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from clew.cli.output import F

if TYPE_CHECKING:
    from clew.reading import Reading
    from clew.views.narrowing import Narrowing


def narrowing_options(command: F, *, by_country: bool = True) -> F:
    """Give a command the options that narrow what it shows."""
    every = (
        (("--country",), "Rows that name this country alone; the log has it."),
        (("--exhibit",), "Rows that this exhibit shows alone; the log has it."),
        (("--until", "--to", "until"), "Up to this day, or before this moment."),
        (("--since", "--from", "since"), "From this day or moment on, in UTC."),
        (("--group",), "A group's id or whole title."),
        (("--person",), "A person: id, account, number or pseudonym."),
    )
    for names, said in every if by_country else every[1:]:
        command = click.option(*names, help=said)(command)
    return command


def scope_of(country: str | None, exhibit: str | None) -> Narrowing:
    """What alone may be read."""
    from clew.evidence.describe import country_code
    from clew.views.narrowing import Narrowing

    return Narrowing(
        country=(country_code(country),) if country else (), exhibit=(exhibit,) if exhibit else ()
    )


def narrowed(
    reading: Reading, person: str | None, group: str | None, since: str | None, until: str | None
) -> Narrowing:
    """What was asked for, as ids of the case and moments."""
    from clew.errors import UsageError
    from clew.views.narrowing import Narrowing, moment

    first = moment(since, "--since") if since else None
    last = moment(until, "--until", end=True) if until else None
    if first and last and first >= last:
        raise UsageError(
            f"--since {since} is not before --until {until}, so nothing can lie between",
            do="Give the earlier one with --since and the later one with --until.",
        )
    scope = reading.disclosure.scope
    if scope.exhibit and not reading.view("exhibits").rows:
        raise UsageError(
            f"the case has no exhibit {', '.join(scope.exhibit)}",
            do="See them with: clew show CASE exhibits",
        )
    return Narrowing(
        person=_ids(persons(reading, person)) if person else (),
        group=chats(reading, group) if group else (),
        since=first,
        until=last,
    )


def persons(reading: Reading, who: str) -> list[dict[str, str]]:
    """Persons that an id, an account, a number or a pseudonym stands for, and their accounts."""
    from clew.errors import UsageError
    from clew.views import view

    rows = reading.case.rows(view("lookup/persons").sql, who=reading.resolve(who))
    if not rows:
        raise UsageError(
            "nobody in this case is known by that name",
            do="Give a person's or account's id, a number as +34…, or a pseudonym as clew show "
            "prints it.",
        )
    return rows


def _ids(rows: list[dict[str, str]]) -> tuple[str, ...]:
    found = {row[name] for row in rows for name in ("person_id", "account_id")} - {None}
    return tuple(sorted(found))


def chats(reading: Reading, group: str) -> tuple[str, ...]:
    """Groups that an id, a pseudonym or a title stands for."""
    from clew.errors import UsageError
    from clew.views import view

    rows = reading.case.rows(view("lookup/groups").sql, group=reading.resolve(group))
    if not rows:
        raise UsageError(
            "there is no group of that id or title in what was read",
            do="See clew show CASE groups for the ids.",
        )
    return tuple(row["chat_id"] for row in rows)
