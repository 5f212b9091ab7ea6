"""``clew steps``: show the flow: every step with its tables."""

import click

from clew.cli.output import json_option, write_json
from clew.cli.visible import put

GROUP = "Read and conclude"


@click.command()
@json_option
def steps(as_json: bool) -> None:
    r"""Show every step, in order, and the tables that it reads and writes.

    \b
    clew steps
    """
    from clew.steps import STEPS, describe

    if as_json:
        write_json(
            [
                {
                    "step": step.name,
                    "command": step.command,
                    "reads": [row.table_name for row in step.reads],
                    "writes": [row.table_name for row in step.writes],
                }
                for step in STEPS
            ]
        )
        return
    for line in describe():
        put(line)
