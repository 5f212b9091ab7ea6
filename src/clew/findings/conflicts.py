"""Where copies of one message contradict each other: told with both sides, and never settled."""

from __future__ import annotations

from clew.casefile import Case
from clew.casefile.step_manifest import StepManifest
from clew.findings.queries import query
from clew.records.membership_periods import MessageConflict


def conflicts(case: Case, done: StepManifest) -> StepManifest:
    """Show where devices contradict each other about a message, and who deleted what when."""
    return case.publish(done, [case.derived(MessageConflict, query("message_conflicts"))])
