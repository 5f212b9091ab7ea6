"""``clew group``: a group on one screen: members, succession, invitations, files."""

from __future__ import annotations

import click

from clew.cli.cards import show_card
from clew.cli.output import Asked, reading_command, say, say_next

GROUP = "Look"


@click.command(no_args_is_help=True)
@reading_command
@click.argument("which", metavar="GROUP")
def group(asked: Asked, which: str) -> None:
    r"""Show a group on one screen: members with periods, what it follows, invitations and files.

    GROUP is a group's id or pseudonym, the beginning of one, or its whole title.

    \b
    clew group cases/op-17 group-1a2b3c4d
    """
    from clew.cli.narrowing import chats
    from clew.errors import UsageError

    with asked.reading("group", which) as reading:
        ids = chats(reading, which)
        if len(ids) > 1:
            shown = ", ".join(map(reading.masking.group, ids) if reading.masked else ids)
            raise UsageError(
                f"{len(ids)} groups have that title: {shown}", do="Name one by its id."
            )
        show_card(asked, reading, "group", ids)
        named = reading.masking.group(ids[0]) if reading.masked else ids[0]
    say_next("explain {case} {id}", case=asked.case, id=named)
    if not asked.unmask:
        say("People are masked; --unmask --reason REASON shows who they are, and is logged.")
