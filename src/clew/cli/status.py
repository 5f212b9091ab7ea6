"""``clew status``: what was seen, read, skipped and failed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from clew.cli.output import case_argument, json_option, say, write_json, write_table


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
    from clew.report.queries import SETTLED, told_settled

    with open_case(case) as opened:
        exhibits = opened.rows(_EXHIBITS)
        reasons = opened.rows(_REASONS)
        read = {
            e for (e,) in ((x["exhibit_id"],) for x in exhibits) if opened.manifests.get("read", e)
        }
        waiting = pipeline.pending(opened)
        (settled,) = opened.rows(SETTLED)
        conflicts = opened.rows(_CONFLICTS)
    for row in exhibits:
        row["read"] = row["exhibit_id"] in read
    if as_json:
        write_json([{"what": "exhibit", **row} for row in exhibits])
        write_json([{"what": "reason", **row} for row in reasons])
        write_json([{"what": "settled", **settled}])
        write_json([{"what": "conflict", **row} for row in conflicts])
        write_json([{"what": "steps", "pending": waiting}])
        return
    _tell(exhibits, reasons)
    click.echo(f"\n{told_settled(settled)}")
    if conflicts:
        click.echo("\nWhere devices disagree (clew show conflicts, membership-conflicts):")
        write_table(conflicts)
    say(f"Steps to do: {', '.join(waiting)} (clew run)" if waiting else "Every step is done.")


def _tell(exhibits: list[dict[str, Any]], reasons: list[dict[str, Any]]) -> None:
    write_table(exhibits)
    total = {n: sum(row[n] for row in exhibits) for n in ("seen", "processed", "skipped", "failed")}
    click.echo(
        f"\nseen {total['seen']} = processed {total['processed']} + skipped {total['skipped']} "
        f"+ failed {total['failed']}"
    )
    if reasons:
        click.echo("\nWhat was skipped, failed or not read, and why:")
        write_table(reasons)


_CONFLICTS = """
SELECT 'message' AS about, kind, count(*) AS rows, count(DISTINCT merged_id) AS of
FROM message_conflicts GROUP BY kind
UNION ALL
SELECT 'membership', kind, count(*), count(DISTINCT chat_id || ' ' || person_id)
FROM membership_conflicts GROUP BY kind
ORDER BY ALL
"""
_EXHIBITS = """
WITH broken AS (SELECT DISTINCT item_id FROM unread WHERE severity = 'error'),
counted AS (
  SELECT i.exhibit_id,
         CASE WHEN i.outcome = 'processed' AND b.item_id IS NOT NULL THEN 'failed'
              ELSE i.outcome END AS outcome,
         CASE WHEN i.in_archive THEN 1 ELSE 0 END AS member
  FROM items AS i LEFT JOIN broken AS b ON b.item_id = i.item_id
),
read_here AS (
  SELECT exhibit_id, count(*) AS sources FROM sources GROUP BY exhibit_id
),
said AS (
  SELECT exhibit_id, count(*) AS messages FROM messages GROUP BY exhibit_id
)
SELECT e.exhibit_id, e.kind, e.country,
       count(c.outcome) AS seen,
       count(*) FILTER (WHERE c.outcome = 'processed') AS processed,
       count(*) FILTER (WHERE c.outcome = 'skipped') AS skipped,
       count(*) FILTER (WHERE c.outcome = 'failed') AS failed,
       CAST(coalesce(sum(c.member), 0) AS BIGINT) AS in_archives,
       coalesce(max(r.sources), 0) AS sources,
       coalesce(max(m.messages), 0) AS messages
FROM exhibits AS e
LEFT JOIN counted AS c ON c.exhibit_id = e.exhibit_id
LEFT JOIN read_here AS r ON r.exhibit_id = e.exhibit_id
LEFT JOIN said AS m ON m.exhibit_id = e.exhibit_id
GROUP BY e.exhibit_id, e.kind, e.country
ORDER BY e.exhibit_id
"""
_REASONS = """
SELECT exhibit_id, outcome, reason, count(*) AS items
FROM items WHERE outcome <> 'processed'
GROUP BY exhibit_id, outcome, reason
UNION ALL
SELECT exhibit_id, 'unread (' || severity || ')', code, count(*)
FROM unread
GROUP BY exhibit_id, severity, code
UNION ALL
SELECT exhibit_id, 'flag', code, count(*)
FROM flags
GROUP BY exhibit_id, code
ORDER BY ALL
"""
