"""``clew register``: the same IMEI, serial number or content of an exhibit, over several cases."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clew.cli.output import json_option, reading_of, say, unmask_options, write_json, write_table
from clew.errors import Ending, EvidenceError

if TYPE_CHECKING:
    from clew.operation.across import Sighting

GROUP = "Look"


@click.command(no_args_is_help=True)
@click.argument("cases", metavar="CASE...", nargs=-1, required=True,
                type=click.Path(path_type=Path))  # fmt: skip
@click.option("--find", "values", multiple=True, help="IMEI, serial number, SHA-256 of an exhibit.")
@unmask_options("Show IMEIs and serial numbers; needs --reason.")
@json_option
def register(
    cases: tuple[Path, ...],
    values: tuple[str, ...],
    unmask: bool,
    reason: str | None,
    as_json: bool,
) -> Ending:
    r"""Find the same thing over cases: their registers, their exhibits, and what others sent.

    Cases are only read; the reading stands in the custody log of each. Without --find everything
    that stands in two cases, or twice in one, is listed. A case that can't be read is said and
    passed over. Exit code 1 where anything is listed or passed over.

    \b
    clew register cases/op-17 cases/op-18
    clew register cases/op-17 cases/op-18 --find 352099001761481 --json
    """
    from clew.operation import across

    every: list[Sighting] = []
    masks: list[Callable[[str], str]] = []
    for case in cases:
        try:
            with reading_of(case, "register", *values, unmask=unmask, reason=reason) as reading:
                every += list(across.sightings(reading.case, str(case)))
                masks.append(reading.masking.handle if reading.masked else str)
        except EvidenceError as error:
            say("{case} is passed over: {error}", case=case, error=error)
    found = across.by_mark(every)
    seen = [one for value in values for one in across.looked_up(found, value)]
    seen = seen if values else across.shared(found)
    rows = [_row(one, masks[0]) for one in seen]  # one pseudonym for one thing, in whichever case
    write_json(rows) if as_json else write_table(rows)
    say("{n} things of {cases} cases by IMEI, serial number or content", n=len(every),
        cases=len(masks))  # fmt: skip
    return Ending.look(rows or len(masks) < len(cases))


def _row(one: Sighting, mask: Callable[[str], str]) -> dict[str, object]:
    value = one.value if one.mark == "sha256" else mask(one.value)
    return {"mark": one.mark.value, "value": value, "case": one.case, "entry": one.entry,
            "kind": one.kind, "seized_at": one.seized_at}  # fmt: skip
