"""The groups, who is in them, and how they overlap."""

from __future__ import annotations

from clew.casefile import Case
from clew.casefile.done import Done
from clew.findings.queries import query
from clew.records.findings import Group, GroupLink, GroupMember


def network(case: Case, done: Done) -> Done:
    """Draw up the groups with their members by country, and the groups that share members."""
    members = query("members")
    return case.publish(
        done,
        [
            case.derived(GroupMember, members + query("group_members")),
            case.derived(Group, members + query("groups")),
            case.derived(GroupLink, members + query("group_links")),
        ],
    )
