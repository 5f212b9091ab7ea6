"""``clew show``: groups, persons, files, matches, invites and more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from clew.cli import completing
from clew.cli.language import here
from clew.cli.listing import Listing, listing_options
from clew.cli.narrowing import narrowing_options
from clew.cli.output import (
    Asked,
    how_many,
    page,
    reading_command,
    say,
    say_pending,
    screen_width_of,
    write_json,
)
from clew.cli.tables import contents

if TYPE_CHECKING:
    from clew.reading import Reading
    from clew.views import View
    from clew.views.narrowing import Narrowing

GROUP = "Look"


@click.command(no_args_is_help=True)
@reading_command
@click.argument("what", metavar="[LIST]", required=False, shell_complete=completing.lists)
@click.option("--link", help="With invites: who posted this link or code, where and when.")
@click.option(
    "--onward", is_flag=True, help="With --link: the groups and links reached from it, by steps."
)
@narrowing_options
@listing_options
def show(
    asked: Asked, what: str | None, link: str | None, onward: bool, listing: Listing,
    **narrow: str | None,
) -> None:  # fmt: skip
    r"""Show one list, or without LIST what can be shown, with the question that each answers.

    A list is narrowed to a person, a group or a time by whichever of its columns hold them. To a
    file goes nothing that others sent under a code which bars passing it on.

    \b
    clew show cases/op-17
    clew show cases/op-17 groups --sort -messages --columns subject,members,messages
    clew show cases/op-17 persons --where country=PT --where 'groups>=3' --xlsx persons.xlsx
    clew show cases/op-17 invites --json --limit 0
    clew show cases/op-17 invites --link https://chat.whatsapp.com/CODE --onward
    clew show cases/op-17 timeline --person person-1a2b3c4d --since 2025-03-01 --until 2025-03-31
    """
    from clew import pipeline, views
    from clew.cli.narrowing import narrowed, scope_of

    if what is None:
        _contents(as_json=asked.as_json)
        return
    _check(what, link, onward=onward)
    view = views.view(what)
    about = (link, narrow["person"], narrow["group"], *listing.where)
    scope = scope_of(narrow.pop("country"), narrow.pop("exhibit"))
    what = f"show {view.name}"
    with asked.reading(what, *about, scope=scope) as reading, listing.over(reading.case):
        narrowing = narrowed(reading, **narrow)
        given: dict[str, list[str]] = {}
        if link:
            view, narrowing, given = _of_link(link, narrowing, onward=onward)
        shown = listing.of(asked, reading, view.name, narrowing, **given)
        headlines = _headlines(reading, view)
        if not (shown.rows or shown.written) or pipeline.is_behind(reading.case, view.sql):
            say_pending(reading.case)
    listing.write(asked, shown)
    if link and not shown.total and not shown.written:
        headlines = ["This link is nowhere in what was read; clew status says what was not read."]
    for line in headlines:
        say(line)
    if not asked.unmask and view.name not in ("exhibits", "sets"):
        say("People are masked; --unmask --reason REASON shows who they are, and is logged.")


def _check(what: str, link: str | None, *, onward: bool) -> None:
    """Refuse options that do not go with the list asked for."""
    from clew.errors import UsageError

    if (what != "invites" and (link or onward)) or (onward and not link):
        raise UsageError(
            "--link goes with invites, and --onward with --link",
            do="Say, for instance: clew show CASE invites --link URL --onward",
        )


def _contents(*, as_json: bool) -> None:
    """What can be shown, and the question that each list answers."""
    from clew import views

    every = [views.view(name) for name in views.names()]
    if as_json:
        write_json({"list": v.name, "title": v.title, "question": v.question} for v in every)
        return
    page([*contents(((v.name, here(v.question)) for v in every), screen_width_of())])


def _headlines(reading: Reading, view: View) -> list[str]:
    """What stands under a list as a whole."""
    from clew.report.figures import said_settled, settled

    if reading.disclosure.scope:
        return []
    if view.name == "files":
        return [said_settled(settled(reading))]
    return [
        f"{row['kind']} sets, {row['tier']}: {how_many('files', row['files'])} in "
        f"{how_many('rows', row['matches'])}"
        for row in (reading.view("match-tiers").rows if view.name == "matches" else ())
    ]


def _of_link(
    link: str, narrowing: Narrowing, *, onward: bool
) -> tuple[View, Narrowing, dict[str, list[str]]]:
    """The view for one link, however it is written, or for a bare code, and its parameters."""
    import msgspec

    from clew import views
    from clew.facts.text import invite_links

    codes = tuple(found.code for found in invite_links(link)) or (link.strip(),)
    if onward:
        return views.view("onward"), narrowing, {"codes": list(codes)}
    narrowing = msgspec.structs.replace(narrowing, values={"code": codes})
    return views.view("postings"), narrowing, {}
