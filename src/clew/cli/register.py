"""``clew register``: the same IMEI, serial number or content of an exhibit, over several cases."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clew.cli.output import json_option, reading_of, say, unmask_options, write_json, write_table
from clew.errors import Ending

if TYPE_CHECKING:
    from clew.operation.across import Sighting

GROUP = "Look"


@click.command(no_args_is_help=True)
@click.argument("cases", metavar="CASE...", nargs=-1, required=True,
                type=click.Path(path_type=Path))  # fmt: skip
@click.option("--find", "value", help="An IMEI, a serial number, or the SHA-256 of an exhibit.")
@unmask_options("Show IMEIs and serial numbers; needs --reason.")
@json_option
def register(
    cases: tuple[Path, ...], value: str | None, unmask: bool, reason: str | None, as_json: bool
) -> Ending:
    r"""Find the same thing over cases: their registers, their exhibits, and what others sent.

    Cases are only read; the reading stands in the custody log of each. Without --find everything
    that stands in two cases, or twice in one, is listed. Exit code 1 where there is any.

    \b
    clew register cases/op-17 cases/op-18
    clew register cases/op-17 cases/op-18 --find 352099001761481 --json
    """
    from clew.operation import across

    every: list[Sighting] = []
    masks: list[Callable[[str], str]] = []
    for case in cases:
        with reading_of(case, "register", value, unmask=unmask, reason=reason) as reading:
            every += across.sightings(reading.case, str(case))
            masks.append(reading.masking.handle if reading.masked else str)
    found = across.by_mark(every)
    seen = across.looked_up(found, value) if value else across.shared(found)
    rows = [_row(one, masks[0]) for one in seen]  # one pseudonym for one thing, in whichever case
    write_json(rows) if as_json else write_table(rows)
    say("{n} things of {cases} cases by IMEI, serial number or content", n=len(every),
        cases=len(cases))  # fmt: skip
    return Ending.look(rows)


def _row(one: Sighting, mask: Callable[[str], str]) -> dict[str, object]:
    value = one.value if one.mark == "sha256" else mask(one.value)
    return {"mark": one.mark.value, "value": value, "case": one.case, "entry": one.entry,
            "kind": one.kind, "seized_at": one.seized_at}  # fmt: skip
