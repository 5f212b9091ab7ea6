"""``clew doctor``: what this machine can and can't do."""

from pathlib import Path

import click

from clew.cli.output import json_option, say, write_json, write_table
from clew.errors import Ending

GROUP = "Set up"


@click.command()
@click.argument(
    "folder",
    metavar="[FOLDER]",
    default=".",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
)
@json_option
def doctor(folder: Path, as_json: bool) -> Ending:
    r"""Say what this machine can and can't do, for cases kept in FOLDER.

    Nothing is changed and nothing is connected to. Exit code 4 if something is missing without
    which Clew does not work.

    \b
    clew doctor cases
    """
    import msgspec

    from clew.validation.machine import inspect

    found = list(inspect(folder))
    rows = [msgspec.to_builtins(one) for one in found]
    write_json(rows) if as_json else write_table(rows)
    missing = [one.what for one in found if one.state == "missing"]
    said = "Missing: {names}" if missing else "Everything that is needed is there."
    say(said, names=", ".join(missing))
    return Ending.STOPPED if missing else Ending.DONE
