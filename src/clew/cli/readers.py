"""``clew readers``: show the formats that are read."""

from __future__ import annotations

import inspect

import click

from clew.cli.output import json_option, write_json


@click.command()
@json_option
def readers(as_json: bool) -> None:
    r"""Show every reader, the files it looks at, and the tables it fills.

    \b
    clew readers
    """
    from clew.facts.reading import readers as every

    for reader in every():
        module = inspect.getmodule(reader.read)
        told = ((module and module.__doc__) or "").strip().splitlines()
        fills = [row.table_name for row in reader.yields]
        if as_json:
            write_json([{"reader": reader.name, "version": reader.version, "fills": fills,
                         "media_types": reader.media_types, "files": reader.files}])  # fmt: skip
            continue
        click.echo(f"{reader.name} {reader.version}: {told[0] if told else ''}")
        click.echo(f"   looks at  {', '.join((*reader.media_types, *reader.files))}")
        click.echo(f"   fills     {', '.join(fills)}")
