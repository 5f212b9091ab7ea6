"""``clew forget``: take a package of another agency out of the case by your own decision."""

from __future__ import annotations

from pathlib import Path

import click

from clew.cli.options import deciding_options
from clew.cli.output import case_argument, how_many, say, write_json
from clew.cli.signing import decides

GROUP = "Take in"


@click.command(no_args_is_help=True)
@case_argument
@click.argument("package")
@deciding_options("Why; whom it names stands masked in the log.")
def forget(case: Path, package: str, by: str | None, reason: str, as_json: bool) -> None:
    r"""Take a received package out of the case, with all that followed from it.

    PACKAGE is its id, as `clew received` shows it, or the beginning. The log keeps digests and
    counts. The package can be received again.

    \b
    clew forget cases/op-17 0b1c2d3e --reason "kept until 1 May, order 12/26"
    """
    from clew.casefile import open_case
    from clew.casefile.disclosure import purpose_logged
    from clew.exchange.receiving import forgetting

    with open_case(case) as opened:
        decides(opened, by)
        found = forgetting.named(opened, package)
        words = purpose_logged(opened, reason)
        with opened.writing():
            rows = forgetting.forget(opened, found, forgetting.Why.FORGOTTEN, reason=words)
    if as_json:
        write_json([{"package": found, "rows": rows}])
    say("Package {package} was taken out, with {rows} and all that followed from them.",
        package=found, rows=how_many("rows", rows))  # fmt: skip
    say("Conclusions over what is left follow after: clew run {case}", case=case)
