"""Where each file lies and went, and who is first known to have shared it."""

import pyarrow as pa

from clew.casefile import Context
from clew.findings.perceptual.clusters import content_clusters
from clew.findings.perceptual.films import video_clusters
from clew.findings.perceptual.moving import moving_clusters, moving_pictures
from clew.records import FileCluster, FirstShare


def provenance(context: Context) -> None:
    """Find each file's earliest known share, and the devices that could have known better.

    Near duplicates are clustered first, so that a re-encoded copy leads to the file it came from.
    """
    settled = frozenset(row["sha256"] for row in context.rows("settled_contents"))
    moving = moving_pictures(context)
    clustered = [
        content_clusters(context, settled, sorted(moving)),
        moving_clusters(moving, settled),
        video_clusters(context, settled),
    ]
    clusters = pa.concat_tables(clustered, promote_options="permissive")
    with context.engine.with_tables(content_clusters=clusters):
        context.publish(
            context.derived(FileCluster, "file_clusters"),
            context.derived(FirstShare, "first_shares"),
        )
