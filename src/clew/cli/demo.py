"""``clew demo``: generate a benign operation, run everything, and score it."""

from __future__ import annotations

import textwrap
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clew.cli.output import Bar, json_option, say, say_next, write_json
from clew.cli.visible import put
from clew.errors import Ending

if TYPE_CHECKING:
    from clew.casefile import Case
    from clew.demo import Parameters, Score
    from clew.demo.score import Tables

GROUP = "Set up"

_WIDE = 79
AUTHORITY = "Demonstration: generated, benign data; no authority is needed"


@click.command(no_args_is_help=True)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--scale",
    type=click.Choice(("small", "operation")),
    default="small",
    show_default=True,
    help="A few devices, or an operation of 18 countries and 127 devices.",
)
@click.option(
    "--coverage",
    type=click.FloatRange(0, 1, min_open=True),
    help="Of an operation: the part of the persons of interest whose homes were searched.",
)
@click.option(
    "--media",
    type=click.Choice(("none", "sample", "full")),
    help="Of an operation: which shared files are drawn (none unless asked for); of the others "
    "there are hashes only.",
)
@click.option("--seed", type=int, default=2017, help="The same seed gives the same operation.")
@click.option("--workers", type=click.IntRange(1, 256), help="Files read at once.")
@json_option
def demo(
    folder: Path,
    scale: str,
    coverage: float | None,
    media: str | None,
    seed: int,
    workers: int | None,
    as_json: bool,
) -> Ending:
    r"""Generate a benign operation in real file formats in DIR, run everything, and score it.

    Everything in it is generated and benign, and the truth lies beside it. What is scored here
    ranks Clew's own steps; it is no field error rate.

    \b
    clew demo /tmp/demo
    clew demo /tmp/operation --scale operation --coverage 0.4
    """
    from clew import pipeline
    from clew.casefile import create_case
    from clew.casefile.outputs import writable
    from clew.demo import generate, score
    from clew.demo.intake import take_exhibits
    from clew.reading import disclose, disclosure_of
    from clew.report import write_report

    writable(folder, folder=True)
    parameters = _parameters(scale, coverage, media, seed)
    began = time.monotonic()
    say("Generating a benign operation\u2026")
    operation = generate(folder, parameters)
    with create_case(folder / "case", operation.title, AUTHORITY) as case:
        take_exhibits(case, operation, Bar(), workers)
        with case.writing():
            pipeline.run(case, Bar(), workers)
        report = folder / "report.html"
        case.custody.append(
            "report written", unmasked=False, file=report.name, purpose="demonstration",
            legal_basis=AUTHORITY,
        )  # fmt: skip
        with disclose(case, disclosure_of("report", reason="demonstration")) as reading:
            write_report(reading, report, undone=pipeline.pending(case))
        scores = score(operation.truth, _tables(case))
        headline = _headline(case)
    if as_json:
        write_json([{"name": s.name, "expected": s.expected, "found": s.found,
                     "detail": s.detail, "certain": s.certain, "right": s.expected == s.found}
                    for s in scores])  # fmt: skip
    else:
        _print(headline, scores)
    say(
        "\n{seconds:.0f} seconds. Report: {report}", seconds=time.monotonic() - began, report=report
    )
    for what in ("show {case} groups", "show {case} persons", "explain {case} figure:messages"):
        say_next(what, case=folder / "case")
    return Ending.look(not all(s.passed for s in scores))


def _parameters(scale: str, coverage: float | None, media: str | None, seed: int) -> Parameters:
    from clew.demo import Media, Parameters, small
    from clew.errors import UsageError

    changes: dict[str, Any] = {}
    if coverage is not None:
        changes["coverage"] = coverage
    if media is not None:
        changes["media"] = Media(media)
    if scale == "operation":
        return Parameters(seed=seed, **changes)
    if changes:
        raise UsageError(
            "--coverage and --media shape an operation", do="Add --scale operation, or leave them."
        )
    return small(seed)


def _tables(case: Case) -> Tables:
    """Tables of the case by name, for the score."""
    from clew.schema import tables
    from clew.views import whole

    return lambda name: case.sql(whole(tables()[name]).sql)


def _headline(case: Case) -> list[str]:
    from clew.report.figures import figures, said_settled, settled
    from clew.views import view

    exhibits = case.rows(view("exhibits").sql)
    ended = {n: sum(row[n] for row in exhibits) for n in ("processed", "skipped", "failed")}
    found = figures(case) | ended
    return [*(line.format(**found) for line in _FOUND), said_settled(settled(case))]


_FOUND = (
    "{exhibits} exhibits of {countries} countries",
    "{items} items seen = {processed} processed + {skipped} skipped + {failed} failed",
    "{messages} messages (from {copies} copies on the devices) in {groups} groups",
    "{persons} persons, and {names} names that could not be tied",
    "{shared_files} different files shared; {known} known, {known_gone} of them by a record only",
    "{invitations} invitations, {group_links} pairs of groups that share members",
)


def _print(headline: list[str], scores: list[Score]) -> None:
    put("\nFound")
    for line in headline:
        put(_fitted(f"  {line}"))
    put("\nAgainst the truth")
    for s in scores:
        mark = "ok " if s.expected == s.found else "OFF" if s.certain else "~  "
        detail = f" ({s.detail})" if s.detail else ""
        put(_fitted(f"  {mark} {s.name}: {s.found} of {s.expected}{detail}"))


def _fitted(line: str) -> str:
    """A line of the summary, broken where a terminal of usual width ends."""
    return textwrap.fill(line, _WIDE, subsequent_indent="      ")
