"""What each person did over all groups, in counts."""

from __future__ import annotations

from clew.casefile import Case
from clew.casefile.step_manifest import StepManifest
from clew.findings.queries import query
from clew.records.findings import PersonRole


def roles(case: Case, done: StepManifest) -> StepManifest:
    """Count, for each person, groups, contacts in them, messages, files and first shares."""
    return case.publish(done, [case.derived(PersonRole, query("roles"))])
