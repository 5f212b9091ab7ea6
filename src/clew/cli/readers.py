"""``clew readers``: show the formats that are read."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from clew.cli import mappings
from clew.cli.output import json_option, write_json
from clew.cli.visible import put

if TYPE_CHECKING:
    from clew.facts.reader_api import Reader

GROUP = "Take in"


@click.group(invoke_without_command=True)
@json_option
@click.pass_context
def readers(ctx: click.Context, as_json: bool) -> None:
    r"""Show every reader: the files it looks at, the versions it knows, what it fills and what
    it can't.

    \b
    clew readers
    clew readers test acme.yaml export.csv
    """  # noqa: D205 - one paragraph of help
    if ctx.invoked_subcommand:
        return
    from clew.facts.reader_api import readers as every

    found = list(described(every()))
    if as_json:
        write_json(found)
        return
    for reader in found:
        put(f"{reader['reader']} {reader['version']}: {reader['about'].splitlines()[0]}")
        put(f"   looks at  {', '.join((*reader['media_types'], *reader['files']))}")
        put(f"   fills     {', '.join(reader['fills'])}")
        for name in ("knows", "cannot"):
            for phrase in reader[name]:
                put(f"   {name:9} {phrase}")


def described(every: tuple[Reader, ...]) -> Iterator[dict[str, Any]]:
    """What each reader says of itself; ``docs/readers.md`` is made of it."""
    for reader in every:
        module = inspect.getmodule(reader.rows_of)
        yield {
            "reader": reader.name,
            "version": reader.version,
            "about": inspect.cleandoc((module and module.__doc__) or ""),
            "media_types": reader.media_types,
            "files": reader.files,
            "knows": reader.knows,
            "fills": fills(reader),
            "cannot": reader.cannot,
        }


def fills(reader: Reader) -> tuple[str, ...]:
    """Tables that come of a reader; invitations are found in whatever text it gives."""
    from clew.facts.invitations import WRITTEN_IN
    from clew.records import Invite

    finds = any(row in WRITTEN_IN for row in reader.yields)
    tables = (*reader.yields, *((Invite,) if finds and Invite not in reader.yields else ()))
    return tuple(row.table_name for row in tables)


readers.add_command(mappings.test)
readers.add_command(mappings.add)
