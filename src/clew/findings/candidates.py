"""Messages of exports that may be messages of a database: candidates, which nothing merges."""

from __future__ import annotations

from clew.casefile import Case
from clew.casefile.step_manifest import StepManifest
from clew.findings.queries import query
from clew.records.findings import MergeCandidate


def candidates(case: Case, done: StepManifest) -> StepManifest:
    """Set messages without ids, as in text exports, beside those that they may be; score each."""
    return case.publish(done, [case.derived(MergeCandidate, query("merge_candidates"))])
