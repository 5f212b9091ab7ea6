"""``clew query``: ask the tables in SQL."""

from pathlib import Path

import click

from clew.cli.output import (
    case_argument,
    json_option,
    reading_of,
    say,
    unmask_options,
    write_json,
    write_table,
)

GROUP = "Show"


@click.command(no_args_is_help=True, context_settings={"ignore_unknown_options": True})
@case_argument
@click.argument("sql", metavar="SQL")
@unmask_options
@json_option
def query(case: Path, sql: str, unmask: bool, reason: str | None, as_json: bool) -> None:
    r"""Ask the tables in SQL; see docs/tables.md for what is in them.

    People are masked before the query sees a value: conditions, too, work on pseudonyms, and names
    and places are withheld, unless --unmask.

    \b
    clew query cases/op-17 "select kind, count(*) from messages group by kind order by 2 desc"
    """
    from clew.reading.statement import logged

    with reading_of(case, logged(sql), sql, unmask=unmask, reason=reason) as reading:
        rows = reading.query(sql)
    write_json(rows) if as_json else write_table(rows)
    if not unmask:
        say("People are masked; --unmask --reason REASON shows who they are, and is logged.")
