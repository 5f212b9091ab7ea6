"""What is missing from the timeline: silent devices, missing rows and messages, late beginnings.

Each rule says by how much a gap goes beyond what the device itself explains, and what other devices
hold of the same time. Only times that devices prove are used: exports without ids can't be compared
message by message.
"""

from __future__ import annotations

from clew.casefile import Case
from clew.casefile.step_manifest import StepManifest
from clew.findings.queries import query
from clew.findings.timeline import show_times
from clew.records.timeline import TimelineGap

_PARTS = ("gap_silences", "gap_witnesses", "gap_starts", "gap_rows", "gap_exports")
_SHOWN = ("group_messages", "known_groups", "holder_accounts", "holder_entries", "holder_exits")
_GAPS = """
WITH found AS ({parts})
SELECT left(md5(concat_ws('|', kind, exhibit_id, chat_id, epoch_us(from_at), epoch_us(until_at),
                          source_id, locator)), 20) AS gap_id,
       date_diff('second', from_at, until_at) / 86400.0 AS days,
       * REPLACE (list_filter(others, lambda e: e <> exhibit_id) AS others)
FROM found
ORDER BY exhibit_id, from_at NULLS FIRST, kind, chat_id, gap_id
"""


def gaps(case: Case, done: StepManifest) -> StepManifest:
    """Find what is missing: where devices are silent, lack rows or messages, or begin late."""
    show_times(case)
    for name in _SHOWN:
        case.db.register(name, case.sql(query(name)))
    parts = "\nUNION ALL BY NAME\n".join(f"({query(name)})" for name in _PARTS)
    return case.publish(done, [case.derived(TimelineGap, _GAPS.format(parts=parts))])
