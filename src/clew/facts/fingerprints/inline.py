"""Fingerprints while an exhibit is taken in: the bytes of its files are in memory still.

Intake reads each file once for its digests, its type and the store, and hands what it has just read
to this, a few hundred files at a time. Nothing depends on it: what was not fingerprinted here is
done by the step, which finds these rows and reads none of their files again.
"""

import os
import threading
from functools import partial

import pyarrow.parquet as pq

from clew.casefile import Case
from clew.casefile.store import Content
from clew.facts.fingerprints import kinds
from clew.facts.fingerprints.batches import STEP, fingerprint_batches, fingerprint_files, staged
from clew.facts.fingerprints.results import Wanted
from clew.facts.fingerprints.step import FRAMES
from clew.facts.fingerprints.worker_calls import Given
from clew.records import MediaFile
from clew.sandbox import Guard
from clew.shards import ShardFolder


class InlineFingerprints:
    """Fingerprints what intake has just read of one exhibit; each content once."""

    def __init__(self, case: Case, exhibit_id: str) -> None:
        self._folder = ShardFolder(case, STEP, exhibit_id)
        self._lock = threading.Lock()
        self._seen = {row["source_id"] for row in case.rows("SELECT source_id FROM media_files")}
        for file in staged(case, MediaFile, FRAMES[0]):
            self._seen.update(pq.read_table(file, columns=["source_id"]).column(0).to_pylist())

    def __call__(self, contents: list[Content], guard: Guard) -> None:
        """Fingerprint the pictures and videos among these contents."""
        given = {c.sha256: _given(c) for c in reversed(contents) if _is_wanted(c)}
        with self._lock:
            fresh = [sha256 for sha256 in sorted(given) if sha256 not in self._seen]
            self._seen.update(fresh)
        for batch in fingerprint_batches((given[sha256].wanted for sha256 in fresh), FRAMES[0]):
            files = [given[wanted.sha256] for wanted in batch.files]
            self._folder.keep(batch.name, partial(fingerprint_files, files, FRAMES[0], guard))


def _is_wanted(content: Content) -> bool:
    """Whether a content is done here: not a video whose bytes would have to be checked."""
    if content.media_type not in kinds.readable() or content.size == 0:
        return False
    if kinds.is_video(content.media_type):
        return content.sure
    return content.size <= kinds.MOST_BYTES and os.access(content.file, os.R_OK)


def _given(content: Content) -> Given:
    wanted = Wanted(
        exhibit_id=content.exhibit_id, item_id=content.item_id, path=content.path,
        sha256=content.sha256, media_type=content.media_type, size=content.size,
    )  # fmt: skip
    return Given(wanted, content.file, content.sure)
