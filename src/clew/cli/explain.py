"""``clew explain``: lead from an id back to exhibit, file and row."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clew.cli.output import (
    allow_unmasking,
    case_argument,
    json_option,
    log_reading,
    masked,
    say,
    unmask_options,
    unmasked_id,
    write_json,
)

if TYPE_CHECKING:
    from clew.casefile import Case
    from clew.validation.rederive import Rederived

_FIGURE = "figure:"


@click.command(no_args_is_help=True)
@case_argument
@click.argument("id_", metavar="ID")
@click.option(
    "--derive", is_flag=True, help="Read the files and draw the conclusions again, and compare."
)
@unmask_options
@json_option
def explain(
    case: Path, id_: str, derive: bool, unmask: bool, reason: str | None, as_json: bool
) -> int:
    r"""Lead from any id of a table or report back to exhibit, file, hash and row.

    ID is an event, message, item, file hash, match, group, account, person (masked or not), call,
    invitation code, exhibit, search, hash set, source, or a figure of the report's first page such
    as figure:messages. What a figure counts is told with the query that lists it. With --derive all
    of it is derived again: exit code 3 if anything comes out otherwise, 1 if nothing can be.

    \b
    clew explain cases/op-17 whatsapp:120363000000000001@g.us
    clew explain cases/op-17 figure:messages
    """
    from clew.casefile import open_case
    from clew.errors import EvidenceError, UsageError
    from clew.validation import trace

    with open_case(case) as opened:
        shown = opened.masking().text(id_)
        if unmask:
            allow_unmasking(opened, reason, f"explain {shown}")
        log_reading(opened, f"explain {shown}", unmasked=unmask, reason=reason)
        wanted = unmasked_id(opened, id_)
        if wanted.startswith(_FIGURE):
            found = list(_figure(opened, wanted.removeprefix(_FIGURE)))
        else:
            found = [{"table": table, **row} for table, row in trace.found(opened, wanted)]
        if not found:
            raise UsageError(
                f"nothing in the case has the id {id_!r}",
                do="Copy an id from a table or from the report; after new evidence: clew run.",
            )
        again = list(_derived(opened, found)) if derive else []
        if not unmask:
            found = masked(found, opened.masking())
            again = masked(again, opened.masking())
    if as_json:
        write_json([*found, *again])
    else:
        for row in (*found, *again):
            _tell(row)
    if derive and not again:
        say("Nothing of this can be derived again: it was stated, and not read or concluded.")
        return 1
    return 0 if all(row["same"] for row in again) else EvidenceError.exit_code


def _figure(case: Case, name: str) -> Iterator[dict[str, Any]]:
    """A figure of the report's first page: the query behind it, and the tables that it reads."""
    import msgspec

    from clew.views import FIGURES, view

    figure = view(f"{FIGURES}/{name}")
    (found,) = case.rows(figure.sql)
    yield {
        "table": "figure", "figure": name, "question": figure.question, **found,
        "query": figure.sql,
    }  # fmt: skip
    for row in figure.reads:
        for out in case.outputs(row):
            yield {**msgspec.to_builtins(out), "of": row.table_name, "table": "file"}


def _derived(case: Case, found: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Contents, facts, findings and figures among what was found, derived again and compared."""
    import msgspec

    from clew.validation import rederive
    from clew.validation.trace import CONCLUDED

    figures = [row for row in found if row["table"] == "figure"]
    concluded = [row for row in found if row["table"] in CONCLUDED]
    for said in _read_again(case, found):
        yield {"table": "again", **msgspec.to_builtins(said)}
    if figures or concluded:
        with rederive.concluded_anew(case) as again:
            for row in figures:
                said = rederive.figure(case, again, row["figure"], row["value"], row["query"])
                yield {"table": "again", **msgspec.to_builtins(said)}
            for row in concluded:
                held = {k: v for k, v in row.items() if k != "table"}
                said = rederive.finding(again, row["table"], held)
                yield {"table": "again", **msgspec.to_builtins(said)}


def _read_again(case: Case, found: list[dict[str, Any]]) -> Iterator[Rederived]:
    """Contents and rows of every file among what was found."""
    from clew.sandbox import Guard
    from clew.validation import rederive

    guard = Guard(None, case.scratch)
    try:
        for item in (row for row in found if row["table"] == "items" and row["kind"] == "file"):
            yield rederive.content(case, item, guard)
            locators = {r["locator"] for r in found
                        if r.get("source_id") == item["sha256"] and r.get("locator")}  # fmt: skip
            if locators:
                yield from rederive.facts(case, item, locators, guard)
    finally:
        guard.close()


def _tell(row: dict[str, Any]) -> None:
    from clew.cli.output import printable

    click.echo(f"{row['table']}")
    for name, value in row.items():
        if value not in (None, "", [], ()) and name != "table":
            shown = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
            click.echo(f"    {name:22} {printable(shown)}")
