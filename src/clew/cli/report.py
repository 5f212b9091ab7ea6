"""``clew report``: write the report as one HTML file, and its annexes beside it."""

from pathlib import Path

import click

from clew.cli.leaving import leaving
from clew.cli.output import (
    Asked,
    force_option,
    reading_command,
    say,
    say_pending,
    write_json,
)

GROUP = "Hand over"


@click.command(no_args_is_help=True)
@reading_command
@click.argument("out", metavar="OUT.html", type=click.Path(path_type=Path, dir_okay=False))
@force_option
def report(asked: Asked, out: Path, force: bool) -> None:
    r"""Write the report as one HTML file, persons masked, and its annexes into a folder beside it.

    The page has no script, no request and no media, and prints on A4. What it cuts short stands in
    full in NAME-annex: CSV files and one workbook, with whole hashes. What others sent under the
    code H1 is left out, with all that follows from it, unless they permitted its use.

    \b
    clew report cases/op-17 op-17.html
    """
    from clew import pipeline
    from clew.casefile.outputs import output
    from clew.exchange.receiving.permissions import IN_COURT
    from clew.report import annex_of, write_report

    beside = annex_of(out)
    with (
        output(out, asked.case, force=force) as file,
        output(beside, asked.case, force=force, folder=True) as folder,
        asked.reading("report") as reading,
        leaving(reading.case, IN_COURT) as withheld,
    ):
        custody = reading.case.custody
        custody.append(
            "report written", unmasked=asked.unmask, file=out.name,
            purpose=reading.purpose, legal_basis=reading.case.config.authority,
        )  # fmt: skip
        custody.keep(custody.checkpoint().text)
        write_report(reading, file, annex=folder, undone=pipeline.undone(reading.case))
        say_pending(reading.case)
    if asked.as_json:
        write_json([{"report": str(out), "annex": str(beside), "bytes": out.stat().st_size,
                     "unmasked": asked.unmask, "rows_withheld": withheld}])  # fmt: skip
    say(
        "The report is in {out}, its annexes in {annex}."
        if asked.unmask
        else "The report is in {out}, its annexes in {annex}; persons are masked.",
        out=out,
        annex=beside,
    )
