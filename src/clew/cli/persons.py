"""``clew persons``: which accounts are one person's: list, explain, accept, reject, split."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clew.cli.language import here
from clew.cli.options import deciding_options
from clew.cli.output import (
    Asked,
    case_argument,
    reading_command,
    say,
    write_json,
)
from clew.cli.signing import decides
from clew.cli.visible import printable, put
from clew.words.reasons import worded

if TYPE_CHECKING:
    from clew.casefile import Case
    from clew.judgements.decisions import Ruling
    from clew.reading import Reading

GROUP = "Judge"

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


@persons.command("list", no_args_is_help=True)
@reading_command
@click.option(
    "--what", type=click.Choice(tuple(_LISTS)), default="persons", show_default=True,
    help="Persons of two accounts or more, links taken or offered, judged links, numbers with two "
    "owners, or what weights and errors rest on.",
)  # fmt: skip
@click.option("--limit", type=click.IntRange(0), default=50, help="Rows shown; 0 for all.")
def list_(asked: Asked, what: str, limit: int) -> None:
    r"""List persons whose accounts were tied together, the weakest inference first.

    \b
    clew persons list cases/op-17
    clew persons list cases/op-17 --what offered --limit 0 --json
    """
    with asked.reading(f"persons list {what}") as reading:
        page = reading.view(_LISTS[what], limit=limit)
        note = _note(reading.case)
    asked.write(page.rows, _LISTS[what])
    if len(page.rows) < page.total:
        say(
            "{count} of {total} shown; --limit 0 shows all.", count=len(page.rows), total=page.total
        )
    say(note)


@persons.command(no_args_is_help=True)
@reading_command
@click.argument("one", metavar="ACCOUNT")
@click.argument("other", metavar="[OTHER]", required=False)
def explain(asked: Asked, one: str, other: str | None) -> None:
    r"""Explain why the accounts of a person are tied, or what speaks for and against one link.

    ACCOUNT is an account or person, masked or not. With two accounts, every line of evidence
    between them is shown with its weight in bits; without OTHER, the person's accounts with what
    ties each, the weakest link, and links that are offered. Masked, each account has a pseudonym of
    its own beside the person's.

    \b
    clew persons explain cases/op-17 person-1a2b3c4d
    clew persons explain cases/op-17 whatsapp:pn:34600111222 whatsapp:pn:34600333444
    """
    with asked.reading("persons explain", one, other) as reading:
        first = _account(reading.case, one)
        second = _account(reading.case, other) if other else ""
        found = _of_pair(reading, first, second) if second else _of(reading, first)
        note = _note(reading.case)
    if asked.as_json:
        write_json(found)
    else:
        for row in found:
            put(_line(row))
    say(note)


@persons.command(no_args_is_help=True)
@case_argument
@click.argument("accounts", metavar="ACCOUNT OTHER", nargs=2)
@deciding_options()
def accept(
    case: Path, accounts: tuple[str, str], by: str | None, reason: str, as_json: bool
) -> None:
    r"""Judge that two accounts are one person's.

    \b
    clew persons accept cases/op-17 ACCOUNT OTHER --reason "interview of 3 June"
    """
    from clew.records import Decision

    _judge(case, Decision.ACCEPT, accounts, by, reason, as_json=as_json)


@persons.command(no_args_is_help=True)
@case_argument
@click.argument("accounts", metavar="ACCOUNT OTHER", nargs=2)
@deciding_options()
def reject(
    case: Path, accounts: tuple[str, str], by: str | None, reason: str, as_json: bool
) -> None:
    r"""Judge that two accounts are two persons'; it outranks what devices seem to prove.

    \b
    clew persons reject cases/op-17 ACCOUNT OTHER --reason "brothers"
    """
    from clew.records import Decision

    _judge(case, Decision.REJECT, accounts, by, reason, as_json=as_json)


@persons.command(no_args_is_help=True)
@case_argument
@click.argument("person")
@click.argument("accounts", metavar="ACCOUNT...", nargs=-1, required=True)
@deciding_options()
def split(
    case: Path, person: str, accounts: tuple[str, ...], by: str | None, reason: str, as_json: bool
) -> None:  # fmt: skip
    r"""Judge that some accounts of a person are somebody else's.

    \b
    clew persons split cases/op-17 person-1a2b3c4d account-5e6f7081 \
        --reason "the number was sold"
    """
    from clew.records import Decision

    _judge(case, Decision.SPLIT, (person, *accounts), by, reason, as_json=as_json)


@persons.command(no_args_is_help=True)
@reading_command
def judgements(asked: Asked) -> None:
    r"""List what was judged of persons, with who, when and why.

    \b
    clew persons judgements cases/op-17
    """
    with asked.reading("persons judgements") as reading:
        rows = reading.view("person-judgements").rows
    asked.write(rows, "person-judgements")


@persons.command(no_args_is_help=True)
@reading_command
@click.option("--country", required=True, help="Country whose exhibits are set against the rest.")
def between(asked: Asked, country: str) -> None:
    r"""Links between accounts that only one country's exhibits show, and those of all the rest.

    \b
    clew persons between cases/op-17 --country ES
    """
    from clew.evidence.describe import country_code
    from clew.findings.resolve import links_of_country
    from clew.pipeline import context_of
    from clew.records import PersonLink
    from clew.schema import columns

    code = country_code(country)
    with asked.reading("persons between", country) as reading:
        context = context_of(reading.case, "resolve")
        found = [
            {"account_a": link.a, "account_b": link.b, "bits": link.bits,
             "evidence": list(link.figures)}
            for link in links_of_country(context, code)
        ]  # fmt: skip
        rows = reading.shown(found, {column.name: column for column in columns(PersonLink)})
        note = _note(reading.case)
    rows = worded(rows, "person_links")
    asked.write(rows)
    say(note)


def _judge(
    case: Path, decision: Any, accounts: Sequence[str], by: str | None, reason: str, *,
    as_json: bool,
) -> None:  # fmt: skip
    from clew.casefile import open_case
    from clew.judgements.decisions import Ruling
    from clew.records import Decision

    with open_case(case) as opened:
        named = tuple(_account(opened, account) for account in accounts)
        others: tuple[str, ...] = ()
        if decision == Decision.SPLIT:
            _refuse_persons(accounts[1:])
            named, others = _parted(opened, named[0], named[1:])
        elif named[0] == named[1]:
            _refuse("the two are one account")
        ruling = Ruling(decision=decision, accounts=named, others=others)
        _write(opened, ruling, by, reason, as_json)
    say("It shows after: clew run {case}", case=case)


def _write(case: Case, ruling: Ruling, by: str | None, reason: str, as_json: bool) -> None:
    from clew.judgements.decisions import judge

    judgement = judge(case, ruling, decides(case, by), reason)
    if as_json:
        write_json([{"number": judgement.number, "decision": str(judgement.decision)}])
    say("judgement {number}: {decision}", number=judgement.number, decision=judgement.decision)


def _parted(
    case: Case, person: str, accounts: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The accounts taken out of a person, and those that stay."""
    from clew.views import view

    rows = case.rows(view("lookup/persons").sql, who=person)
    own = [row["account_id"] for row in rows]
    if not set(accounts) <= set(own):
        _refuse("an account named is none of that person's")
    rest = tuple(account for account in own if account not in accounts)
    if not rest:
        _refuse("nothing of the person would stay")
    return accounts, rest


def _account(case: Case, named: str) -> str:
    """An account of the case, or the account that stands for a person; masked or not."""
    from clew.errors import UsageError
    from clew.reading.resolve import resolve
    from clew.views import view

    account = resolve(case, named)
    if not case.rows(view("lookup/person").sql, id=account):
        raise UsageError(
            f"the case has no account {named!r}",
            do="Copy one from: clew show CASE accounts, or clew persons list CASE",
        )
    return account


def _refuse_persons(accounts: Sequence[str]) -> None:
    """Refuse a person's pseudonym where one account of several is meant."""
    if any(account.startswith("person-") for account in accounts):
        _refuse("a person's pseudonym does not say which account is somebody else's")


def _refuse(why: str) -> None:
    from clew.errors import UsageError

    raise UsageError(why, do="See a person's accounts with: clew persons explain CASE PERSON")


def _of(reading: Reading, account: str) -> list[dict[str, Any]]:
    """A person's accounts with what ties each, the person's weakest link, and offered links."""
    from clew.views import view

    (person,) = reading.rows(view("lookup/person").sql, id=account)
    listed = (("account", "ties"), ("link", "offers"))
    return [
        *_about(reading, "person", "person", id=account),
        *(
            row
            for about, name in listed
            for row in _about(reading, about, name, id=person["person_id"])
        ),
    ]


def _of_pair(reading: Reading, one: str, other: str) -> list[dict[str, Any]]:
    """What speaks for and against two accounts being one person's, with the rows it rests on."""
    a, b = sorted((one, other))
    asked = (("link", "pair-link"), ("evidence", "pair-evidence"), ("tie", "pair-ties"),
             ("stated", "pair-aliases"), ("name", "pair-names"))  # fmt: skip
    found = [row for about, name in asked for row in _about(reading, about, name, a=a, b=b)]
    if not any(row["about"] in ("link", "tie", "stated") for row in found):
        say("Nothing ties these two, and they have too little in common to be compared.")
    return found


def _about(reading: Reading, about: str, name: str, **asked: Any) -> list[dict[str, Any]]:
    """Rows of a view, each with what it is about and what it says in words."""
    from clew.views import view

    wanted = f"lookup/{name}"
    rows = worded(reading.view(wanted, **asked).rows, view(wanted).sentence)
    return [{"about": about, **row} for row in rows]


def _line(row: dict[str, Any]) -> str:
    listed = {n: ", ".join(map(str, v)) if isinstance(v, list) else v for n, v in row.items()}
    parts = [
        f"    {here(name):14} {printable(str(v))}"
        for name, v in listed.items()
        if name != "about" and v not in (None, "")
    ]
    return "\n".join([here(row["about"]), *parts])


def _note(case: Case) -> str:
    """Why nothing was inferred, where nothing was; else what the errors are counted on."""
    from clew.errors import installing
    from clew.findings.linkage.infer import FEWEST, available
    from clew.records import LinkageWeight

    if case.outputs(LinkageWeight):
        return _CAVEAT
    if not available():
        return f"Nothing is inferred: Splink is missing. Install it with: {installing('network')}"
    return f"Nothing is inferred: that takes {FEWEST} links that the devices themselves prove."
