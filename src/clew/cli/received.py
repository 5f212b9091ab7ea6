"""``clew received``: packages of other agencies that the case has, and what they brought."""

from __future__ import annotations

import click

from clew.cli.output import Asked, reading_command, say_pending

GROUP = "Look"
_LISTS = {"packages": "received", "tables": "received-tables", "coverage": "received-coverage",
          "resting": "resting", "judgements": "received-judgements",
          "conflicts": "judgement-conflicts"}  # fmt: skip
_CONCLUDED = ("resting",)
"""Lists that rest on conclusions: before they are drawn nothing rests on anything."""


@click.command(no_args_is_help=True)
@reading_command
@click.argument("what", required=False, default="packages", type=click.Choice(tuple(_LISTS)))
def received(asked: Asked, what: str) -> None:
    r"""List packages that were received: of whom, of which case, how they may be used.

    WHAT is packages; tables, for the rows that each brought; coverage, for what each lacks by the
    sender's word; resting, for how much that was found rests on each, and on it alone; judgements,
    for what people of the senders decided, which are theirs and enter no finding; conflicts, for
    judgements that contradict each other, yours and theirs.

    \b
    clew received cases/op-17
    clew received cases/op-17 judgements
    """
    with asked.reading(f"received {what}") as reading:
        rows = reading.view(_LISTS[what], limit=0).rows
        if what in _CONCLUDED:
            say_pending(reading.case)
    asked.write(rows, _LISTS[what])
