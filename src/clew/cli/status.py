"""``clew status``: what was seen, read, skipped and failed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clew.cli.output import (
    case_argument,
    echo,
    json_option,
    log_reading,
    say,
    say_failures,
    write_json,
    write_table,
)

if TYPE_CHECKING:
    from clew.casefile import Case

GROUP = "Read and conclude"

_EXHIBIT = ("exhibit_id", "kind", "country", "seen", "processed", "skipped", "failed",
            "in_archives", "sources", "messages")  # fmt: skip
_RECEIVED = ("package_id", "partner_id", "origin", "sealed_at", "handling", "rows", "withheld",
             "not_read", "supersedes", "signer")  # fmt: skip
_GONE = ("package", "partner", "why", "rows")


@click.command(no_args_is_help=True)
@case_argument
@json_option
def status(case: Path, as_json: bool) -> None:
    r"""Show what became of every item, and which steps are done.

    A file that was taken in but broke its reader counts as failed here.

    \b
    clew status cases/op-17
    """
    from clew import pipeline
    from clew.casefile import open_case
    from clew.report.figures import said_settled, said_structures, settled
    from clew.views import view

    with open_case(case) as opened:
        log_reading(opened, "status")
        exhibits = _exhibits(opened)
        reasons = [
            {name: value for name, value in row.items() if name != "path"}
            for row in opened.rows(view("reasons").sql)
        ]
        waiting = pipeline.pending(opened)
        files = settled(opened)
        structures = said_structures(opened)
        conflicts = opened.rows(view("conflict-counts").sql)
        received, gone = _received(opened), _gone(opened)
        failures = pipeline.failures(opened)
        generation = opened.generation
    if as_json:
        failed = [{"step": f.step, "error": f.error, "waiting": f.waiting} for f in failures]
        named = {
            "exhibit": exhibits, "reason": reasons, "settled": [files],
            "structures": [{"said": structures}], "conflict": conflicts, "received": received,
            "received and gone": gone, "failed step": failed,
            "steps": [{"pending": waiting, "generation": generation}],
        }  # fmt: skip
        write_json({"what": what, **row} for what, rows in named.items() for row in rows)
        return
    _write(exhibits, reasons, structures)
    echo(f"\n{said_settled(files)}")
    _headed("\nWhere devices disagree (clew show conflicts, membership-conflicts):", conflicts)
    _headed("\nPackages of other agencies (clew received):", received)
    _headed("\nPackages that came and left:", gone)
    say("Steps to do: {steps} (clew run)" if waiting else "Every step is done.",
        steps=", ".join(waiting))  # fmt: skip
    say_failures(opened)
    say("Generation of the tables: {generation}", generation=generation)


def _exhibits(case: Case) -> list[dict[str, Any]]:
    from clew.casefile.received import parted
    from clew.views import view

    return [
        {
            **{name: row[name] for name in _EXHIBIT},
            "read": bool(parted(row["exhibit_id"])[0])
            or case.manifests.get("read", row["exhibit_id"]) is not None,
        }
        for row in case.rows(view("exhibits").sql)
    ]


def _headed(title: str, rows: list[dict[str, Any]]) -> None:
    if rows:
        echo(title)
        write_table(rows)


def _received(case: Case) -> list[dict[str, Any]]:
    """Packages of others that the case has, and how much of their senders' cases they lack."""
    from clew.views import view

    rows = case.rows(view("received").sql)
    return [{name: row[name] for name in _RECEIVED} for row in rows]


def _gone(case: Case) -> list[dict[str, Any]]:
    """Packages that were recalled, superseded or forgotten: the log alone knows of them."""
    from clew.casefile.chronicle import Chronicle

    found = Chronicle(case.custody).exchanged.gone
    return [{name: one.get(name) for name in _GONE} for _, one in sorted(found.items())]


def _write(exhibits: list[dict[str, Any]], reasons: list[dict[str, Any]], structures: str) -> None:
    from clew.casefile.received import parted

    if structures:
        echo("{structures}\n", structures=structures)
    write_table(exhibits)
    own = [row for row in exhibits if not parted(row["exhibit_id"])[0]]
    total = {n: sum(row[n] for row in own) for n in ("seen", "processed", "skipped", "failed")}
    echo("\nseen {seen} = processed {processed} + skipped {skipped} + failed {failed}", **total)
    if len(own) < len(exhibits):
        echo("Own exhibits alone: what others sent is in the table, under its origin.")
    if reasons:
        echo("\nWhat was skipped, failed, not read or flagged, and why:")
        write_table(reasons)
