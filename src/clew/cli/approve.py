"""``clew approve``: approve the draft of a package as a second person."""

from pathlib import Path

import click

from clew.cli.options import deciding_options
from clew.cli.output import case_argument, say, say_next, write_json
from clew.cli.signing import decides

GROUP = "Hand over"


@click.command(no_args_is_help=True)
@case_argument
@click.argument("package", metavar="PACKAGE")
@deciding_options("Why, or what was checked.")
def approve(case: Path, package: str, by: str | None, reason: str, as_json: bool) -> None:
    r"""Approve a draft as a second person; whoever packed it does not approve it.

    PACKAGE is the id that `clew pack` said, or its beginning. Read the draft first: its folder
    has a cover page, coverage.json with what stays and why, referral.json and the tables. You
    sign the digest of all of it, and no other bytes are sealed.

    \b
    clew approve cases/op-17 3f2a --reason "read; order 12/26 covers all who are named"
    """
    from clew.casefile import open_case
    from clew.exchange.packing import packages
    from clew.exchange.routing.decisions import Signed

    with open_case(case) as opened:
        done = packages.approve(opened, package, Signed(decides(opened, by), reason))
    if as_json:
        write_json([{"package": done.package, "step": done.step, "number": done.number}])
    say("package {package}: approved", package=done.package)
    say_next("seal {case} {package} OUT", case=case, package=done.package)
