"""``clew receive``: take a sealed package of another agency in, under its origin."""

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
@click.option("--preview", is_flag=True, help="Say what it would add, and take nothing in.")
@json_option
def receive(case: Path, package: Path, preview: bool, as_json: bool, **given: Any) -> None:
    r"""Open a package for you, check all of it, and take it in under its origin.

    PACKAGE is the folder ID.clewpkg. Checked are, in this order: the signature of the envelope, the
    digest of every file, the contents, the signature inside, and every table. Only then is anything
    kept, in one step. What came is never shown as the case's own, and every attempt stands in the
    log. A package that recalls or supersedes another does so here as well.

    \b
    clew receive cases/op-17 0b1c….clewpkg --as PT --key pt.age --preview
    clew receive cases/op-17 0b1c….clewpkg --as PT --key pt.age
    """
    from clew.casefile import open_case
    from clew.exchange.receiving import delivering

    opener = opener_of(given)
    with open_case(case) as opened, opened.writing():
        outcome = delivering.deliver(opened, package, opener, only_show=preview)
    tell(case, outcome, as_json=as_json, only_show=preview)
