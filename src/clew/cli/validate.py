"""``clew validate``: check the promises on this machine, and file the report."""

import tempfile
from pathlib import Path

import click

from clew.cli.output import json_option, say
from clew.errors import Ending

GROUP = "Prove"


@click.command()
@click.argument(
    "report", metavar="[REPORT.md]", required=False,
    type=click.Path(path_type=Path, dir_okay=False),
)  # fmt: skip
@click.option("--seed", type=int, default=2017, help="The same seed makes the same input.")
@click.option("--kills", type=click.IntRange(0), default=10, help="Runs that are killed.")
@click.option("--full-disks", type=click.IntRange(0), default=5, help="Sizes of disk that fill.")
@click.option("--tampers", type=click.IntRange(1), default=10, help="Seeds of each tampering.")
@click.option("--keep", type=click.Path(path_type=Path), help="Keep what was made in this folder.")
@json_option
def validate(
    report: Path | None, seed: int, kills: int, full_disks: int, tampers: int, keep: Path | None,
    as_json: bool,
) -> int:  # fmt: skip
    r"""Check Clew's promises on this machine, and write a report to file under ISO 17025.

    Everything is generated and benign; it takes some minutes. Exit code 3 if any assertion fails.

    \b
    clew validate validation-2026.md
    clew validate --kills 1000 --full-disks 200 validation-long.md
    """
    from clew.errors import UsageError
    from clew.validation import checks
    from clew.validation.assertions import Plan

    if keep and keep.exists():
        raise UsageError(f"{keep} is there already", do="Name a folder that does not exist.")
    if report and not report.absolute().parent.is_dir():
        raise UsageError(
            f"there is no folder {report.parent}", do="Make it first; nothing was run."
        )
    results = []
    with tempfile.TemporaryDirectory(prefix="clew-validate-") as made:
        folder = keep or Path(made) / "work"
        plan = Plan(folder=folder, seed=seed, kills=kills, full_disks=full_disks, tampers=tampers)
        for result in checks.run(plan):
            results.append(result)
            word = {True: "passed", False: "FAILED", None: "not checked"}[result.passed]
            say(f"{result.name}  {word:11}  {result.figures[:100]}")
    if as_json:
        click.echo(checks.as_json(plan, results).decode())
    if report:
        from clew.casefile.files import write_text

        write_text(report, checks.as_text(plan, results))
        say(f"Report: {report}")
    say(checks.summary(results))
    return Ending.damage(any(r.passed is False for r in results))
