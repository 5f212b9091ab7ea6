"""``clew packages``: the packages that a case sends, and what was done with each."""

from __future__ import annotations

import click

from clew.cli.options import by_option
from clew.cli.output import Asked, reading_command, say, write_json
from clew.cli.signing import decides

GROUP = "Hand over"


@click.command(no_args_is_help=True)
@reading_command
@click.option("--discard", metavar="PACKAGE", help="Throw away a draft; needs --reason.")
@by_option
def packages(asked: Asked, discard: str | None, by: str | None) -> None:
    r"""List every step of each package: packed, approved, sealed, discarded or recalled.

    \b
    clew packages cases/op-17
    clew packages cases/op-17 --discard 3f2a --reason "packed for the wrong partner"
    """
    from clew.casefile import open_case
    from clew.exchange.packing import packages as outgoing
    from clew.exchange.routing.decisions import Signed

    if discard:
        with open_case(asked.case) as opened:
            signed = Signed(decides(opened, by), asked.reason or "")
            done = outgoing.discard(opened, discard, signed)
        if asked.as_json:
            write_json([{"package": done.package, "step": done.step, "number": done.number}])
        say("package {package}: discarded", package=done.package)
        return
    with asked.reading("packages") as reading:
        asked.write(reading.view("packages-sent").rows, "packages-sent")
