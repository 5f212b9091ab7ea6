"""``clew board``: searches, register of seizures, arrests: state, import, merge, show, export."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import msgspec

from clew.cli.board_import import import_
from clew.cli.board_pages import compare, export, sheet
from clew.cli.boarding import (
    board_argument,
    needs_unmasking,
    opened_board,
    said_by_option,
    say_gaps,
    write_rows,
)
from clew.cli.options import by_option
from clew.cli.output import case_argument, json_option, say, unmask_options, write_json
from clew.cli.signing import decides
from clew.errors import Ending

GROUP = "Judge"
_LISTS = (
    "country",
    "search",
    "day",
    "exhibit",
    "unread",
    "move",
    "person",
    "figure",
    "gap",
    "desk",
)


@click.group(no_args_is_help=True)
def board() -> None:
    r"""State what happens in an operation, merge what sites state, and see what follows from it.

    CASE is a case, or the folder of a site that works without one.

    \b
    clew board site MAD
    clew board say MAD "person ES-P-01" arrested --by MAD-1
    clew board merge cases/op-17 MAD/MAD.jsonl
    clew board show cases/op-17 --by country
    """


for _part in (import_, compare, export, sheet):
    board.add_command(_part)


@board.command(name="say", no_args_is_help=True)
@board_argument
@click.argument("about")
@click.argument("says")
@click.option("--at", "happened_at", help="When it happened: 2017-03-28, 2017-03-28T06:10Z.")
@click.option("--country", help="Country of the act, in two letters.")
@click.option("--place", help="Where.")
@click.option("--heard-from", help="From whom it was heard; left out: seen or done here.")
@click.option("--with", "values", multiple=True, metavar="NAME=VALUE", help="A particular.")
@click.option("--withdraws", multiple=True, type=int, help="Number of an own statement.")
@click.option("--clock", "clock_note", help="What is to be known of this clock.")
@said_by_option
@click.option("--reason", default="", help="Why.")
@json_option
def say_(
    board: Path, about: str, says: str, values: tuple[str, ...], withdraws: tuple[int, ...],
    by: str | None, reason: str, as_json: bool, **given: Any,
) -> None:  # fmt: skip
    r"""State one thing: ABOUT is a kind and a code, SAYS what is stated of it.

    Kinds are search, exhibit (as search/number), person, victim and operation. Persons have codes
    and never names. A statement is never changed; a later one withdraws it.

    \b
    clew board say cases/op-17 "search ES-S-01" entered --at 2017-03-28T05:58Z --country ES
    clew board say cases/op-17 "exhibit ES-S-01/7" seized --with kind=phone --with seal=SC-4001
    clew board say cases/op-17 "person ES-P-02" withdrawn --withdraws 4 --reason "wrong person"
    """
    from clew.operation.saying import check_withdrawn, stated

    said = stated(about, says, values, {**given, "withdraws": withdraws, "reason": reason})
    with opened_board(board, "board say") as opened:
        check_withdrawn(said, [one for one in opened.statements if one.site == opened.site])
        (made,) = opened.state([said], by, reason)
    if as_json:
        write_json([{"site": made.site, "seq": made.seq, "statement_id": made.statement_id}])
    say("statement {seq} of {site}: {about} {reference}, {says}", seq=made.seq, site=made.site,
        about=made.about.value, reference=made.reference, says=made.says)  # fmt: skip


@board.command(no_args_is_help=True)
@board_argument
@click.option("--by", "by_what", type=click.Choice(_LISTS), default="country",
              help="What there is a row for.")  # fmt: skip
@unmask_options("Show places and names; needs --reason.")
@json_option
def show(board: Path, by_what: str, unmask: bool, reason: str | None, as_json: bool) -> Ending:
    r"""Show what follows from all statements, by country, search, day, exhibit, person and so on.

    Exit code 1 where a list of a site lacks a part or has one twice. That somebody was arrested
    says nothing of guilt.

    \b
    clew board show cases/op-17 --by person
    clew board show MAD --by search
    """
    from clew.operation import tables

    if by_what == "desk":
        needs_unmasking(unmask, reason)
    with opened_board(board, f"board {by_what}", unmask=unmask, reason=reason) as opened:
        found = opened.board()
        rows = tables.as_rows(found.desk) if by_what == "desk" else tables.LISTS[by_what](found)
        rows = opened.shown(rows)
        write_rows(rows, as_json=as_json)
        say("{n} statements of {sites} sites, {withdrawn} withdrawn; {arrests} persons arrested, "
            "first-hand; {items} things seized; {desk} with the desk of possible victims",
            n=found.statements, sites=len({one.site for one in opened.statements}),
            withdrawn=found.withdrawn, arrests=tables.arrests(found),
            items=tables.counted(found.register)["seized"], desk=len(found.desk))  # fmt: skip
        return Ending.look(say_gaps(opened.statements))


@board.command(no_args_is_help=True)
@case_argument
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@by_option
@click.option("--reason", default="merged", help="Why, such as how the file came.")
@json_option
def merge(
    case: Path, files: tuple[Path, ...], by: str | None, reason: str, as_json: bool
) -> Ending:
    r"""Merge files of sites: the same whatever order they come in, and however often.

    Every file is checked first; if one was changed, none is merged. Compare the fingerprint of a
    site's key with the site when its file comes first. Exit code 1 where a file is not signed, or
    a list lacks a part.

    \b
    clew board merge cases/op-17 /media/stick/MAD.jsonl /media/stick/BOG.jsonl
    """
    from clew.casefile import open_case
    from clew.operation import keeping
    from clew.operation.site_files import read_site

    read = [read_site(file) for file in files]
    with open_case(case) as opened:
        done = keeping.merge(opened, read, decides(opened, by), reason)
        gaps = say_gaps(keeping.statements(opened))
    if as_json:
        write_json(msgspec.structs.asdict(one) for one in done)
    for one in done:
        say("{name}: {statements} statements of {site}, {fresh} of them new", name=one.name,
            statements=one.statements, site=one.site, fresh=one.fresh)  # fmt: skip
        if one.signed:
            say("Its key: {digits}", digits=one.fingerprint)
        else:
            say("It is not signed: whose it is rests on the file's own word.")
    return Ending.look(gaps or any(not one.signed for one in done))


@board.command(no_args_is_help=True)
@click.argument("folder", metavar="NEW", type=click.Path(path_type=Path))
@click.option("--name", help="Name of the site; that of the folder if left out.")
@json_option
def site(folder: Path, name: str | None, as_json: bool) -> None:
    r"""Make a site: a folder with a key and a list of its own, which needs no case.

    All other commands of the board take the folder in place of a case. Carry the file NAME.jsonl
    to the coordinator on a stick, or print `clew board sheet` and let its codes be scanned.

    \b
    clew board site MAD
    clew board say MAD "search ES-S-01" entered --by MAD-1
    """
    from clew.operation.sites import new_site

    made = new_site(folder, name or folder.name)
    if as_json:
        write_json([{"site": made.name, "file": str(made.file), "key": made.fingerprint}])
    say("site {site}, its list is {file}", site=made.name, file=made.file)
    say("Read its key to the coordinator: {digits}", digits=made.fingerprint)
