"""``clew persons``: which accounts are one person's, why, and what analysts judge of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clew.cli.output import (
    F,
    allow_unmasking,
    case_argument,
    json_option,
    log_reading,
    masked,
    printable,
    say,
    unmask_options,
    unmasked_id,
    write_json,
    write_table,
)

if TYPE_CHECKING:
    from clew.casefile import Case
    from clew.judgements.decisions import Ruling

_CAVEAT = (
    "Errors are counted on generated operations: they rank links, and are no field error rates."
)
_LISTS = {
    "persons": "tied-persons",
    "inferred": "inferred-links",
    "offered": "offered-links",
    "judged": "judged-links",
    "recycled": "recycled-numbers",
    "weights": "linkage-weights",
    "errors": "linkage-errors",
}


@click.group()
def persons() -> None:
    """Accounts and persons: what is proved, inferred and judged."""


def _judging(command: F) -> F:
    """Who judges and why."""
    command = click.option("--reason", required=True, help="Why.")(command)
    return click.option("--by", "judged_by", required=True, help="Who decides.")(command)


@persons.command("list", no_args_is_help=True)
@case_argument
@click.option(
    "--what", type=click.Choice(tuple(_LISTS)), default="persons", show_default=True,
    help="Persons of two accounts or more, links taken or offered, judged links, numbers with two "
    "owners, or what weights and errors rest on.",
)  # fmt: skip
@click.option("--limit", type=click.IntRange(0), default=50, help="Rows shown; 0 for all.")
@unmask_options
@json_option
def list_(
    case: Path, what: str, limit: int, unmask: bool, reason: str | None, as_json: bool
) -> None:
    r"""List persons whose accounts were tied together, the weakest inference first.

    \b
    clew persons list cases/op-17
    clew persons list cases/op-17 --what offered --limit 0 --json
    """
    from clew.casefile import open_case
    from clew.views import view

    with open_case(case) as opened:
        _log(opened, f"persons list {what}", unmask=unmask, reason=reason)
        every = opened.rows(view(_LISTS[what]).sql)
        rows = every[: limit or None]
        rows = rows if unmask else masked(rows, opened.masking())
        note = _note(opened)
    write_json(rows) if as_json else write_table(rows)
    if len(rows) < len(every):
        say(f"{len(rows)} of {len(every)} shown; --limit 0 shows all.")
    say(note)


@persons.command(no_args_is_help=True)
@case_argument
@click.argument("one", metavar="ACCOUNT")
@click.argument("other", metavar="[OTHER]", required=False)
@unmask_options
@json_option
def explain(
    case: Path, one: str, other: str | None, unmask: bool, reason: str | None, as_json: bool
) -> int:
    r"""Explain why the accounts of a person are tied, or what speaks for and against one link.

    ACCOUNT is an account or person, masked or not. With two accounts, every line of evidence
    between them is told with its weight in bits; without OTHER, the person's accounts with what
    ties each, the weakest link, and links that are offered. Masked, all accounts of a person bear
    one pseudonym: --unmask --reason REASON tells them apart.

    \b
    clew persons explain cases/op-17 person-1a2b3c4d5e
    clew persons explain cases/op-17 whatsapp:pn:34600111222 whatsapp:pn:34600333444
    """
    from clew.casefile import open_case

    with open_case(case) as opened:
        _log(opened, "persons explain", unmask=unmask, reason=reason)
        first = _account(opened, one)
        found = _of_pair(opened, first, _account(opened, other)) if other else _of(opened, first)
        found = found if unmask else masked(found, opened.masking())
        note = _note(opened)
    if as_json:
        write_json(found)
    else:
        for row in found:
            click.echo(_told(row))
    say(note)
    return 0


@persons.command(no_args_is_help=True)
@case_argument
@click.argument("accounts", metavar="ACCOUNT OTHER", nargs=2)
@_judging
@json_option
def accept(
    case: Path, accounts: tuple[str, str], judged_by: str, reason: str, as_json: bool
) -> None:
    r"""Judge that two accounts are one person's.

    \b
    clew persons accept cases/op-17 ACCOUNT OTHER --by "A. Analyst" --reason "interview of 3 June"
    """
    from clew.records.judgements import Decision

    _judge(case, Decision.ACCEPT, accounts, judged_by, reason, as_json=as_json)


@persons.command(no_args_is_help=True)
@case_argument
@click.argument("accounts", metavar="ACCOUNT OTHER", nargs=2)
@_judging
@json_option
def reject(
    case: Path, accounts: tuple[str, str], judged_by: str, reason: str, as_json: bool
) -> None:
    r"""Judge that two accounts are two persons'; it outranks what devices seem to prove.

    \b
    clew persons reject cases/op-17 ACCOUNT OTHER --by "A. Analyst" --reason "brothers"
    """
    from clew.records.judgements import Decision

    _judge(case, Decision.REJECT, accounts, judged_by, reason, as_json=as_json)


@persons.command(no_args_is_help=True)
@case_argument
@click.argument("person")
@click.argument("accounts", metavar="ACCOUNT...", nargs=-1, required=True)
@_judging
@json_option
def split(
    case: Path, person: str, accounts: tuple[str, ...], judged_by: str, reason: str, as_json: bool
) -> None:  # fmt: skip
    r"""Judge that some accounts of a person are somebody else's.

    \b
    clew persons split cases/op-17 PERSON ACCOUNT --by "A. Analyst" --reason "the number was sold"
    """
    from clew.records.judgements import Decision

    _judge(case, Decision.SPLIT, (person, *accounts), judged_by, reason, as_json=as_json)


@persons.command(no_args_is_help=True)
@case_argument
@unmask_options
@json_option
def judgements(case: Path, unmask: bool, reason: str | None, as_json: bool) -> None:
    r"""List what was judged of persons, with who, when and why.

    \b
    clew persons judgements cases/op-17
    """
    from clew.casefile import open_case
    from clew.views import view

    with open_case(case) as opened:
        _log(opened, "persons judgements", unmask=unmask, reason=reason)
        rows = opened.rows(view("person-judgements").sql)
        rows = rows if unmask else masked(rows, opened.masking())
    write_json(rows) if as_json else write_table(rows)


@persons.command(no_args_is_help=True)
@case_argument
@click.option("--country", required=True, help="Country whose exhibits are set against the rest.")
@unmask_options
@json_option
def between(case: Path, country: str, unmask: bool, reason: str | None, as_json: bool) -> None:
    r"""Links between accounts that only one country's exhibits show, and those of all the rest.

    \b
    clew persons between cases/op-17 --country ES
    """
    from clew.casefile import open_case
    from clew.findings.resolve import links_of_country

    with open_case(case) as opened:
        _log(opened, f"persons between {country}", unmask=unmask, reason=reason)
        rows: list[dict[str, Any]] = [
            {
                "account_a": link.a,
                "account_b": link.b,
                "bits": link.bits,
                "evidence": list(link.figures),
            }
            for link in links_of_country(opened, country.upper())
        ]
        rows = rows if unmask else masked(rows, opened.masking())
        note = _note(opened)
    write_json(rows) if as_json else write_table(rows)
    say(note)


def _judge(
    case: Path, decision: Any, accounts: Sequence[str], judged_by: str, reason: str, *,
    as_json: bool,
) -> None:  # fmt: skip
    from clew.casefile import open_case
    from clew.judgements.decisions import Ruling
    from clew.records.judgements import Decision

    with open_case(case) as opened:
        named = tuple(_account(opened, account) for account in accounts)
        others: tuple[str, ...] = ()
        if decision == Decision.SPLIT:
            named, others = _parted(opened, named[0], named[1:])
        elif named[0] == named[1]:
            _refuse("the two are one account")
        ruling = Ruling(decision=decision, accounts=named, others=others)
        _write(opened, ruling, judged_by, reason, as_json)
    say(f"It shows after: clew run {case}")


def _write(case: Case, ruling: Ruling, judged_by: str, reason: str, as_json: bool) -> None:
    from clew.judgements.decisions import judge

    judgement = judge(case, ruling, judged_by, reason)
    if as_json:
        write_json([{"number": judgement.number, "decision": str(judgement.decision)}])
    say(f"judgement {judgement.number}: {judgement.decision}")


def _parted(
    case: Case, person: str, accounts: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The accounts taken out of a person, and those that stay."""
    held = [
        row["account_id"]
        for row in case.rows(
            "SELECT account_id FROM person_accounts WHERE person_id = (SELECT person_id "
            "FROM person_accounts WHERE account_id = $person) ORDER BY account_id",
            person=person,
        )
    ]
    if not set(accounts) <= set(held):
        _refuse("an account named is none of that person's")
    rest = tuple(account for account in held if account not in accounts)
    if not rest:
        _refuse("nothing of the person would stay")
    return accounts, rest


def _account(case: Case, named: str) -> str:
    """An account of the case, or the account that stands for a person; masked or not."""
    from clew.errors import UsageError

    account = unmasked_id(case, named)
    if not case.rows("SELECT 1 FROM person_accounts WHERE account_id = $id", id=account):
        raise UsageError(
            f"the case has no account {named!r}",
            do="Copy one from: clew show CASE accounts, or clew persons list CASE",
        )
    return account


def _refuse(why: str) -> None:
    from clew.errors import UsageError

    raise UsageError(why, do="See a person's accounts with: clew persons explain CASE PERSON")


def _of(case: Case, account: str) -> list[dict[str, Any]]:
    """A person's accounts with what ties each, the person's weakest link, and offered links."""
    (person,) = case.rows(
        "SELECT p.* FROM persons AS p JOIN person_accounts AS a USING (person_id) "
        "WHERE a.account_id = $id",
        id=account,
    )
    who = person["person_id"]
    ties = case.rows(
        "SELECT account_id, rule, score, tied_to, exhibit_id, locator, messages, judgement, "
        "bits FROM person_accounts "
        "WHERE person_id = $id ORDER BY rule <> 'itself', account_id",
        id=who,
    )
    offered = case.rows(
        "SELECT l.* FROM person_links AS l JOIN person_accounts AS a "
        "ON a.account_id IN (l.account_a, l.account_b) "
        "WHERE a.person_id = $id AND l.state <> 'taken' ORDER BY l.bits DESC, l.account_a, "
        "l.account_b",
        id=who,
    )
    return [
        {"about": "person", **person},
        *({"about": "account", **tie} for tie in ties),
        *({"about": "link", **link} for link in offered),
    ]


def _of_pair(case: Case, one: str, other: str) -> list[dict[str, Any]]:
    """What speaks for and against two accounts being one person's, with the rows it rests on."""
    a, b = sorted((one, other))
    pair = {"a": a, "b": b}
    where = "WHERE account_a = $a AND account_b = $b"
    names = (
        "SELECT account_id, name, name_kind, count(DISTINCT exhibit_id) AS exhibits, "
        "min(exhibit_id || ' ' || source_id || ' ' || locator) AS first_in FROM account_names "
        "WHERE account_id IN ($a, $b) GROUP BY account_id, name, name_kind ORDER BY ALL"
    )
    aliases = (
        'SELECT a, b, relation, "at", exhibit_id, source_id, locator FROM account_aliases '
        "WHERE (a = $a AND b = $b) OR (a = $b AND b = $a) ORDER BY ALL"
    )
    ties = (
        "SELECT account_id, rule, score, tied_to, exhibit_id, locator, messages, judgement, "
        "bits FROM person_accounts WHERE "
        "(account_id = $a AND tied_to = $b) OR (account_id = $b AND tied_to = $a) ORDER BY ALL"
    )
    links = f"SELECT * FROM person_links {where}"  # noqa: S608 - our own text
    evidence = (
        f"SELECT line, agreement, bits, shared FROM link_evidence {where} "  # noqa: S608
        "ORDER BY bits DESC, line"
    )
    told = (("link", links), ("evidence", evidence), ("tie", ties), ("stated", aliases),
            ("name", names))  # fmt: skip
    found = [{"about": about, **row} for about, query in told for row in case.rows(query, **pair)]
    if not any(row["about"] in ("link", "tie", "stated") for row in found):
        say("Nothing ties these two, and they have too little in common to be compared.")
    return found


def _told(row: dict[str, Any]) -> str:
    parts = [
        f"    {name:14} {printable(', '.join(map(str, v)) if isinstance(v, list) else str(v))}"
        for name, v in row.items()
        if name != "about" and v not in (None, "", [])
    ]
    return "\n".join([row["about"], *parts])


def _note(case: Case) -> str:
    """Why nothing was inferred, where nothing was; else what the errors are counted on."""
    from clew.findings.linkage.infer import FEWEST, available

    if case.rows("SELECT 1 FROM linkage_weights LIMIT 1"):
        return _CAVEAT
    if not available():
        return "Nothing is inferred: Splink is missing. Install it with: pip install clew[network]"
    return f"Nothing is inferred: that takes {FEWEST} links that the devices themselves prove."


def _log(case: Case, what: str, *, unmask: bool, reason: str | None) -> None:
    if unmask:
        allow_unmasking(case, reason, what)
    log_reading(case, what, unmasked=unmask, reason=reason)
