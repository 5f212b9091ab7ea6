"""``clew recall``: do what a sender asks who takes a package back."""

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
def recall(case: Path, package: Path, as_json: bool, **given: Any) -> None:
    r"""Take out a package that its sender recalls, with all that followed from it.

    PACKAGE is the recall: a package of the same sender that names the one that is taken back. The
    log keeps digests and counts. To take a package out by your own decision: clew forget.

    \b
    clew recall cases/op-17 77c1….clewpkg --as PT --key pt.age
    """
    from clew.casefile import open_case
    from clew.exchange.receiving import delivering

    opener = opener_of(given)
    with open_case(case) as opened, opened.writing():
        outcome = delivering.deliver(opened, package, opener, delivering.only_recalls)
    tell(case, outcome, as_json=as_json)
