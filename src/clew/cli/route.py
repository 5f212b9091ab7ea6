"""``clew route``: who is proposed to which country, and who decides that somebody is named."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from clew.cli.options import deciding_options, marking_of, marking_options
from clew.cli.output import Asked, case_argument, reading_command, say, write_json
from clew.cli.signing import decides

if TYPE_CHECKING:
    from clew.casefile import Case
    from clew.exchange.markings import Grading
    from clew.schema import Row

GROUP = "Hand over"
_STATES = ("proposed", "undecided", "counted", "never", "desk")
_CHOICES = ("send", "count_only", "hold", "withdraw")
_CATEGORIES = ("suspect", "convicted", "victim", "possible_victim", "witness",
               "information_provider", "contact_or_associate", "unclassified")  # fmt: skip


class _Listing(click.Group):
    """A group of commands whose name alone, with a case, lists."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """``clew route CASE`` is ``clew route list CASE``."""
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = ["list", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_Listing)
def route() -> None:
    """Who is proposed to which country, and signed decisions on who is named."""


@route.command("list", no_args_is_help=True)
@reading_command
@click.option("--state", type=click.Choice(_STATES), help="Only these; undecided is a queue.")
@click.option("--country", help="Only what is proposed to this country, such as PT.")
@click.option("--limit", type=click.IntRange(0), default=50, help="Rows shown; 0 for all.")
def list_(asked: Asked, state: str | None, country: str | None, limit: int) -> None:
    r"""List whom the rules propose to which country; what is in doubt comes first.

    Rules only propose. R1 holds a seized device, R2 was judged a suspect, R3 leads a group with
    known files, R4 is the earliest known sharer of one, R5 shared many: these are proposed. R6 is
    another member and is counted, R7 is neither, R8 is a victim and is for the desk that identifies
    victims. R9 is in doubt: two countries, none, or a number that is another's since.

    \b
    clew route cases/op-17 --state undecided
    clew route cases/op-17 --country PT --limit 0 --json
    """
    with asked.reading("route list") as reading:
        page = reading.view("routes", limit=limit, state=state or "",
                            goes_to=(country or "").upper())  # fmt: skip
        asked.write(page.rows, "routes")
    if len(page.rows) < page.total:
        say(
            "{count} of {total} shown; --limit 0 shows all.", count=len(page.rows), total=page.total
        )
    say("Rules only propose: a person is named by a decision, clew route decide.")


@route.command(no_args_is_help=True)
@reading_command
@click.option("--limit", type=click.IntRange(0), default=50, help="Rows shown; 0 for all.")
def decisions(asked: Asked, limit: int) -> None:
    r"""List the decisions on who is named to whom, as the ledger has them.

    \b
    clew route decisions cases/op-17
    """
    with asked.reading("route decisions") as reading:
        asked.write(reading.view("route-decisions", limit=limit).rows, "route-decisions")


@route.command(no_args_is_help=True)
@case_argument
@click.argument("person", metavar="PERSON")
@click.option("--decision", type=click.Choice(_CHOICES), default="send", show_default=True,
              help="Named, counted only, kept back, or taken back.")  # fmt: skip
@click.option("--to", "goes_to", help="Country or partner; the proposed country by default.")
@marking_options()
@click.option("--grading", help="Scheme and grades: europol-4x4:B2, uk-3x5x2:2B, admiralty:B2.")
@deciding_options()
def decide(
    case: Path, person: str, decision: str, goes_to: str | None, handling: tuple[str, ...],
    tlp: str | None, restrictions: str | None, grading: str | None, by: str | None, reason: str,
    as_json: bool,
) -> None:  # fmt: skip
    r"""Decide whether a person is named to a country; the decision is signed and stays.

    PERSON is a person or account, or the pseudonym of one. Who is named gets a handling code (H0
    only against crime, H1 not in court without permission, H2 not passed on without permission, H3
    as --restrictions say), a label and a grading; a grading is never converted into another
    scheme's. A second officer has to agree where the person is not plainly proposed to that
    country: clew route second.

    \b
    clew route decide cases/op-17 person-1a2b3c4d --handling H1 --tlp AMBER \
        --grading europol-4x4:B2 --reason "holder of PT-003, order 12/26"
    """
    from clew.casefile import open_case
    from clew.exchange.routing import decisions
    from clew.records import RouteChoice

    choice = decisions.Choice(
        decision=RouteChoice(decision), goes_to=(goes_to or "").strip(),
        marking=marking_of(handling, restrictions, tlp) if handling or tlp else None,
        grading=_grading(grading),
    )  # fmt: skip
    with open_case(case) as opened:
        named = _person(opened, person)
        signed = decisions.Signed(decides(opened, by), reason)
        judged = decisions.decide(opened, named, choice, signed)
    _say_judged(judged, as_json=as_json)
    say("decision {number}: {decision} to {goes_to}", number=judged.number,
        decision=judged.decision, goes_to=judged.goes_to)  # fmt: skip
    if judged.needs_second:
        say("A second officer has to agree before the person is named: "
            "clew route second {case} {number}", case=case, number=judged.number)  # fmt: skip


@route.command(no_args_is_help=True)
@case_argument
@click.argument("number", type=click.IntRange(1))
@deciding_options()
def second(case: Path, number: int, by: str | None, reason: str, as_json: bool) -> None:
    r"""Agree with a decision as a second officer, with a key of your own.

    \b
    clew route second cases/op-17 7 --reason "read the evidence of both countries"
    """
    from clew.casefile import open_case
    from clew.exchange.routing import decisions

    with open_case(case) as opened:
        signed = decisions.Signed(decides(opened, by), reason)
        judged = decisions.second(opened, number, signed)
    _say_judged(judged, as_json=as_json)
    say("decision {number}: agrees with {second}", number=judged.number, second=number)


@route.command(no_args_is_help=True)
@case_argument
@click.argument("person", metavar="PERSON")
@click.argument("category", metavar="CATEGORY", type=click.Choice(_CATEGORIES))
@deciding_options()
def mark(
    case: Path, person: str, category: str, by: str | None, reason: str, as_json: bool
) -> None:
    r"""Judge what a person is in the proceedings: Directive (EU) 2016/680, Article 6.

    CATEGORY is suspect, convicted, victim, possible_victim, witness, information_provider,
    contact_or_associate or unclassified. A suspect is only that. Who is judged a victim or possible
    victim is in no ordinary package from then on. Routes follow it after the next run.

    \b
    clew route mark cases/op-17 person-1a2b3c4d suspect --reason "order 12/26"
    """
    from clew.casefile import open_case
    from clew.exchange.routing import decisions
    from clew.records import PersonCategory

    with open_case(case) as opened:
        named = _person(opened, person)
        signed = decisions.Signed(decides(opened, by), reason)
        judged = decisions.mark(opened, named, PersonCategory(category), signed)
    _say_judged(judged, as_json=as_json)
    say("judgement {number}: {category}", number=judged.number, category=category)
    say("Routes follow it after: clew run {case}", case=case)


@route.command(no_args_is_help=True)
@case_argument
@click.argument("known_shares", type=click.IntRange(1))
@deciding_options()
def threshold(case: Path, known_shares: int, by: str | None, reason: str, as_json: bool) -> None:
    r"""Set from how many shared known files on the operation proposes a person (rule R5).

    Without one it is 50. On a generated operation 18 in 100 of those were of interest, and of those
    of one known file and more 4 in 100: the lower it is, the more bystanders are proposed.

    \b
    clew route threshold cases/op-17 100 --reason "agreed on 3 June"
    """
    from clew.casefile import open_case
    from clew.exchange.routing import decisions

    with open_case(case) as opened:
        signed = decisions.Signed(decides(opened, by), reason)
        judged = decisions.threshold(opened, known_shares, signed)
    _say_judged(judged, as_json=as_json)
    say("judgement {number}: {files} known files", number=judged.number, files=known_shares)
    say("Routes follow it after: clew run {case}", case=case)


def _person(opened: Case, named: str) -> str:
    """The person whom an identifier or pseudonym names."""
    from clew.reading.resolve import resolve

    return opened.masking().known.person_of.get(found := resolve(opened, named), found)


def _grading(written: str | None) -> Grading | None:
    from clew.errors import UsageError
    from clew.exchange.markings import Grading, Scheme

    if not written:
        return None
    scheme, _, grades = written.partition(":")
    try:
        return Grading(scheme=Scheme(scheme), source=grades[:1], information=grades[1:])
    except ValueError as error:
        raise UsageError(
            f"{written!r} is no grading: {error}; nothing was decided",
            do="Write it as in: europol-4x4:B2, uk-3x5x2:2B, admiralty:B2",
        ) from error


def _say_judged(judged: Row, *, as_json: bool) -> None:
    """A judgement for programs, without whom it is about."""
    if as_json:
        import msgspec

        row = msgspec.to_builtins(judged)
        write_json([{n: v for n, v in row.items() if n != "person_id"}])
