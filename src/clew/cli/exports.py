"""``clew exports``: which conversation each text export is of, and an analyst's judgement of it."""

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
@click.argument("export", metavar="[EXPORT]", required=False)
@click.option("--of", "group", help="Judge that EXPORT is of this group: its id or pseudonym.")
@click.option("--alone", is_flag=True, help="Judge that EXPORT is of no group that databases have.")
@by_option
def exports(
    asked: Asked, export: str | None, group: str | None, alone: bool, by: str | None
) -> None:
    r"""List which group each text export is taken for, with the votes, or judge which it is of.

    An export is taken for a group where messages that both have say so. A judgement needs --of or
    --alone, and --reason; it outranks the votes and is undone with clew undo. Groups, persons and
    whatever counts them follow it after the next run.

    \b
    clew exports cases/op-17
    clew exports cases/op-17 group-1a2b3c4d --alone --reason "another group"
    """
    from clew.errors import UsageError
    from clew.views.narrowing import Narrowing

    if bool(group) + alone > 1 or ((group or alone) and not export):
        raise UsageError(
            "a judgement is of one export, with --of or --alone",
            do="Say, for instance: clew exports CASE EXPORT --of GROUP --reason REASON",
        )
    if export and (group or alone):
        _judge(asked, export, group, by)
        return
    with asked.reading("exports", export) as reading:
        wanted = (_chat(reading.case, export),) if export else ()
        narrowing = Narrowing(values={"export_chat": wanted} if wanted else {})
        rows = reading.view("exports", narrowing, limit=0).rows
    asked.write(rows, "exports", none="There is no message of a text export.")


def _judge(asked: Asked, export: str, group: str | None, by: str | None) -> None:
    from clew.casefile import open_case
    from clew.judgements import decisions

    with open_case(asked.case) as case:
        exported = _chat(case, export)
        chat = _chat(case, group) if group else None
        judged = decisions.export(case, exported, chat, decides(case, by), asked.reason or "")
    if asked.as_json:
        write_json([{"number": judged.number}])
    say("judgement {number} is in the ledger", number=judged.number)
    say("Findings follow it after: clew run {case}", case=asked.case)


def _chat(case: Case, named: str) -> str:
    """Id of the one conversation that is named."""
    from clew.errors import UsageError
    from clew.reading.resolve import resolve
    from clew.views import view

    wanted = resolve(case, named, masked=True)
    found = case.rows(view("lookup/chats").sql, id=wanted)
    if not found:
        raise UsageError(
            f"{named!r} is no conversation of the case",
            do="Copy one from: clew exports CASE, or clew show CASE groups",
        )
    return str(found[0]["chat_id"])
