"""``clew report``: write the report."""

from __future__ import annotations

from pathlib import Path

import click

from clew.cli.output import (
    allow_unmasking,
    case_argument,
    json_option,
    say,
    unmask_options,
    write_json,
)


@click.command(no_args_is_help=True)
@case_argument
@click.argument("out", metavar="OUT.html", type=click.Path(path_type=Path, dir_okay=False))
@unmask_options
@json_option
def report(case: Path, out: Path, unmask: bool, reason: str | None, as_json: bool) -> None:
    r"""Write one self-contained HTML file: no script, no request, no media, persons masked.

    \b
    clew report cases/op-17 op-17.html
    """
    from clew.casefile import open_case
    from clew.report import write_report

    with open_case(case) as opened:
        if unmask:
            allow_unmasking(opened, reason, "report")
        opened.custody.append(
            "report written", unmasked=unmask, file=out.name,
            purpose=reason or "examination of the case", legal_basis=opened.config.authority,
        )  # fmt: skip
        opened.custody.keep(opened.custody.checkpoint().text)
        write_report(opened, out, unmask=unmask)
    if as_json:
        write_json([{"report": str(out), "bytes": out.stat().st_size, "unmasked": unmask}])
    say(f"The report is in {out}" + ("" if unmask else "; persons are masked."))
