"""What the commands of ``clew deconflict`` share: options, who acts, what is chosen and shown."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clew.cli.leaving import leaving
from clew.cli.options import FILE, OUT, deciding_options, key_options, together
from clew.cli.output import say, write_json, write_table
from clew.cli.signing import decides, signer_of
from clew.errors import UsageError

if TYPE_CHECKING:
    from clew.casefile import Case
    from clew.exchange.deconfliction.choosing import Chosen
    from clew.exchange.deconfliction.dealing import Agency, Dealing
    from clew.exchange.deconfliction.forms import Kind
    from clew.exchange.deconfliction.page import About
    from clew.records import DeconflictionResult


agency_options = together(
    click.option("--from", "sender", help="Who sends; by default the country of all exhibits."),
    key_options("The agency's key that partners registered."),
)
"""Who sends, and the key under which this agency is registered with its partners."""
step_options = together(
    click.option("--page", type=OUT, help="Write what each side learns as HTML."),
    deciding_options("Why; it names nobody."),
)
"""Who decides, why, and where the page for a commander goes."""
choosing_options = together(
    click.option("--person", "persons", multiple=True, help="A person; can be repeated."),
    click.option("--list", "listed", type=FILE, help="A file with one identifier a line."),
    click.option("--within", help="Country of numbers without a prefix in the list."),
    click.option("--legal-basis", default="", help="Legal basis; it names nobody."),
    click.option("--dry-run", is_flag=True, help="Say what each side learns; keep nothing."),
)
"""What is offered or asked for."""


def dealing_of(case: Case, given: dict[str, Any]) -> Dealing:
    """Who works here, and with which partners."""
    from clew.casefile.ledger import now
    from clew.exchange.deconfliction.dealing import Dealing
    from clew.exchange.sealing.partners import partners

    return Dealing(
        case=case, partners=partners(case), by=decides(case, given["by"]),
        reason=given["reason"], at=now(),
    )  # fmt: skip


def sender_of(case: Case, given: dict[str, Any]) -> Agency:
    """The own agency, with the key that partners registered."""
    from clew.exchange.deconfliction.dealing import Agency

    signer = signer_of(given["key"], given["name"], given["module"], given["label"])
    if signer is None:
        raise UsageError(
            "the file is signed with the key that your partners registered for your agency",
            do="Give --key FILE and --name NAME, or --pkcs11 MODULE with --label.",
        )
    return Agency(sender_id(case, given), signer)


def sender_id(case: Case, given: dict[str, Any]) -> str:
    """Under which id this agency is registered with its partners."""
    from clew.exchange.sealing.partners import own_id

    return str(given["sender"] or own_id(case))


def to_offer(case: Case, kind: Kind, given: dict[str, Any]) -> Chosen:
    """What is offered: of persons of interest, or of a list where no person has it."""
    from clew.exchange.deconfliction import choosing
    from clew.exchange.sealing.partners import partners

    if kind not in choosing.OF_PERSONS:
        if given["listed"]:
            return choosing.of_list(kind, given["listed"], given["within"])
        return choosing.of_files(case) if kind == "sha256" else choosing.of_persons(case, kind, ())
    if given["listed"]:
        raise UsageError(
            f"a {kind} is offered of persons of interest, and not from a list",
            do="Leave --list out, or name persons: --person PERSON.",
        )
    known = partners(case).get(given["to"])
    towards = [given["to"], *filter(None, [known.country if known else None])]
    persons = _persons(case, given) or choosing.persons_of_interest(case, towards)
    with leaving(case):
        choosing.refuse_others(case, persons)
        return choosing.of_persons(case, kind, persons)


def asked_for(case: Case, kind: Kind, given: dict[str, Any]) -> Chosen:
    """What is asked for: a list, or what some persons have."""
    from clew.exchange.deconfliction import choosing

    if bool(given["listed"]) is bool(given["persons"]):
        raise UsageError("an ask is of a list or of persons", do="Give --list FILE or --person.")
    if given["listed"]:
        return choosing.of_list(kind, given["listed"], given["within"])
    with leaving(case):
        return choosing.of_persons(case, kind, _persons(case, given))


def _persons(case: Case, given: dict[str, Any]) -> list[str]:
    from clew.reading.resolve import resolve

    return sorted({resolve(case, one) for one in given["persons"]})


def half_year(period: str) -> str:
    """A half-year as it was typed; UsageError where it is none."""
    from clew.exchange.deconfliction.periods import last_moment

    try:
        last_moment(period)
    except ValueError as error:
        raise UsageError(str(error), do="Give one such as 2026-H2.") from error
    return period


def out_of(given: dict[str, Any], name: str = "out") -> Path:
    """Where a file goes that the command can't do without."""
    if given[name] is None:
        raise UsageError(f"there is no file to write to: --{name}", do=f"Give --{name} FILE.")
    path: Path = given[name]
    return path


def preview(case: Case, about: About, given: dict[str, Any], flagged: int = 0) -> None:
    """Say what each side learns and what is left out, and write the page where one is asked for."""
    from clew.casefile.outputs import output
    from clew.exchange.deconfliction import page

    for line in (*page.learns(about), *page.left_out(about)):
        say("{line}", line=line)
    if flagged:
        say("{n} of them may lack a digit or be mistyped: compare them.", n=flagged)
    if given.get("dry_run"):
        for line in page.limits(about):
            say("{line}", line=line)
        say("{n} identifiers ({kind}) among {points}; nothing was kept.", n=about.own,
            kind=about.kind, points=about.points)  # fmt: skip
    if given["page"]:
        with output(given["page"], case.folder) as hidden:
            hidden.write_text(page.page(about), "utf-8")


def show(
    case: Case, results: list[DeconflictionResult], *, unmask: bool, as_json: bool,
    reason: str,
) -> None:  # fmt: skip
    """What a partner said of each identifier, masked unless it is asked for in clear."""
    from clew.reading import disclose, disclosure_of
    from clew.records import DeconflictionResult
    from clew.schema import columns

    types = {c.name: c for c in columns(DeconflictionResult)}
    names = ("is_hit", "identifier", "seen", "partner_id")
    rows = [{name: getattr(one, name) for name in names} for one in results]
    asked = disclosure_of("deconflict read", unmask=unmask, reason=reason if unmask else None)
    with disclose(case, asked) as reading:
        shown = reading.shown(rows, {name: types[name] for name in names})
    ordered = sorted(shown, key=lambda row: not row["is_hit"])
    write_json(ordered) if as_json else write_table(ordered)
