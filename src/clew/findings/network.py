"""The groups, who is in them, and how they overlap."""

import importlib.util
from collections.abc import Iterator

import pyarrow as pa

from clew.casefile import Context
from clew.casefile.published import Part
from clew.records import Group, GroupLink, GroupMember
from clew.schema import batch


def network(context: Context) -> None:
    """Draw up the groups with their members by country, and the groups that share members."""
    context.publish(
        context.derived(GroupMember, "group_members"),
        context.derived(Group, "groups"),
        (GroupLink, _links(context)),
    )


def _links(context: Context) -> Part:
    """The same pairs either way: by a sparse product, or by a join where scipy is not installed."""
    if importlib.util.find_spec("scipy") is None:
        return context.derived(GroupLink, "group_links")[1]

    def batches() -> Iterator[pa.RecordBatch]:
        from clew.findings.overlap import links

        for columns in links(context.query("member_pairs"), context.query("file_pairs")):
            yield batch(GroupLink, len(columns["shared_members"]), **columns).data

    return batches
