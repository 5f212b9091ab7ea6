"""``clew dates``: in which order text exports write day and month, and an analyst's judgement."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from clew.cli.options import by_option
from clew.cli.output import Asked, reading_command, say, write_json
from clew.cli.signing import decides

if TYPE_CHECKING:
    from clew.casefile import Case

GROUP = "Judge"


@click.command(no_args_is_help=True)
@reading_command
@click.argument("source", metavar="[SOURCE]", required=False)
@click.option(
    "--order", type=click.Choice(("DMY", "MDY", "YMD")),
    help="Judge that SOURCE writes day, month, year; month, day, year; or year, month, day.",
)  # fmt: skip
@by_option
def dates(asked: Asked, source: str | None, order: str | None, by: str | None) -> None:
    r"""List text exports whose dates can be read in two orders, or judge in which one is written.

    Listed are the exports of which no date alone proves the order, what speaks for each order and
    how much, and what was decided; open ones stand first. SOURCE is the SHA-256 of an export or its
    beginning, the id of its item, or its path. A judgement needs --order and --reason, stands in
    the signed log, and is undone with clew undo; dates follow it after the next run.

    \b
    clew dates cases/op-17
    clew dates cases/op-17 4f1c0a92 --order DMY --reason "Spanish phone, see its settings"
    """
    from clew.errors import UsageError

    if order and source:
        _judge(asked, source, order, by)
        return
    if order:
        raise UsageError("a judgement needs its export", do="Name it: clew dates CASE SOURCE")
    with asked.reading("dates", source) as reading:
        wanted = _source(reading.case, source) if source else None
        rows = reading.view("dates", limit=0).rows
    asked.write(
        [row for row in rows if wanted in (None, row["source_id"])], "dates",
        none="There is no text export whose dates could be read in two orders.",
    )  # fmt: skip


def _judge(asked: Asked, source: str, order: str, by: str | None) -> None:
    from clew.casefile import open_case
    from clew.judgements import decisions
    from clew.records import DateOrder

    with open_case(asked.case) as case:
        wanted = _source(case, source)
        judged = decisions.date(
            case, wanted, DateOrder(order), decides(case, by), asked.reason or ""
        )
    if asked.as_json:
        write_json([{"number": judged.number, "source_id": wanted, "date_order": order}])
    say("judgement {number}: {source} is read as {order}", number=judged.number, source=source,
        order=order)  # fmt: skip
    say("Dates follow it after: clew run {case}", case=asked.case)


def _source(case: Case, source: str) -> str:
    """SHA-256 of the one export that is named."""
    from clew.errors import UsageError
    from clew.views import view

    found = case.rows(view("lookup/exports").sql, source=source)
    if len(found) != 1:
        raise UsageError(
            f"{source!r} names {len(found)} text exports whose dates could be read in two orders",
            do="Copy the SHA-256 of one from: clew dates CASE",
        )
    return str(found[0]["source_id"])
