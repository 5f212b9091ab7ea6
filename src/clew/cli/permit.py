"""``clew permit``: enter what a sender allowed beyond the handling code of what it sent."""

from __future__ import annotations

from pathlib import Path

import click

from clew.cli.options import deciding_options
from clew.cli.output import case_argument, say, write_json
from clew.cli.signing import decides

GROUP = "Judge"


@click.command(no_args_is_help=True)
@case_argument
@click.argument("origin")
@click.argument("permits", type=click.Choice(("judicial_use", "onward")))
@click.option("--partner", required=True, help="Agency that allowed it.")
@click.option("--letter", required=True, help="Reference of the letter that says so.")
@deciding_options()
def permit(
    case: Path, origin: str, permits: str, partner: str, letter: str, by: str | None, reason: str,
    as_json: bool,
) -> None:  # fmt: skip
    r"""Enter what a sender allowed: judicial use of what came with H1, or passing on of H2.

    ORIGIN is the case that it came from, as `clew received` shows it. It is undone with clew undo.

    \b
    clew permit cases/op-17 ES-0a1b2c3d judicial_use --partner ES --letter "ES 114/26" \
        --reason "letter of 3 May"
    """
    from clew.casefile import open_case
    from clew.exchange.receiving import permissions
    from clew.records import Permits

    given = permissions.Letter(
        origin=origin, permits=Permits(permits), partner=partner, reference=letter
    )
    with open_case(case) as opened:
        made = permissions.permit(opened, given, decides(opened, by), reason)
    if as_json:
        write_json([{"number": made.number, "origin": origin, "permits": permits}])
    say("judgement {number}: {partner} allows {permits} of {origin}", number=made.number,
        partner=partner, permits=permits, origin=origin)  # fmt: skip
    say("Reports follow it after: clew run {case}", case=case)
