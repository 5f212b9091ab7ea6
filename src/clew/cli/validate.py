"""``clew validate``: check the promises on this machine, and file the report."""

import tempfile
from pathlib import Path
from typing import Any

import click

from clew.cli.options import FILE
from clew.cli.output import force_option, json_option, say
from clew.cli.visible import escaped, put
from clew.errors import Ending

GROUP = "Check"


@click.command()
@click.argument(
    "report", metavar="[REPORT.md]", required=False,
    type=click.Path(path_type=Path, dir_okay=False),
)  # fmt: skip
@click.option("--seed", type=int, default=2017, help="The same seed makes the same input.")
@click.option("--kills", type=click.IntRange(0), default=5, help="Runs that are killed.")
@click.option("--full-disks", type=click.IntRange(0), default=3, help="Sizes of disk that fill.")
@click.option("--tampers", type=click.IntRange(1), default=5, help="Seeds of each tampering.")
@click.option("--keep", type=click.Path(path_type=Path), help="Keep what was made in this folder.")
@click.option(
    "--inputs", type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Known inputs of every reader, instead of those that come with Clew.",
)  # fmt: skip
@click.option(
    "--last", type=FILE,
    help="Report of the last validation, to say what changed.",
)  # fmt: skip
@force_option
@json_option
def validate(
    report: Path | None, last: Path | None, as_json: bool, keep: Path | None, force: bool,
    **volumes: Any,
) -> int:  # fmt: skip
    r"""Check Clew's promises on this machine, and write a report to file under ISO 17025.

    Everything is generated and benign; it takes at most ten minutes on two cores. The report is
    written as it goes: what was stopped leaves what was checked so far. Exit code 3 if any
    assertion fails.

    \b
    clew validate validation-2026.md
    clew validate --last validation-2025.md validation-2026.md
    clew validate --kills 1000 --full-disks 200 validation-long.md
    """
    from clew.casefile.outputs import writable
    from clew.errors import UsageError
    from clew.validation import checks
    from clew.validation.assertions import Plan
    from clew.validation.report import WORDS, Report, read_last

    if keep and keep.exists():
        raise UsageError(f"{keep} is there already", do="Name a folder that does not exist.")
    if keep:
        writable(keep, folder=True)
    target = writable(report, force=force) if report else None
    try:
        before = read_last(last) if last else None
    except ValueError as error:
        raise UsageError(
            f"{last} is no report of a validation ({error})", do="Give one that Clew wrote."
        ) from error
    with tempfile.TemporaryDirectory(prefix="clew-validate-") as made:
        plan = Plan(folder=keep or Path(made) / "work", **volumes)
        filed = Report(plan, target, before)
        for result in checks.run(plan):
            filed.add(result)
            say(f"{result.name}  {WORDS[result.passed]:11}  {result.figures[:100]}")
        filed.finish()
        if as_json:
            put(escaped(filed.json.decode()))
    if report:
        say("Report: {report}", report=report)
    say(filed.summary)
    return Ending.damage(any(r.passed is False for r in filed.results))
