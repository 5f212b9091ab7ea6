"""``clew demo``: generate a benign operation, run everything, and score it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clew.cli.language import here
from clew.cli.output import Bar, how_many, json_option, say, say_next, write_json
from clew.cli.splitting import fitted, in_countries, play, scored
from clew.cli.visible import put
from clew.errors import Ending

if TYPE_CHECKING:
    from clew.casefile import Case
    from clew.demo import Parameters, Score
    from clew.demo.score import Tables

GROUP = "Set up"

_NEXT = ("show {case}", "show {case} groups", "search {case} musica --context 1",
         "explain {case} figure:messages")  # fmt: skip
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
@click.option(
    "--split",
    is_flag=True,
    help="Make a case of each country as well, exchange packages between them, and merge.",
)
@click.option("--workers", type=click.IntRange(1, 256), help="Files read at once.")
@json_option
def demo(
    folder: Path,
    scale: str,
    coverage: float | None,
    media: str | None,
    seed: int,
    split: bool,
    workers: int | None,
    as_json: bool,
) -> Ending:
    r"""Generate a benign operation in real file formats in DIR, run everything, and score it.

    Everything in it is generated and benign, and the truth lies beside it. What is scored here
    ranks Clew's own steps; it is no field error rate.

    With --split each country has a case of its exhibits alone and sends what it may to a
    coordinator by sealed packages; one is recalled, one superseded, and two countries find out
    which numbers both have. Then all parts merged are compared with the whole, count by count.

    \b
    clew demo /tmp/demo
    clew demo /tmp/countries --split
    clew demo /tmp/operation --scale operation --coverage 0.4
    """
    from clew import pipeline
    from clew.casefile import create_case
    from clew.casefile.outputs import writable
    from clew.demo import generate, score
    from clew.demo.intake import take_exhibits

    writable(folder, folder=True)
    parameters = _parameters(scale, coverage, media, seed)
    began = time.monotonic()
    say("Generating a benign operation\u2026")
    operation = generate(folder, parameters)
    story = in_countries(folder, operation, workers) if split else None
    with create_case(folder / "case", operation.title, AUTHORITY) as case:
        take_exhibits(case, operation, Bar(), workers)
        with case.writing():
            pipeline.run(case, Bar(), workers)
        _report(case, report := folder / "report.html")
        scores = score(operation.truth, _tables(case))
        headline = _headline(case)
    if as_json:
        write_json(map(scored, scores))
    else:
        _print(headline, scores)
    if story:
        scores += play(story, as_json=as_json)
    say(
        "\n{seconds:.0f} seconds. Report: {report}", seconds=time.monotonic() - began, report=report
    )
    for what in _NEXT:
        say_next(what, case=folder / "case")
    if story:
        say_next("received {case}", case=story.coordinator.case)
    return Ending.look(not all(s.passed for s in scores))


def _report(case: Case, report: Path) -> None:
    """Write the report of the case, unmasked: nobody in it exists."""
    from clew import pipeline
    from clew.reading import disclose, disclosure_of
    from clew.report import write_report

    case.custody.append(
        "report written", unmasked=False, file=report.name, purpose="demonstration",
        legal_basis=AUTHORITY,
    )  # fmt: skip
    with disclose(case, disclosure_of("report", reason="demonstration")) as reading:
        write_report(reading, report, undone=pipeline.undone(case))


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
    from clew.words.catalogue import written

    exhibits = case.rows(view("exhibits").sql)
    ended = {n: written(sum(row[n] for row in exhibits))
             for n in ("processed", "skipped", "failed")}  # fmt: skip
    numbers = figures(case)
    rows = case.rows(view("lookup/amounts").sql)
    numbers |= {row["name"]: row["n"] for row in rows}
    plain = {name: numbers[name] for name in ("known", "known_gone")}
    found = {name: how_many(name, n) for name, n in numbers.items()} | plain | ended
    return [*(here(line, **found) for line in _FOUND), said_settled(settled(case))]


_FOUND = (
    "{exhibits} of {countries}",
    "{items} seen = {processed} processed + {skipped} skipped + {failed} failed",
    "{messages} (from {copies} on the devices), {calls}, {reactions}, {receipts}, {entries}",
    "{persons}, and {names} that could not be tied; {inferred_links}",
    "{groups}, {group_links}, {invitations}",
    "{shared_files}; {known} known, {known_gone} of them by a record only",
)


def _print(headline: list[str], scores: list[Score]) -> None:
    """What was found, and what of it is not as the truth has it; ``--json`` has every figure."""
    put(f"\n{here('Found')}")
    for line in headline:
        put(fitted(f"  {line}"))
    put(f"\n{here('Against the truth')}")
    certain = [s for s in scores if s.certain]
    right = sum(s.passed for s in certain)
    put(here("  {right} of {all} figures that can be certain are right", right=right,
             all=len(certain)))  # fmt: skip
    for s in scores:
        if not (s.certain and s.passed):
            detail = f" ({s.detail})" if s.detail else ""
            mark = "OFF" if s.certain else "~"
            put(fitted(f"  {mark} {s.name}: {s.found} of {s.expected}{detail}"))
