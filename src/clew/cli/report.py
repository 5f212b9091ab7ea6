"""``clew report``: write one self-contained HTML report."""

from pathlib import Path

import click

from clew.cli.output import Asked, force_option, reading_command, say, say_pending, write_json

GROUP = "Hand over"


@click.command(no_args_is_help=True)
@reading_command
@click.argument("out", metavar="OUT.html", type=click.Path(path_type=Path, dir_okay=False))
@force_option
def report(asked: Asked, out: Path, force: bool) -> None:
    r"""Write one self-contained HTML file: no script, no request, no media, persons masked.

    \b
    clew report cases/op-17 op-17.html
    """
    from clew import pipeline
    from clew.casefile.outputs import output
    from clew.report import write_report

    with output(out, asked.case, force=force) as file, asked.reading("report") as reading:
        custody = reading.case.custody
        custody.append(
            "report written", unmasked=asked.unmask, file=out.name,
            purpose=reading.purpose, legal_basis=reading.case.config.authority,
        )  # fmt: skip
        custody.keep(custody.checkpoint().text)
        write_report(reading, file, undone=pipeline.pending(reading.case))
        say_pending(reading.case)
    if asked.as_json:
        write_json([{"report": str(out), "bytes": out.stat().st_size, "unmasked": asked.unmask}])
    say(
        "The report is in {out}" if asked.unmask else "The report is in {out}; persons are masked.",
        out=out,
    )
