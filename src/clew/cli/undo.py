"""``clew undo``: judge that an earlier judgement counts no more."""

from pathlib import Path

import click

from clew.cli.options import deciding_options
from clew.cli.output import case_argument, say, write_json
from clew.cli.signing import decides

GROUP = "Judge"


@click.command(no_args_is_help=True)
@case_argument
@click.argument("number", type=click.IntRange(1))
@deciding_options()
def undo(case: Path, number: int, by: str | None, reason: str, as_json: bool) -> None:
    r"""Judge that an earlier judgement counts no more; both stay in the ledger.

    That is one of persons, of a category, of dates, of an export or of a permission. What partners
    and routes are is entered anew with the command that entered it: the later entry counts.

    \b
    clew undo cases/op-17 3 --reason "wrong person"
    """
    from clew.casefile import open_case
    from clew.judgements import decisions

    with open_case(case) as opened:
        judgement = decisions.undo(opened, number, decides(opened, by), reason)
    if as_json:
        write_json([{"number": judgement.number, "undoes": number}])
    say("judgement {number}: {number_2} counts no more", number=judgement.number, number_2=number)
    say("Findings follow it after: clew run {case}", case=case)
