"""One timeline over all facts: each line with its precision and whose clock its time is by.

Messages, calls and files other than pictures are too many for a line each: they are counted by day.
"""

from __future__ import annotations

from clew.casefile import Case
from clew.casefile.step_manifest import StepManifest
from clew.findings.queries import query
from clew.records.timeline import TimelineLine

_PARTS = ("timeline_days", "timeline_groups", "timeline_single")
_LINES = """
WITH lines AS ({parts}),
full_lines AS (
  SELECT * REPLACE (coalesce(persons, CAST([] AS VARCHAR[])) AS persons,
                    coalesce(exhibits, [exhibit_id]) AS exhibits) FROM lines
)
SELECT left(md5(concat_ws('|', kind, epoch_us("at"), chat_id, exhibit_id, what, source_id, locator,
                          event_id, sha256, array_to_string(persons, ','))), 20) AS line_id, *
FROM full_lines
QUALIFY row_number() OVER (PARTITION BY line_id ORDER BY until) = 1
ORDER BY "at", weight DESC, line_id
"""


def timeline(case: Case, done: StepManifest) -> StepManifest:
    """Put everything that has a time in one order, with its precision and its clock."""
    show_times(case)
    parts = "\nUNION ALL BY NAME\n".join(f"({query(name)})" for name in _PARTS)
    return case.publish(done, [case.derived(TimelineLine, _LINES.format(parts=parts))])


def show_times(case: Case) -> None:
    """Let queries ask ``timed_events``: when each copy of a message was sent, by whose clock."""
    case.db.execute(f"CREATE OR REPLACE TEMP VIEW timed_events AS {query('timed_events')}")
