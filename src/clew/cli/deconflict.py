"""``clew deconflict``: ask another agency whether it has the same number, without showing it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clew.cli.deconflicting import (
    agency_options,
    asked_for,
    choosing_options,
    dealing_of,
    half_year,
    out_of,
    preview,
    sender_id,
    sender_of,
    show,
    step_options,
    to_offer,
)
from clew.cli.options import FILE, OUT
from clew.cli.output import (
    Asked,
    Bar,
    case_argument,
    reading_command,
    say,
    say_next,
    write_json,
)
from clew.errors import Ending

if TYPE_CHECKING:
    from clew.exchange.deconfliction.dealing import Dealing

GROUP = "Hand over"
_KINDS = ("phone", "account", "imei", "sha256", "search")


@click.group(no_args_is_help=True)
def deconflict() -> None:
    r"""Find out whether another agency has the same number, and show the number to nobody.

    The holder offers once in a half-year, a partner asks, two officers of the holder answer, and
    the partner reads hit or no hit. See docs/exchange.md for what each side learns.

    \b
    clew deconflict offer cases/op-17 --to PT --kind phone --legal-basis "Art. 7 2016/680" \
        --reason "joint operation" --key agency.pem --name es.example/exchange --out es.offer
    clew deconflict list cases/op-17
    """


@deconflict.command(no_args_is_help=True)
@case_argument
@click.option("--to", required=True, help="The partner, by the id of clew partner list.")
@click.option("--kind", required=True, type=click.Choice(_KINDS), help="What is offered.")
@click.option("--period", help="Half-year that the offer holds, such as 2026-H2; the present one.")
@click.option("--out", type=OUT, help="File of the offer.")
@click.option("--again", is_flag=True, help="Write an offer that was made once more.")
@choosing_options
@agency_options
@step_options
def offer(case: Path, kind: str, as_json: bool, **given: Any) -> None:
    r"""Offer a partner what this case has of persons of interest, as tags that tell no number.

    Offered are, unless --person says whom, those judged suspects and those named to the partner by
    a signed decision; bystanders, victims and witnesses never. A number goes with each half-year in
    which it wrote. IMEIs, files and searches can come from --list; files are else those that were
    given a category. One offer a partner, kind and half-year.

    \b
    clew deconflict offer cases/op-17 --to PT --kind phone --legal-basis "Art. 7 2016/680" \
        --reason "joint operation" --key agency.pem --name es.example/exchange --out es.offer
    """
    from clew.casefile import open_case
    from clew.exchange.deconfliction import offering
    from clew.exchange.deconfliction.forms import Kind
    from clew.exchange.deconfliction.page import About
    from clew.exchange.deconfliction.periods import last_moment, period_of
    from clew.exchange.deconfliction.tags import class_of
    from clew.exchange.deconfliction.wire import Step

    with open_case(case) as opened:
        dealing = dealing_of(opened, given)
        period = half_year(given["period"] or period_of(dealing.at))
        if given["again"]:
            _again(dealing, given, kind, period)
            return
        chosen = to_offer(opened, Kind(kind), given)
        about = About(
            step=Step.OFFER, partner=given["to"], kind=kind, period=period,
            points=class_of(len(chosen.forms)), own=len(chosen.forms), persons=chosen.persons,
            day=f"{last_moment(period):%Y-%m-%d}", legal_basis=given["legal_basis"],
            left_out=chosen.left_out,
        )  # fmt: skip
        preview(opened, about, given, flagged=chosen.flagged)
        shown: dict[str, Any] = {"offered": len(chosen.forms), "points": about.points}
        if not given["dry_run"]:
            wanted = offering.Wanted(
                partner=given["to"], kind=Kind(kind), period=period, forms=chosen.forms,
                legal_basis=given["legal_basis"],
            )  # fmt: skip
            agency = sender_of(opened, given)
            row = offering.offer(dealing, agency, wanted, out_of(given), Bar())
            shown |= {"offer": row.exchange_id, "number": row.number, "sha256": row.file_sha256}
            say("The offer {id} is in {file}; hand it to {partner}.", id=row.exchange_id,
                file=given["out"], partner=given["to"])  # fmt: skip
    if as_json:
        write_json([shown | {"left_out": chosen.left_out, "flagged": chosen.flagged}])


@deconflict.command(no_args_is_help=True)
@case_argument
@click.argument("offered", metavar="OFFER", type=FILE)
@click.option("--days", type=click.IntRange(1, 184), default=30, help="Days that the ask holds.")
@click.option("--out", type=OUT, help="File of the ask.")
@choosing_options
@agency_options
@step_options
def ask(case: Path, offered: Path, as_json: bool, **given: Any) -> None:
    r"""Ask the holder of OFFER for identifiers of a list or of persons, and show it none of them.

    A list has one identifier a line; a number with the half-year, month or day in which it was
    seen, as in +34 600 111 222|2017-H1, a search as in Calle Mayor 12, 28013 Madrid|2017-03-29.
    A partner may ask 1,000 in a half-year.

    \b
    clew deconflict ask cases/pt-3 es.offer --list numbers.txt --legal-basis "Art. 7 2016/680" \
        --reason "search of 12 March" --key pt.pem --name pt.example/exchange --out pt.ask
    """
    from clew.casefile import open_case
    from clew.exchange.deconfliction import asking
    from clew.exchange.deconfliction.forms import Kind
    from clew.exchange.deconfliction.page import About
    from clew.exchange.deconfliction.wire import Step

    with open_case(case) as opened:
        dealing = dealing_of(opened, given)
        found = asking.offered(dealing, sender_id(opened, given), offered).header
        chosen = asked_for(opened, Kind(found.kind), given)
        about = About(
            step=Step.ASK, partner=found.sender, kind=found.kind, period=found.period,
            points=asking.points_of(len(chosen.forms)), own=len(chosen.forms),
            persons=chosen.persons or None, legal_basis=given["legal_basis"],
            left_out=chosen.left_out, tags=found.count, holds_until=found.holds_until,
        )  # fmt: skip
        preview(opened, about, given, flagged=chosen.flagged)
        shown: dict[str, Any] = {"asked": len(chosen.forms), "points": about.points}
        if not given["dry_run"]:
            wanted = asking.Wanted(
                forms=chosen.forms, legal_basis=given["legal_basis"], days=given["days"]
            )
            agency = sender_of(opened, given)
            row = asking.ask(dealing, agency, offered, wanted, out_of(given))
            shown |= {"ask": row.exchange_id, "number": row.number, "commitment": row.commitment}
            say("The ask {id} is in {file}; hand it to {partner}.", id=row.exchange_id,
                file=given["out"], partner=found.sender)  # fmt: skip
    if as_json:
        write_json([shown | {"left_out": chosen.left_out, "flagged": chosen.flagged}])


@deconflict.command(no_args_is_help=True)
@case_argument
@click.argument("asked", metavar="ASK", type=FILE)
@click.option("--out", type=OUT, help="File of the answer, which the second officer makes.")
@agency_options
@step_options
def answer(case: Path, asked: Path, as_json: bool, **given: Any) -> Ending:
    r"""Release a partner's ASK as an officer; the second one, with another key, answers it.

    Read first who asks and on what basis. Exit code 1 while a second officer has to agree.

    \b
    clew deconflict answer cases/op-17 pt.ask --reason "order 12/26"
    clew deconflict answer cases/op-17 pt.ask --reason "read" --out es.answer \
        --key agency.pem --name es.example/exchange
    """
    from clew.casefile import open_case
    from clew.exchange.deconfliction import answering
    from clew.exchange.deconfliction.page import About
    from clew.exchange.deconfliction.wire import Step
    from clew.records import DeconflictionStep

    with open_case(case) as opened:
        dealing = dealing_of(opened, given)
        has_key = given["key"] or given["module"]
        agency = sender_of(opened, given) if has_key else None
        row = answering.answer(dealing, agency, asked, given["out"])
        about = About(
            step=Step.ANSWER, partner=row.partner_id, kind=row.asked_kind, period=row.period,
            points=row.points, legal_basis=row.legal_basis, by=row.judged_by,
            holds_until=f"{row.holds_until:%Y-%m-%d}",
        )  # fmt: skip
        preview(opened, about, given)
    waits = row.step is DeconflictionStep.RELEASED
    if as_json:
        write_json([{"ask": row.exchange_id, "step": row.step, "number": row.number,
                     "points": row.points, "partner": row.partner_id}])  # fmt: skip
    if waits:
        say("You agree; a second officer with another key has to, and answers it:")
        say_next("deconflict answer {case} {ask} --reason … --out FILE --key …", case=case,
                 ask=asked)  # fmt: skip
    else:
        say("The answer is in {file}; hand it to {partner}.", file=given["out"],
            partner=row.partner_id)  # fmt: skip
    return Ending.look(waits)


@deconflict.command(no_args_is_help=True)
@case_argument
@click.argument("received", metavar="ANSWER", type=FILE)
@click.option("--notice", type=OUT, help="File for the holder: which of its entries were hits.")
@click.option("--unmask", is_flag=True, help="Show identifiers; --reason is logged as its reason.")
@agency_options
@step_options
def read(case: Path, received: Path, as_json: bool, unmask: bool, **given: Any) -> Ending:
    r"""Read a partner's ANSWER, hit or no hit for each; or, as the holder, the partner's notice.

    Both sides are told: --notice writes what is handed back to the holder. A result is the
    partner's word, is kept as that, and leads to an ordinary request. Exit code 1 if there is a
    hit.

    \b
    clew deconflict read cases/pt-3 es.answer --notice pt.notice --reason "op 17" \
        --key pt.pem --name pt.example/exchange
    clew deconflict read cases/op-17 pt.notice --reason "op 17"
    """
    from clew.casefile import open_case
    from clew.exchange.deconfliction import reading
    from clew.exchange.deconfliction.page import About
    from clew.exchange.deconfliction.wire import Step, step_of

    with open_case(case) as opened:
        dealing = dealing_of(opened, given)
        is_notice = step_of(received) is Step.NOTICE
        if is_notice:
            row, results = reading.notice(dealing, received, Bar())
        else:
            row, results = reading.answer(
                dealing, sender_of(opened, given), received, out_of(given, "notice")
            )
        about = About(
            step=Step.NOTICE, partner=row.partner_id, kind=row.asked_kind, period=row.period,
            points=row.points, own=row.own_count, hits=row.hits, by=row.judged_by,
        )  # fmt: skip
        if not is_notice:
            preview(opened, about, given)
        show(opened, results, unmask=unmask, as_json=as_json, reason=given["reason"])
    say("{hits} hits of {n}. A hit is the partner's word, and leads to an ordinary request.",
        hits=row.hits, n=row.own_count)  # fmt: skip
    return Ending.look(row.hits)


@deconflict.command(name="list", no_args_is_help=True)
@reading_command
@click.option("--ask", default="", help="What was said of this ask; its id or the beginning.")
@click.option("--limit", type=click.IntRange(0), default=50, help="Rows shown; 0 for all.")
def list_(asked: Asked, ask: str, limit: int) -> None:
    """List what was offered, asked and answered; with --ask each identifier, and whether it hit."""
    with asked.reading("deconflict list") as reading:
        if ask:
            asked.write(reading.view("deconfliction-results", limit=limit, ask=ask).rows,
                        "deconfliction-results")  # fmt: skip
        else:
            asked.write(reading.view("deconflictions", limit=limit).rows, "deconflictions")


def _again(dealing: Dealing, given: dict[str, Any], kind: str, period: str) -> None:
    """Write an offer once more, to the last byte as it was."""
    from clew.exchange.deconfliction import offering

    row = offering.made_before(dealing, given["to"], kind, period)
    offering.again(dealing, sender_of(dealing.case, given), row.offer_id, out_of(given), Bar())
    say("The offer {id} is in {file} once more.", id=row.offer_id, file=given["out"])
