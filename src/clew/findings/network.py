"""The groups, who is in them, and how they overlap."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator

import pyarrow as pa

from clew.casefile import Case
from clew.casefile.step_manifest import StepManifest
from clew.findings.queries import query
from clew.records.findings import Group, GroupLink, GroupMember
from clew.schema import batch

_MEMBERS = "SELECT chat_id, person_id FROM members ORDER BY chat_id, person_id"
_FILES = (
    "SELECT DISTINCT chat_id, sha256 FROM shared WHERE sha256 IS NOT NULL ORDER BY chat_id, sha256"
)


def network(case: Case, done: StepManifest) -> StepManifest:
    """Draw up the groups with their members by country, and the groups that share members."""
    members = query("members")
    return case.publish(
        done,
        [
            case.derived(GroupMember, members + query("group_members")),
            case.derived(Group, members + query("groups")),
            (GroupLink, _links(case, members)),
        ],
    )


def _links(case: Case, members: str) -> Callable[[], Iterator[pa.RecordBatch]]:
    """The same pairs either way: by a sparse product, or by a join where scipy is not installed."""
    if importlib.util.find_spec("scipy") is None:
        return case.derived(GroupLink, members + query("group_links"))[1]

    def batches() -> Iterator[pa.RecordBatch]:
        from clew.findings.overlap import links

        for columns in links(case.sql(members + _MEMBERS), case.sql(members + _FILES)):
            yield batch(GroupLink, len(columns["shared_members"]), **columns).data

    return batches
