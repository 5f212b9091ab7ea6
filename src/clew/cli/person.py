"""``clew person``: a person on one screen: accounts, devices, groups, files, ties."""

from __future__ import annotations

import click

from clew.cli.cards import show_card
from clew.cli.output import Asked, reading_command, say, say_next

GROUP = "Look"


@click.command(no_args_is_help=True)
@reading_command
@click.argument("who", metavar="PERSON")
def person(asked: Asked, who: str) -> None:
    r"""Show a person on one screen: accounts, names, devices, groups, files, ties and what is done.

    PERSON is a person's or account's id, a number or a pseudonym, or the beginning of one.

    \b
    clew person cases/op-17 person-1a2b3c4d
    """
    from clew.cli.narrowing import persons

    with asked.reading("person", who) as reading:
        found = persons(reading, who)
        ids = [row["person_id"] for row in found]
        show_card(asked, reading, "person", sorted(set(ids)))
        named = reading.masking.of(ids[0]) if reading.masked else ids[0]
    say_next("explain {case} {id}", case=asked.case, id=named)
    if not asked.unmask:
        say("People are masked; --unmask --reason REASON shows who they are, and is logged.")
