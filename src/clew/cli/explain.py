"""``clew explain``: lead from an id back to exhibit, file and row."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click
import msgspec

from clew.cli.language import here
from clew.cli.output import (
    Asked,
    reading_command,
    say,
    say_pending,
    screen_lines,
    screen_width_of,
    write_json,
)
from clew.cli.output import page as page_lines
from clew.cli.visible import printable
from clew.errors import Ending
from clew.words.reasons import worded

if TYPE_CHECKING:
    from clew.casefile import Case
    from clew.reading import Reading
    from clew.reading.check import Check
    from clew.reading.explain import Section
    from clew.validation.rederive import Rederived

GROUP = "Look"

_FIGURE = "figure:"
_WIDE = 71
_BRIEF, _FEW = 1, 2
"""Rows of each table on one screen, and where everything is shown."""
_LINES_BELOW, _LEAST_LINES = 8, 16
"""Lines for what stands below the rows, and the fewest of these."""
_FIRST = {"packages": ("partner_id", "handling", "tlp", "signer", "package_id")}
"""Columns that stand first where a row has one line: whose it is, and how it may be handled."""
_Row = dict[str, Any]


@click.command(no_args_is_help=True)
@reading_command
@click.argument("id_", metavar="ID")
@click.option("--all", "every", is_flag=True, help="Every table, not what fits a screen alone.")
@click.option("--limit", type=click.IntRange(0), help="Rows of each table; 0 for all.")
@click.option("--page", type=click.IntRange(1), default=1, help="Of the rows that name it.")
@click.option("--table", "only", metavar="TABLE", help="Rows of this table alone.")
@click.option(
    "--derive", is_flag=True, help="Read the files and draw the conclusions again, and compare."
)
def explain(
    asked: Asked, id_: str, limit: int | None, page: int, only: str | None, derive: bool,
    every: bool,
) -> int:  # fmt: skip
    r"""Lead from any id of a table or report back to exhibit, file, hash and row.

    ID is any identifier of any table, masked or not, or the beginning of one: an event, message,
    item, file hash, match, group, account, person, number, call, invitation code, exhibit, search,
    hash set or source. A figure of the report's first page is asked for as figure:messages, and
    has the query that counts it. With --derive what is shown is derived again: exit code 3 if
    anything comes out otherwise, 1 if nothing can be. Below stands how the file can be checked
    without Clew: its SHA-256, and a command that prints what stands in the row.

    \b
    clew explain cases/op-17 group-1a2b3c4d
    clew explain cases/op-17 group-1a2b3c4d --table merged_messages --limit 50 --page 2
    clew explain cases/op-17 figure:messages
    """
    brief = not (every or derive or only or asked.as_json) and limit is None
    few = (_BRIEF if brief else _FEW) if limit is None else limit
    proofs: list[Check] = []
    with asked.reading("explain", id_) as reading:
        if id_.startswith(_FIGURE):
            found = rows_shown = list(_figure(reading, id_.removeprefix(_FIGURE)))
            lines = [line for row in rows_shown for line in _block(row)]
        else:
            sections = _sections(reading, id_, few, page, only)
            found = [{"table": s.table.table_name, **row} for s in sections for row in s.rows]
            shown = [(s, _shown_rows(reading, s)) for s in sections]
            named = reading.masking.text(id_) if reading.masked else id_
            rows_shown = [row for s, rows in shown for row in _records(s, rows, named)]
            proofs = _proofs(reading, found)
            lines = list(_lines(shown, named))
            lines = _on_a_screen(lines, shown, named) if brief else lines
            _say_behind(reading, sections)
        again = [_shown(reading, row) for row in _derived(reading.case, found)] if derive else []
    if asked.as_json:
        checked = [{"table": "check", **msgspec.to_builtins(one)} for one in proofs]
        write_json([*rows_shown, *checked, *again])
    else:
        proved = [line for one in proofs for line in _proof(one)]
        page_lines([*lines, *proved, *(line for row in again for line in _block(row))])
    if derive and not again:
        say("Nothing of this can be derived again: it was stated, and not read or concluded.")
        return Ending.NEEDS_A_LOOK
    return Ending.damage(not all(row["same"] for row in again))


def _on_a_screen(
    lines: list[str], shown: Sequence[tuple[Section, list[_Row]]], named: str
) -> list[str]:
    """As many lines as a screen has room for, and the tables that are left."""
    width = screen_width_of()
    room = max(_LEAST_LINES, screen_lines() - _LINES_BELOW)
    kept = [line if len(line) <= width else f"{line[: width - 1]}\u2026" for line in lines[:room]]
    if len(lines) <= room:
        return kept
    seen = {line.split(" ", 1)[0] for line in kept}
    totals: Counter[str] = Counter()
    for section, rows in shown:
        if rows and (table := section.table.table_name) not in seen:
            totals[table] += section.total
    rest = [f"{table} {total}" for table, total in totals.items()]
    more = here(
        "{tables}: clew explain CASE {id} --all", tables=", ".join(rest) or "\u2026", id=named
    )
    return [*kept, *textwrap.wrap(f"{here('Further rows:')} {more}", width, subsequent_indent="  ")]


def _say_behind(reading: Reading, sections: Iterable[Section]) -> None:
    """Say so where what is shown rests on steps that are still to do."""
    from clew import pipeline
    from clew.schema import Home
    from clew.views import whole

    concluded = [s.table for s in sections if s.table.home is Home.FINDINGS]
    if any(pipeline.is_behind(reading.case, whole(row).sql) for row in concluded):
        say_pending(reading.case)


def _proofs(reading: Reading, found: list[_Row]) -> list[Check]:
    from clew.reading.check import checks

    return checks(reading, found)


def _proof(one: Check) -> Iterator[str]:
    """How a row can be checked without Clew; the command is one line, to be copied."""
    head = here("Check it without Clew: {file}, {locator}", file=one.file, locator=one.locator)
    yield from textwrap.wrap(printable(head), screen_width_of(), subsequent_indent="    ")
    yield f"    SHA-256 {one.sha256}"
    yield f"    {one.command}"


def _sections(reading: Reading, id_: str, limit: int, page: int, only: str | None) -> list[Section]:
    """What the case has of an identifier."""
    from clew.errors import UsageError
    from clew.reading.explain import Explanation, Paging
    from clew.schema import tables

    if only is not None and only not in tables():
        raise UsageError(f"there is no table {only!r}", do="See the tables with: clew steps")
    for wanted in _meant(reading, id_):
        explanation = Explanation(reading, wanted, Paging(limit, page))
        sections = list(explanation.of_table(tables()[only]) if only else explanation.sections())
        if sections:
            break
    else:
        raise UsageError(
            f"nothing in the case has the id {id_!r}",
            do="Copy an id from a table or from the report; after new evidence: clew run.",
        )
    return sections


def _meant(reading: Reading, id_: str) -> Iterator[str]:
    """What is written, if it is an identifier; else what it is the beginning or a pseudonym of."""
    from clew.reading.resolve import PSEUDONYM

    if not PSEUDONYM.fullmatch(id_):
        yield id_
    if (resolved := reading.resolve(id_)) != id_:
        yield resolved


def _shown_rows(reading: Reading, section: Section) -> list[_Row]:
    """Rows of a section as they are shown, each with what its codes and figures say in words."""
    from clew.schema import columns

    types = {column.name: column for column in columns(section.table)}
    return worded(reading.shown(section.rows, types), section.table.table_name)


def _records(section: Section, rows: list[_Row], named: str) -> Iterator[_Row]:
    """Rows of a section, and how many there are where that is more."""
    name = section.table.table_name
    yield from ({"table": name, **row} for row in rows)
    if section.total > len(section.every):
        yield {
            "table": "count", "of": name, "rows": section.total,
            "command": f"clew explain CASE {named} --table {name} --limit 0",
        }  # fmt: skip


def _figure(reading: Reading, name: str) -> Iterator[_Row]:
    """A figure of the report's first page: the query behind it, and the tables that it reads."""
    from clew.views import FIGURES, view

    figure = view(f"{FIGURES}/{name}")
    (found,) = reading.rows(figure.sql)
    yield {
        "table": "figure", "figure": name, "question": figure.question, **found,
        "query": figure.sql,
    }  # fmt: skip
    for row in figure.reads:
        for out in reading.case.outputs(row):
            yield {**msgspec.to_builtins(out), "of": row.table_name, "table": "file"}


def _derived(case: Case, found: list[_Row]) -> Iterator[Rederived]:
    """Contents, facts, findings and figures among what was found, derived again and compared."""
    from clew.schema import Home, tables
    from clew.validation import rederive

    yield from rederive.contents(case, found)
    findings = {name for name, row in tables().items() if row.home is Home.FINDINGS}
    concluded = [row for row in found if row["table"] in findings | {"figure"}]
    if concluded:
        with rederive.concluded_anew(case) as again:
            for row in concluded:
                if row["table"] == "figure":
                    yield rederive.figure(case, again, row)
                else:
                    yield rederive.finding(again, row)


def _shown(reading: Reading, again: Rederived) -> _Row:
    """What came of deriving something again, as it is shown."""
    row = {"table": "again", **msgspec.to_builtins(again)}
    return row | {"location": reading.masking.text(again.location)} if reading.masked else row


def _lines(shown: Iterable[tuple[Section, list[_Row]]], named: str) -> Iterator[str]:
    """The first row in full, the others on a line each with how many there are; no folders."""
    more = False
    for number, (section, rows) in enumerate(shown):
        name = section.table.table_name
        more |= section.total > len(section.every)
        if number == 0 and rows:
            yield from _block({"table": name, **rows.pop(0)})
        for nth, row in enumerate(row for row in rows if row.get("kind") != "directory"):
            head = f"{name:20} {section.total:6}" if nth == 0 else f"{'':27}"
            yield f"{head}  {_brief(row, name)}"
    if more:
        yield here("All rows of a table: clew explain CASE {id} --table TABLE --limit 0", id=named)


def _brief(row: _Row, table: str) -> str:
    """A row on a line: what it says, if it says something, and else as many columns as fit."""
    row = {name: row[name] for name in _FIRST.get(table, ()) if name in row} | row
    cells = [f"{name}={value}" for name, value in _cells(row) if name != "source_id"]
    if reason := row.get("reason"):
        return printable(f"{cells[0]}  {reason}")
    line = printable("  ".join(cells))
    return line if len(line) <= _WIDE else f"{line[: _WIDE - 1]}\u2026"


def _block(row: _Row) -> Iterator[str]:
    """A row in full, a line for each column that is not empty."""
    yield row["table"]
    yield from (f"    {here(name):22} {printable(value)}" for name, value in _cells(row))


def _cells(row: _Row) -> Iterator[tuple[str, str]]:
    for name, value in row.items():
        if value not in (None, "", [], ()) and name != "table":
            yield name, ", ".join(map(str, value)) if isinstance(value, list) else str(value)
