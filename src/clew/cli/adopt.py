"""``clew adopt``: judge as somebody of another agency did, by a judgement of your own."""

from __future__ import annotations

from pathlib import Path

import click

from clew.cli.options import deciding_options
from clew.cli.output import case_argument, say, write_json
from clew.cli.signing import decides

GROUP = "Judge"


@click.command(no_args_is_help=True)
@case_argument
@click.argument("judgement", metavar="ORIGIN~NUMBER")
@deciding_options()
def adopt(case: Path, judgement: str, by: str | None, reason: str, as_json: bool) -> None:
    r"""Adopt a judgement of another agency: a new one of yours, signed, that names theirs.

    Until then it is theirs and enters no finding. What says the contrary of a judgement of your own
    is refused: yours outranks it until it is undone.

    \b
    clew received cases/op-17 judgements
    clew adopt cases/op-17 ES-0a1b2c3d~12 --reason "seen the chat ourselves"
    """
    from clew.casefile import open_case
    from clew.exchange.receiving import judged

    with open_case(case) as opened:
        made = judged.adopt(opened, judgement, decides(opened, by), reason)
    if as_json:
        write_json([{"number": made.number, "adopts": judgement}])
    say("judgement {number} adopts {judgement}", number=made.number, judgement=judgement)
    say("Findings follow it after: clew run {case}", case=case)
