"""``clew readers``: show the formats that are read, and try mappings of others."""

from __future__ import annotations

import inspect

import click

from clew.cli import mappings
from clew.cli.output import json_option, write_json


@click.group(invoke_without_command=True)
@json_option
@click.pass_context
def readers(ctx: click.Context, as_json: bool) -> None:
    r"""Show every reader, the files it looks at, and the tables it fills.

    \b
    clew readers
    clew readers test acme.yaml export.csv
    """
    if ctx.invoked_subcommand:
        return
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


readers.add_command(mappings.test)
readers.add_command(mappings.add)
