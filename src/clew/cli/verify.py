"""``clew verify``: check that a case is as it was written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clew.cli.output import Bar, case_argument, json_option, say, write_json
from clew.errors import EvidenceError

if TYPE_CHECKING:
    from clew.casefile import Case


@click.command(no_args_is_help=True)
@case_argument
@json_option
def verify(case: Path, as_json: bool) -> int:
    r"""Check every table, stored content, judgement and the custody log against what was written.

    The hash of each table is printed: the same evidence gives the same hashes everywhere.

    \b
    clew verify cases/op-17
    """
    from clew.casefile import open_case
    from clew.casefile import verify as checks
    from clew.casefile.chronicle import Chronicle

    with open_case(case) as opened:
        found = [("custody log", p) for p in opened.custody.problems()]
        found += _told("case.toml", opened.verify_opening())
        log = Chronicle(opened.custody)
        found += [("custody log", problem) for problem in log.problems]
        found += _told("ledger", checks.ledger(opened, log))
        damaged = _told("table", opened.verify_outputs())
        found += damaged or [*_told("rows", _tables(opened)), *_told("store", _store(opened))]
        latest = opened.custody.latest() if not found else ""
        outputs = (
            [out for done in opened.manifests.every() for out in done.outputs] if not found else []
        )
    if as_json:
        write_json([{"what": what, "problem": problem} for what, problem in found])
        write_json([{"what": "file", "file": out.file, "rows": out.rows, "sha256": out.sha256}
                    for out in outputs])  # fmt: skip
        write_json([{"what": "result", "problems": len(found), "custody_latest": latest}])
    for what, problem in found:
        say(f"{what}: {problem}")
    if found:
        say(f"{len(found)} problems: the case is not as it was written.")
        return EvidenceError.exit_code
    if not as_json:
        for out in outputs:
            click.echo(f"{out.sha256}  {out.file}  {out.rows} rows")
    say("Tables, stored contents and custody log are as they were written.")
    say(f"Latest entry of the custody log: {latest}")
    return 0


def _told(what: str, problems: Iterator[str]) -> list[tuple[str, str]]:
    """Every problem of one kind; a damage that ends the check is one too."""
    found: list[tuple[str, str]] = []
    try:
        found.extend((what, problem) for problem in problems)
    except EvidenceError as error:
        found.append((what, str(error)))
    return found


def _tables(case: Case) -> Iterator[str]:
    """Rules of the declared tables that rows break."""
    import pyarrow as pa

    from clew.schema import problems, tables

    for row in tables().values():
        if case.outputs(row):
            for problem in problems(row, pa.table(case.table(row.table_name))):
                yield f"{problem.table}.{problem.column}: {problem.rule} ({problem.rows} rows)"


def _store(case: Case) -> Iterator[str]:
    """Contents that are missing from the store or not what their name says."""
    from clew.casefile.files import sha256_of

    kept = case.rows(
        "SELECT i.sha256, min(i.size) AS size FROM items AS i JOIN exhibits USING (exhibit_id) "
        "WHERE NOT hash_only AND i.sha256 IS NOT NULL GROUP BY i.sha256 ORDER BY i.sha256"
    )
    bar = Bar()
    bar.start("checking contents", sum(k["size"] for k in kept))
    for content in kept:
        file = case.store.path(content["sha256"])
        if not file.is_file():
            yield f"{content['sha256']} is missing"
        elif sha256_of(file) != content["sha256"]:
            yield f"{content['sha256']} was changed"
        bar.advance(content["size"])
    bar.finish()
