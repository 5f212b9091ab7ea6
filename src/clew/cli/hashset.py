"""``clew hashset``: known and ignorable hash sets."""

from __future__ import annotations

from pathlib import Path

import click

from clew.cli.output import case_argument, json_option, say, write_json


@click.group()
def hashset() -> None:
    """Known and ignorable hash sets, supplied by the examining authority."""


@hashset.command(no_args_is_help=True)
@case_argument
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--name", required=True, help="Name of the set.")
@click.option("--version", required=True, help="Version of the set.")
@click.option("--kind", required=True, type=click.Choice(("known", "ignorable")), help="Its use.")
@json_option
def add(case: Path, file: Path, name: str, version: str, kind: str, as_json: bool) -> int:
    r"""Take a hash set in: a plain list of MD5, SHA-1 or SHA-256, or CSV with such columns.

    \b
    clew hashset add cases/op-17 national.csv --name national --version 2026-10 --kind known
    """
    from clew.casefile import open_case
    from clew.errors import UsageError
    from clew.findings.hashsets import add_set
    from clew.records.findings import SetKind

    if not file.is_file():
        raise UsageError(f"there is no file {file}", do="Check the path of the hash set.")
    with open_case(case) as opened, opened.writing():
        added = add_set(opened, file, name, version, SetKind(kind))
    if as_json:
        write_json([{"set": name, "version": version, "entries": added.entries,
                     "rejected": added.rejected}])  # fmt: skip
    say(
        f"{name} {version} ({kind}): {added.entries} hashes taken in, "
        f"{added.rejected} lines are no hash"
    )
    return 1 if added.rejected else 0


@hashset.command("list")
@case_argument
@json_option
def list_(case: Path, as_json: bool) -> None:
    """List the hash sets of a case."""
    from clew.casefile import open_case
    from clew.cli.output import write_table

    with open_case(case) as opened:
        rows = opened.rows("FROM hash_sets ORDER BY set, version")
    write_json(rows) if as_json else write_table(rows)
