"""``clew supersede``: take a package in that replaces an earlier one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from clew.cli.output import case_argument, json_option
from clew.cli.receiving import opener_of, opening_options, tell

GROUP = "Take in"


@click.command(no_args_is_help=True)
@case_argument
@click.argument("package", type=click.Path(path_type=Path, exists=True, file_okay=False))
@opening_options
@json_option
def supersede(case: Path, package: Path, as_json: bool, **given: Any) -> None:
    r"""Take a package in that says which earlier one of the same sender it replaces.

    The earlier one leaves the case with all that followed from it. It is refused should it come
    later.

    \b
    clew supersede cases/op-17 9a2b….clewpkg --as PT --key pt.age
    """
    from clew.casefile import open_case
    from clew.exchange.receiving import delivering

    opener = opener_of(given)
    with open_case(case) as opened, opened.writing():
        outcome = delivering.deliver(opened, package, opener, delivering.only_supersedes)
    tell(case, outcome, as_json=as_json)
