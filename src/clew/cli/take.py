"""``clew take``: a partner's file in another format, as received facts under its origin."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from clew.cli.options import marking_of, marking_options
from clew.cli.output import case_argument, json_option, say, say_next, write_json
from clew.errors import Ending

if TYPE_CHECKING:
    from clew.casefile import Case
    from clew.exchange.foreign.reading import Content
    from clew.exchange.receiving import Arrival
    from clew.records import Partner
    from clew.sandbox import Guard
    from clew.schema import Batch

GROUP = "Take in"
_FORMS = ("case", "vics", "stix", "ftm", "misp", "csv")


@click.command(no_args_is_help=True)
@case_argument
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--from", "partner_id", required=True, help="Partner that sent it, as registered.")
@click.option("--as", "form", required=True, type=click.Choice(_FORMS),
              help="Format: CASE/UCO, VICS, STIX 2, FollowTheMoney, MISP, CSV.")  # fmt: skip
@click.option("--mapping", type=click.Path(path_type=Path), help="Of a CSV: what its columns are.")
@marking_options(required=True)
@click.option("--legal-basis", required=True, help="On which it was sent.")
@click.option("--purpose", required=True, help="What it may be used for.")
@click.option("--dry-run", is_flag=True, help="Say what is in it; keep nothing.")
@json_option
def take(
    case: Path, file: Path, partner_id: str, form: str, mapping: Path | None,
    handling: tuple[str, ...], restrictions: str | None, tlp: str, legal_basis: str, purpose: str,
    dry_run: bool, as_json: bool,
) -> Ending:  # fmt: skip
    r"""Take in what a partner sent in another program's format, never as your own.

    Accounts and their names, files by hash, messages and groups come in under the partner's name;
    every element is taken, passed over with its reason, or reported as not readable. It is opened
    like evidence, in a worker. Whom the sender takes for one person joins nothing here. A package
    of Clew is taken in with clew receive; only that is checked by its signature.

    \b
    clew take cases/op-17 bundle.json --from PT --as stix --handling H1 --tlp AMBER \
        --legal-basis "Directive 2016/680, Art. 35" --purpose "investigation op-17"
    clew take cases/op-17 list.csv --from PT --as csv --mapping pt.yaml --handling H0 --tlp GREEN \
        --legal-basis "request 12/26" --purpose "investigation op-17" --dry-run
    """
    from clew.casefile import open_case
    from clew.exchange.foreign.reading import Content, Given, arrival
    from clew.exchange.receiving import take_in

    marking = marking_of(handling, restrictions, tlp)
    with open_case(case) as opened:
        given = Given(partner=_partner(opened, partner_id), marking=marking,
                      legal_basis=legal_basis, purpose=purpose)  # fmt: skip
        content = Content.of(file)
        found = arrival(content, given, _read(opened, content, form, mapping, partner_id))
        taken = False
        if not dry_run:
            with opened.writing():
                taken = take_in(opened, found.about, found.given)
    return _say_taken(found, taken=taken, dry_run=dry_run, as_json=as_json, case=case)


def _partner(case: Case, partner_id: str) -> Partner:
    from clew.errors import UsageError, nearest
    from clew.exchange.sealing.partners import partners

    known = partners(case)
    if partner_id not in known:
        raise UsageError(
            f"{partner_id!r} is no partner of the case",
            do=f"{nearest(partner_id, known)}Register it with: clew partner add CASE {partner_id}",
        )
    return known[partner_id]


def _read(
    case: Case, content: Content, form: str, mapping: Path | None, partner_id: str
) -> list[Batch]:
    """Rows of the file; that it was refused stands in the custody log, by its digest."""
    from clew.errors import EvidenceError, UsageError
    from clew.exchange.foreign.reading import read
    from clew.sandbox import Guard

    if (form == "csv") != (mapping is not None):
        raise UsageError(
            "--mapping goes with --as csv, and only with it",
            do="See docs/formats/csv-mapped.md for how to write one.",
        )
    guard = Guard(parent=case.scratch)
    try:
        if mapping is not None:
            return _mapped(guard, content, mapping)
        return read(guard, content, form)
    except EvidenceError:
        case.custody.append(
            "partner's file refused", partner=partner_id, format=form, sha256=content.sha256
        )
        raise
    finally:
        guard.close()


def _mapped(guard: Guard, content: Content, mapping: Path) -> list[Batch]:
    from clew.errors import EvidenceError
    from clew.facts import mappings
    from clew.facts.read import read_alone
    from clew.sandbox import WorkerLost
    from clew.words import reasons

    text, _ = mappings.load(mapping)
    try:
        found = read_alone(guard, content.file, content.sha256, (text,), content.exhibit_id)
        return list(found)
    except WorkerLost as lost:
        raise EvidenceError(
            f"{content.file.name} can't be read: {reasons.of_problem('unread', lost)}",
            do="Nothing was taken in. Look at the file, and at the mapping.",
        ) from lost


def _say_taken(found: Arrival, *, taken: bool, dry_run: bool, as_json: bool, case: Path) -> Ending:
    """Say what was in it, and what became of it."""
    rows = {row.table_name: table.num_rows for row, table in found.given.items()}
    source = next(t.to_pylist()[0] for r, t in found.given.items() if r.table_name == "sources")
    seen, emitted = source["rows_seen"], source["rows_emitted"]
    about = {"package": found.about.package_id, "origin": found.about.origin, "taken": taken}
    if as_json:
        write_json([{**about, "seen": seen, "emitted": emitted, **rows}])
    say("{seen} elements seen: {emitted} taken, {rest} passed over or not readable; {unread} are "
        "listed with their reason", seen=seen, emitted=emitted, rest=seen - emitted,
        unread=rows.get("unread", 0))  # fmt: skip
    say("{accounts} accounts, {files} files by hash, {messages} messages, {members} memberships",
        accounts=rows.get("accounts", 0), files=rows.get("stated_files", 0),
        messages=rows.get("messages", 0), members=rows.get("memberships", 0))  # fmt: skip
    if dry_run:
        say("Nothing was kept.")
    elif not taken:
        say("The case has this file already; nothing changed.")
    else:
        say(
            "taken in as {package}, from {origin}", package=about["package"], origin=about["origin"]
        )
        say_next("run {case}", case=case)
    return Ending.look(rows.get("unread", 0) or not emitted)
