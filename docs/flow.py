"""Draws the flow: every step in order, what it writes, and an arc from each step to those it feeds.

The drawing is made from ``steps.STEPS`` alone, so it can't say anything that the code does not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from xml.sax.saxutils import escape

from clew.casefile.step import Step
from clew.steps import STEPS

LINE = 15
"""Pixels between lines of text."""
PAD = 9
ARCS = 200
"""Width of the margin for arcs."""
NAMES, TABLES, WIDTH = ARCS + 110, ARCS + 270, 1060
PER_LINE = 84
"""Characters of a line of table names."""
STAGES = {
    "evidence": ("1 evidence: taking items in", "#8a5a00"),
    "judgements": ("what people decide", "#7a3b69"),
    "facts": ("2 facts: what the evidence says", "#1d5c8a"),
    "findings": ("3 findings: what follows", "#2d6a3e"),
    "exchange": ("4 exchange: what others sent", "#5a4a1f"),
}
"""Title and colour of each stage."""


def drawing() -> str:
    """The flow as SVG."""
    tops, height = _tops()
    body = [*_bands(tops, height), *_arcs(tops), *_steps(tops)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'font-family="sans-serif" font-size="12">\n<title>The steps of Clew, what each writes, '
        f"and which steps read it</title>\n"
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>\n' + "\n".join(body) + "\n</svg>"
    )


def stage(step: Step) -> str:
    """Room of a step; one that is SQL alone is a finding."""
    if isinstance(step.makes, Mapping):
        return "findings"
    room = step.makes.__module__.split(".")[1]
    return "evidence" if step.command == "clew hashset add" else room


def feeds() -> Iterator[tuple[str, str, int]]:
    """Pairs of steps of which the first writes tables that the second reads, and how many."""
    for later in STEPS:
        for earlier in STEPS:
            common = {*earlier.writes} & {*later.reads}
            if common and earlier is not later:
                yield earlier.name, later.name, len(common)


def _lines(step: Step) -> list[str]:
    """Names of the tables of a step, broken into lines."""
    lines = [""]
    for row in step.writes:
        if len(lines[-1]) + len(row.table_name) > PER_LINE:
            lines.append("")
        lines[-1] += ("  " if lines[-1] else "") + row.table_name
    return lines


def _tops() -> tuple[dict[str, int], int]:
    """Where each step begins, and the height of the drawing."""
    tops, y = {}, 0
    for _, steps in groupby(STEPS, key=stage):
        y += 2 * LINE
        for step in steps:
            tops[step.name] = y
            y += LINE * len(_lines(step)) + PAD
    return tops, y + PAD


def _bands(tops: dict[str, int], height: int) -> Iterator[str]:
    """A band for each stage, with its title."""
    runs = [(name, next(steps).name) for name, steps in groupby(STEPS, key=stage)]
    starts = [tops[first] - 2 * LINE for _, first in runs]
    for (name, _), top, end in zip(runs, starts, [*starts[1:], height], strict=True):
        title, colour = STAGES[name]
        yield (
            f'<rect x="{ARCS}" y="{top + 4}" width="{WIDTH - ARCS - 8}" height="{end - top - 6}" '
            f'fill="{colour}" fill-opacity="0.07"/>'
        )
        yield (
            f'<text x="{ARCS + 8}" y="{top + 18}" font-weight="bold" fill="{colour}">'
            f"{escape(title)}</text>"
        )


def _arcs(tops: dict[str, int]) -> Iterator[str]:
    """From each step to those that read what it writes; the further apart, the wider."""
    rank = {name: n for n, name in enumerate(tops)}
    colours = {step.name: STAGES[stage(step)][1] for step in STEPS}
    for earlier, later, tables in feeds():
        start, end = tops[earlier] + LINE - 4, tops[later] + LINE - 4
        reach = (
            ARCS - 6 - 1.25 * (ARCS - 20) * (abs(rank[later] - rank[earlier]) / len(rank)) ** 0.7
        )
        yield (
            f'<path d="M{ARCS - 2} {start}C{reach:.0f} {start} {reach:.0f} {end} {ARCS - 2} {end}" '
            f'fill="none" stroke="{colours[earlier]}" stroke-opacity="0.5" '
            f'stroke-width="{0.6 + 0.3 * tables:.1f}"/>'
        )


def _steps(tops: dict[str, int]) -> Iterator[str]:
    """Each step with its command and the tables that it writes."""
    for step in STEPS:
        top, (_, colour) = tops[step.name], STAGES[stage(step)]
        yield f'<circle cx="{ARCS}" cy="{top + LINE - 4}" r="3" fill="{colour}"/>'
        command = "" if step.command == "clew run" else step.command
        yield f'<text x="{ARCS + 10}" y="{top + LINE}" fill="#111">{escape(step.name)}</text>'
        if command:
            yield (
                f'<text x="{TABLES - 10}" y="{top + LINE}" text-anchor="end" font-size="9" '
                f'fill="#555">{escape(command.removesuffix(" MODEL"))}</text>'
            )
        for n, line in enumerate(_lines(step), start=1):
            yield (
                f'<text x="{TABLES}" y="{top + n * LINE}" font-size="11" fill="#333" '
                f'xml:space="preserve">{escape(line)}</text>'
            )
