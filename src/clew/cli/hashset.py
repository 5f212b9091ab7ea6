"""``clew hashset``: known and ignorable hash sets."""

import json
from pathlib import Path
from typing import Any

import click

from clew.cli.leaving import leaving
from clew.cli.output import (
    Bar,
    case_argument,
    force_option,
    json_option,
    reading_of,
    say,
    write_json,
    write_table,
)
from clew.errors import Ending

GROUP = "Take in"

_FORMATS = ("vics", "caid", "icse", "ncmec", "nsrl", "csv", "list", "pdq-list")


@click.group()
def hashset() -> None:
    """Known and ignorable hash sets, supplied by the examining authority."""


@hashset.command(no_args_is_help=True)
@case_argument
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--name", required=True, help="Name of the set.")
@click.option("--version", required=True, help="Version of the set.")
@click.option("--kind", required=True, type=click.Choice(("known", "ignorable")), help="Its use.")
@click.option("--format", "form", type=click.Choice(_FORMATS), help="By content if left out.")
@click.option("--country", help="Country of its categories, where the file does not say.")
@click.option("--received-from", help="Who supplied it.")
@click.option(
    "--only",
    multiple=True,
    metavar="CATEGORY",
    help="Take in entries of this category alone, by its code or in full; may be repeated.",
)
@click.option("--restricted", is_flag=True, help="Match only: entries are never shown or exported.")
@json_option
def add(
    case: Path, file: Path, name: str, version: str, kind: str, form: str | None,
    country: str | None, received_from: str | None, only: tuple[str, ...], restricted: bool,
    as_json: bool,
) -> int:  # fmt: skip
    r"""Take a hash set in: VICS 1.3 and 2.0, CAID, INTERPOL ICSE, NCMEC, NSRL RDSv3, a plain list
    of MD5, SHA-1 or SHA-256, or CSV with such columns.

    A killed add leaves nothing behind; what can't be read of a set is kept beside it and counted.
    Every entry of a known set counts as known: of a set that also lists what is not pertinent,
    take the categories that are in with --only, and the others as an ignorable set.

    \b
    clew hashset add cases/op-17 national.csv --name national --version 2026-10 --kind known
    clew hashset add cases/op-17 us.json --name us --version 3 --kind known --only 1 --only 2
    """  # noqa: D205 - one paragraph of help
    from clew.casefile import open_case
    from clew.errors import UsageError
    from clew.findings.hashsets import Source
    from clew.findings.hashsets import add as add_set
    from clew.records import SetKind

    if not file.is_file():
        raise UsageError(f"there is no file {file}", do="Check the path of the hash set.")
    source = Source(
        name=name, version=version, kind=SetKind(kind), format=form, country=country,
        received_from=received_from, restricted=restricted, only=only,
    )  # fmt: skip
    with open_case(case) as opened, opened.writing():
        added = add_set(opened, file, source, Bar())
    if as_json:
        write_json([{"set": name, "version": version, "format": added.format,
                     "entries": added.entries, "records": added.records,
                     "deletions": added.deletions, "rejected": added.rejected,
                     "note": added.note, "left_out": added.left_out,
                     "categories": json.loads(added.categories)}])  # fmt: skip
    say(
        f"{name} {version} ({kind}, {added.format}): {added.entries} hashes of {added.records} "
        f"records taken in, {added.deletions} deletions, {added.rejected} could not be read"
        + (f", {added.left_out} left out of other categories" if only else "")
    )
    categories = json.loads(added.categories)
    if categories:
        listed = "; ".join(f"{category} ({n})" for category, n in categories.items())
        say("Records by category: {listed}", listed=listed)
    if added.rejected:
        home = "restricted" if restricted else "hashsets"
        say(
            "What could not be read: {file}",
            file=case / home / f"{name}@{version}" / "quarantine.ndjson",
        )
    if added.note:
        say("Note: {note}", note=added.note)
    return Ending.look(added.rejected or added.note)


@hashset.command("list")
@case_argument
@json_option
def list_(case: Path, as_json: bool) -> None:
    """List the hash sets of a case."""
    from clew.casefile import open_case
    from clew.views import view

    with open_case(case) as opened:
        rows = opened.rows(view("sets").sql)
    write_json(rows) if as_json else write_table(rows)


@hashset.command(no_args_is_help=True)
@case_argument
@click.option("--name", required=True, help="Name of the set.")
@click.option("--version", required=True, help="Version of the set.")
@click.option("--reason", required=True, help="Why; it is logged.")
@json_option
def remove(case: Path, name: str, version: str, reason: str, as_json: bool) -> None:
    r"""Take one version of a set out of the case; the log keeps that it was there, and why it went.

    Its matches go with the next `clew run`.

    \b
    clew hashset remove cases/op-17 --name national --version 2026-09 --reason "recalled"
    """
    from clew.casefile import open_case
    from clew.findings.hashsets import remove as remove_set

    with open_case(case) as opened, opened.writing():
        remove_set(opened, name, version, reason)
    if as_json:
        write_json([{"set": name, "version": version, "removed": True}])
    say(
        "{name} {version} removed; its matches go with: clew run {case}",
        name=name,
        version=version,
        case=case,
    )


@hashset.command(no_args_is_help=True)
@case_argument
@click.argument("asked", metavar="HASH_OR_FILE")
@json_option
def check(case: Path, asked: str, as_json: bool) -> Ending:
    r"""Say what every set knows of one hash or one file; exit code 1 if a known set has it.

    A fingerprint of 64 digits is looked up as a SHA-256 and, within 31 bits, as a PDQ; a PhotoDNA
    value, in hexadecimal or base64, as it stands.

    \b
    clew hashset check cases/op-17 d41d8cd98f00b204e9800998ecf8427e
    """
    from clew.findings.hashsets.lookup import check as ask

    with reading_of(case, "hashset check", asked) as reading:
        rows = ask(reading.case, asked)
    if not rows:
        say("No set of the case has it.")
    write_json(rows) if as_json else write_table(_same_columns(rows))
    return Ending.look(any(r["kind"] == "known" and not r["withdrawn"] for r in rows))


@hashset.command(no_args_is_help=True)
@case_argument
@click.argument("out", metavar="OUT", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(("vics", "csv")),
    default="vics",
    show_default=True,
    help="VICS 2.0, or CSV, which also holds frames of videos.",
)
@click.option("--country", help="Only categories of this country's scheme.")
@force_option
@json_option
def export(
    case: Path, out: Path, form: str, country: str | None, force: bool, as_json: bool
) -> None:
    r"""Write what the case's analysts categorised as a set for others; the disclosure is logged.

    \b
    clew hashset export cases/op-17 op-17.json --format vics
    """
    from clew.casefile import open_case
    from clew.casefile.outputs import output
    from clew.findings.hashsets.export import export as write
    from clew.findings.hashsets.export import videos

    with (
        output(out, case, force=force) as made, open_case(case) as opened, opened.writing(),
        leaving(opened) as withheld,
    ):  # fmt: skip
        files = write(opened, made, form, country)
        left_out = videos(opened, country) if form == "vics" else 0
    if as_json:
        write_json([{"file": str(out), "format": form, "files": files,
                     "videos_without_frames": left_out, "rows_withheld": withheld}])  # fmt: skip
    say("{files} categorised files written to {out}", files=files, out=out)
    if left_out:
        say(
            "Videos among them: {left_out}. VICS has no field for their frames, so they "
            "are known there by their bytes alone; --format csv settles other codings of "
            "them too.",
            left_out=left_out,
        )


def _same_columns(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows that all have the columns of any: a restricted set tells less."""
    names = dict.fromkeys(name for row in rows for name in row)
    return [{name: row.get(name) for name in names} for row in rows]
