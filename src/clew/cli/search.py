"""``clew search``: find messages by words, with what stands beside them."""

from __future__ import annotations

from functools import partial

import click

from clew.cli.listing import copied
from clew.cli.narrowing import narrowing_options
from clew.cli.output import (
    Asked,
    reading_command,
    say,
    say_pending,
    screen_width_of,
    write_json,
    write_rows,
)
from clew.cli.tables import Layout, types_of

GROUP = "Look"


@click.command(no_args_is_help=True)
@reading_command
@click.argument("words", metavar="WORDS...", nargs=-1, required=True)
@click.option("--context", type=click.IntRange(0), default=0, help="Messages before and after.")
@click.option("--limit", type=click.IntRange(0), default=50, help="Messages found; 0 for all.")
@click.option("--wide", is_flag=True, help="Every column in full, however wide the lines.")
@partial(narrowing_options, by_country=False)
def search(
    asked: Asked, words: tuple[str, ...], context: int, limit: int, *, wide: bool,
    **narrow: str | None,
) -> None:  # fmt: skip
    r"""Find the messages in which every word stands, whatever its case and accents.

    A word is found where a word begins so; words in quotes stand together as a phrase; Chinese,
    Japanese, Korean and Thai are found inside a text too. Whoever is masked searches texts as they
    are shown: a number or name that is masked is not found, its pseudonym is.

    \b
    clew search cases/op-17 malaga
    clew search cases/op-17 "send it tonight" --group group-1a2b3c4d --context 3
    clew search cases/op-17 \u56fe\u7247 --person person-5e6f7081 --from 2025-03-01 --to 2025-03-31
    """
    from clew import pipeline
    from clew.cli.narrowing import narrowed, scope_of
    from clew.reading.search import search as find
    from clew.views import view

    about = (*words, narrow["person"], narrow["group"])
    scope = scope_of(None, narrow.pop("exhibit"))
    with asked.reading("search", *about, scope=scope) as reading:
        found = find(reading, words, narrowed(reading, **narrow), limit=limit, context=context)
        if not found.hits or pipeline.is_behind(reading.case, view("messages").sql):
            say_pending(reading.case)
        rows = found.page.rows
        listed = view("lookup/beside" if context else "lookup/found")
        short = {} if wide or asked.as_json else reading.short(copied(listed, rows))
    if context:
        rows = [{"hit": row["event_id"] in found.hits, **row} for row in rows]
    if asked.as_json:
        write_json(rows)
    else:
        marked = [{**row, "hit": ">" if row["hit"] else ""} if context else row for row in rows]
        types = types_of(listed, rows[0] if rows else ())
        first = (*(("hit",) if context else ()), *listed.header.first)
        write_rows(marked, Layout(screen_width_of(), wide, types, first, short), "(nothing found)",
                   more="--wide shows every column.")  # fmt: skip
    if limit and len(found.hits) < found.page.total:
        say("{count} of {total} shown; --limit 0 shows all.", count=len(found.hits),
            total=found.page.total)  # fmt: skip
    if not asked.unmask:
        say("Searched as shown: who is masked is not found by name or number.")
