"""``clew add``: take an exhibit in: a folder, a file or an archive."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clew.cli.output import (
    Bar,
    case_argument,
    json_option,
    sandbox_option,
    say,
    say_next,
    write_json,
)
from clew.cli.signing import decides, own_key
from clew.errors import Ending

if TYPE_CHECKING:
    from clew.casefile import Case
    from clew.operation.register import Entry

GROUP = "Take in"

_KINDS = (
    "phone", "laptop", "tablet", "camera", "disk", "usb", "memory_card", "optical_disc",
    "cloud_export", "report",
)  # fmt: skip


@click.command(no_args_is_help=True)
@case_argument
@click.argument(
    "paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option("--exhibit", "exhibit_id", required=True, help="Exhibit number, such as ES-01.")
@click.option("--kind", required=True, type=click.Choice(_KINDS), help="What it is.")
@click.option("--country", required=True, help="Country that seized it: ISO 3166-1 alpha-2.")
@click.option("--search", "search_id", help="Search in which it was seized.")
@click.option("--register", help="Its entry in the register of seizures, such as S-03/7.")
@click.option("--label", help="Description in words.")
@click.option("--holder-ref", help="Reference of the person who holds it; never a name.")
@click.option("--time-zone", help="IANA time zone of the device, as the seizing unit states it.")
@click.option("--acquired-with", help="Tool and version that acquired it.")
@click.option("--acquired-at", type=click.DateTime(), help="When it was acquired, in UTC.")
@click.option("--authority", help="Legal authority, where it is not that of the case.")
@click.option("--hash-only", is_flag=True, help="Keep hashes, sizes and names; no content.")
@click.option(
    "--limit", "bounds", multiple=True, metavar="NAME=NUMBER",
    help="Change how far archives are opened, such as depth=12; the custody log shows it.",
)  # fmt: skip
@sandbox_option
@click.option("--workers", type=click.IntRange(1, 256), help="Files read at once.")
@json_option
def add(
    case: Path,
    paths: tuple[Path, ...],
    register: str | None,
    workers: int | None,
    bounds: tuple[str, ...],
    require_sandbox: bool,
    as_json: bool,
    **about: Any,
) -> Ending:
    r"""Take an exhibit in: every entry of every folder and archive, each with its hashes.

    Nothing of the evidence is changed, and links are not followed. After an interruption the same
    command goes on where it was. The entry of the custody log is signed by your key, if you have
    one (clew whoami). With --register the board states that this thing was acquired.

    \b
    clew add cases/op-17 /mnt/seized/ES-01 --exhibit ES-01 --kind phone --country ES \
        --search S-01 --time-zone Europe/Madrid
    """
    from clew.casefile import Context, Options, open_case
    from clew.cli.unlocking import answers
    from clew.evidence.bounds import bounds_from
    from clew.evidence.describe import described
    from clew.evidence.intake import STEP, take_in
    from clew.facts.fingerprints.inline import InlineFingerprints
    from clew.sandbox import Limits
    from clew.views import among, view

    with open_case(case) as opened:
        entry = _entry(opened, register) if register else None
        asked = described(opened.config, paths, about, bounds_from(bounds))
        answers(opened)
        with opened.writing():
            exhibit_id = asked.exhibit.exhibit_id
            context = Context(
                case=opened, step=STEP, scope=exhibit_id, progress=Bar(), workers=workers,
                limits=Limits(require_strong=require_sandbox),
                options=Options(intake=asked, inline=InlineFingerprints(opened, exhibit_id)),
            )  # fmt: skip
            exhibit = take_in(context)
        ended = view("exhibits").query(among(["exhibit_id"], [], "ids"))
        (row,) = opened.rows(ended, ids=[exhibit.exhibit_id])
        if entry:
            _tie(opened, entry, exhibit.exhibit_id)
    shown = ("exhibit_id", "seen", "processed", "skipped", "failed", "content_sha256")
    found = {name: row[name] for name in shown}
    if as_json:
        write_json([found])
    say(
        "{exhibit_id}: seen {seen} = processed {processed} + skipped {skipped} + failed {failed}",
        **found,
    )
    say_next("run {case}", case=case)
    return Ending.look(found["failed"])


def _entry(case: Case, register: str) -> Entry:
    """The entry of the register, before anything is taken in; whoever states it needs a key."""
    from clew.operation.evidence import board_of, entry_of

    found = entry_of(board_of(case), register)
    own_key(None)
    return found


def _tie(case: Case, entry: Entry, exhibit_id: str) -> None:
    """State that a thing was acquired, unless that is stated already."""
    from clew.operation import keeping
    from clew.operation.evidence import taken_in

    if exhibit_id not in entry.exhibit_ids:
        keeping.state(case, [taken_in(entry, exhibit_id)], decides(case, None), "taken in")
    say("{entry} of the register is exhibit {exhibit}", entry=entry.entry, exhibit=exhibit_id)
