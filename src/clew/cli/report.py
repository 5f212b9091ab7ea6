"""``clew report``: write one self-contained HTML report."""

from pathlib import Path

import click

from clew.cli.output import (
    case_argument,
    force_option,
    json_option,
    reading_of,
    say,
    unmask_options,
    write_json,
)

GROUP = "Show"


@click.command(no_args_is_help=True)
@case_argument
@click.argument("out", metavar="OUT.html", type=click.Path(path_type=Path, dir_okay=False))
@force_option
@unmask_options
@json_option
def report(
    case: Path, out: Path, force: bool, unmask: bool, reason: str | None, as_json: bool
) -> None:
    r"""Write one self-contained HTML file: no script, no request, no media, persons masked.

    \b
    clew report cases/op-17 op-17.html
    """
    from clew.casefile.outputs import output
    from clew.report import write_report

    with (
        output(out, case, force=force) as file,
        reading_of(case, "report", unmask=unmask, reason=reason) as reading,
    ):
        custody = reading.case.custody
        custody.append(
            "report written", unmasked=unmask, file=out.name,
            purpose=reading.purpose, legal_basis=reading.case.config.authority,
        )  # fmt: skip
        custody.keep(custody.checkpoint().text)
        write_report(reading, file)
    if as_json:
        write_json([{"report": str(out), "bytes": out.stat().st_size, "unmasked": unmask}])
    say(
        "The report is in {out}" if unmask else "The report is in {out}; persons are masked.",
        out=out,
    )
