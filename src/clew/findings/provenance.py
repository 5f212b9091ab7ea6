"""Where each file lies and went, and who is first known to have shared it."""

from __future__ import annotations

import pyarrow as pa

from clew.casefile import Case
from clew.casefile.step_manifest import StepManifest
from clew.findings.perceptual.clusters import content_clusters
from clew.findings.perceptual.films import video_clusters
from clew.findings.perceptual.moving import moving_clusters, moving_pictures
from clew.findings.queries import query
from clew.records.findings import FileCluster, FirstShare


def provenance(case: Case, done: StepManifest) -> StepManifest:
    """Find each file's earliest known share, and the devices that could have known better.

    Near duplicates are clustered first, so that a re-encoded copy leads to the file it came from.
    """
    case.db.register("categories_that_count", case.sql(query("categories_that_count")))
    settled = frozenset(row["sha256"] for row in case.rows(query("settled_contents")))
    moving = moving_pictures(case)
    clustered = [
        content_clusters(case, settled, sorted(moving)),
        moving_clusters(moving, settled),
        video_clusters(case, settled),
    ]
    case.db.register("content_clusters", pa.concat_tables(clustered, promote_options="permissive"))
    shared = query("shared")
    return case.publish(
        done,
        [
            case.derived(FileCluster, shared + query("file_clusters")),
            case.derived(FirstShare, shared + query("first_shares")),
        ],
    )
