"""``clew readers test`` and ``clew readers add``: mappings, for CSV that no reader knows."""

from __future__ import annotations

import secrets
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clew.cli.output import (
    case_argument,
    json_option,
    say,
    say_next,
    write_json,
    write_table,
)
from clew.cli.visible import put
from clew.errors import Ending
from clew.words.reasons import worded

if TYPE_CHECKING:
    from clew.schema import Batch

_SHOWN = 5
_OF_PEOPLE = ("accounts", "account_names", "contacts")
_HIDDEN = ("exhibit_id", "source_id", "item_id", "event_id", "path", "reader", "text_normal")


@click.command(no_args_is_help=True)
@click.argument("mapping", metavar="MAPPING", type=click.Path(path_type=Path))
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--rows", default=_SHOWN, type=click.IntRange(0, 1000), help="Rows of each table.")
@json_option
def test(mapping: Path, file: Path, rows: int, as_json: bool) -> Ending:
    r"""Show what a mapping would read from a file; nothing is kept, and people are masked.

    \b
    clew readers test acme.yaml export.csv
    """
    from clew.casefile.masking import KEY_BYTES, Known, Masking
    from clew.errors import UsageError
    from clew.facts import mappings
    from clew.schema import tables

    if not file.is_file():
        raise UsageError(f"there is no file {file}", do="Check the path of the file.")
    text, known = mappings.load(mapping)
    if not known.fits(file.name):
        say(
            "note: no pattern of the mapping fits the name {name}: {names}",
            name=file.name,
            names=", ".join(known.files),
        )
    shown: dict[str, list[dict[str, Any]]] = {}
    counts: Counter[str] = Counter()
    names: dict[str, str | None] = {}
    with tempfile.TemporaryDirectory(prefix="clew-test-") as folder:
        for part in _read(file, text, Path(folder)):
            name = part.table.table_name
            counts[name] += part.data.num_rows
            listed = shown.setdefault(name, [])
            listed += part.data.slice(0, max(_wanted(name, rows) - len(listed), 0)).to_pylist()
            names |= _names(part)
        (Path(folder) / "mask.key").write_bytes(secrets.token_bytes(KEY_BYTES))
        masking = Masking(Path(folder) / "mask.key", Known(names=names.items()))
        shown = {n: worded(masking.rows(tables()[n], rows), n) for n, rows in shown.items()}
    _show(shown, counts, as_json=as_json)
    source = shown.get("sources", [{}])[0]
    say(
        "{seen} records seen, {emitted} became rows, {skipped} left out; {unread} rows of "
        "what was not read",
        unread=counts["unread"],
        **{name: source.get(f"rows_{name}", 0) for name in ("seen", "emitted", "skipped")},
    )
    return Ending.look(counts["unread"] or not source)


@click.command(no_args_is_help=True)
@case_argument
@click.argument("mapping", metavar="MAPPING", type=click.Path(path_type=Path))
@json_option
def add(case: Path, mapping: Path, as_json: bool) -> None:
    r"""Take a mapping into a case: `clew run` reads with it what its patterns name.

    \b
    clew readers add cases/op-17 acme.yaml
    """
    from clew.casefile import open_case
    from clew.facts import mappings

    with open_case(case) as opened, opened.writing():
        added = mappings.add(opened, mapping)
    if as_json:
        write_json([{"mapping": added.name, "files": added.files, "tables": list(added.tables)}])
    say("{name}: taken in, for {names}", name=added.name, names=", ".join(added.files))
    say_next("run {case}", case=case)


def _read(file: Path, text: str, folder: Path) -> Iterator[Batch]:
    """What the readers make of a file, in a worker as in a case."""
    import hashlib

    from clew.errors import EvidenceError
    from clew.facts.read import read_alone
    from clew.sandbox import Guard, WorkerLost
    from clew.words import reasons

    with file.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    guard = Guard(parent=folder)
    try:
        yield from read_alone(guard, file.absolute(), digest, (text,))
    except WorkerLost as lost:
        raise EvidenceError(
            f"{file.name} could not be read: {reasons.of_problem('unread', lost)}",
            do="In a case it would be reported as not read; the rest would go on.",
        ) from lost
    finally:
        guard.close()


def _names(part: Batch) -> dict[str, str | None]:
    """How people are called in the rows, for them to be masked wherever that stands."""
    found: dict[str, str | None] = {}
    for column in ("identifier", "name", "display_name", "given_name", "family_name", "nickname"):
        if column in part.data.schema.names and part.table.table_name in _OF_PEOPLE:
            texts = part.data.column(column).to_pylist()
            owners = part.data.column("account_id").to_pylist()
            found |= {n: owner for n, owner in zip(texts, owners, strict=True) if n}
    return found


def _wanted(table: str, rows: int) -> int:
    """How many rows of a table are shown: all that say what was read and what not."""
    return 10_000 if table in ("sources", "source_rows", "unread") else rows


def _show(shown: dict[str, list[dict[str, Any]]], counts: Counter[str], *, as_json: bool) -> None:
    for table, rows in sorted(shown.items()):
        if as_json:
            write_json({"table": table, "rows": counts[table], "row": row} for row in rows)
            continue
        put(f"{table}: {counts[table]}")
        if table != "sources" and rows:
            write_table(_brief(rows))
        put("")


def _brief(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows without columns that are empty throughout or that say nothing here."""
    kept = [n for n in rows[0] if n not in _HIDDEN and any(r[n] not in (None, []) for r in rows)]
    return [{name: row[name] for name in kept} for row in rows]
