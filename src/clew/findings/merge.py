"""One row per message of a conversation, whichever devices held it."""

from __future__ import annotations

from clew.casefile import Case
from clew.casefile.step_manifest import StepManifest
from clew.findings.queries import query
from clew.records.findings import MergedMessage


def merge(case: Case, done: StepManifest) -> StepManifest:
    """Merge the copies of each message that several devices kept, by the messenger's own id."""
    return case.publish(done, [case.derived(MergedMessage, query("merged_messages"))])
