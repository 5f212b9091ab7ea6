"""``clew query``: ask the tables in SQL."""

import click

from clew.cli.output import Asked, reading_command, say

GROUP = "Look"


@click.command(no_args_is_help=True, context_settings={"ignore_unknown_options": True})
@reading_command
@click.argument("sql", metavar="SQL")
def query(asked: Asked, sql: str) -> None:
    r"""Ask the tables in SQL; see docs/tables.md for what is in them.

    People are masked before the query sees a value: conditions, too, work on pseudonyms, and names
    and places are withheld, unless --unmask.

    \b
    clew query cases/op-17 "select kind, count(*) from messages group by kind order by 2 desc"
    """
    from clew.reading.statement import logged

    with asked.reading(logged(sql), sql) as reading:
        rows = reading.query(sql)
    asked.write(rows)
    if not asked.unmask:
        say("People are masked; --unmask --reason REASON shows who they are, and is logged.")
