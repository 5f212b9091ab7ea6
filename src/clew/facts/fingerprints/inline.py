"""Looking at pictures and videos while an exhibit is taken in: their bytes are in memory still.

Intake reads each file once for its digests, its type and the store, and hands what it has just read
to this, a few hundred files at a time. Nothing depends on it: what was not looked at here is looked
at by the step, which finds these rows and reads none of their files again.
"""

from __future__ import annotations

import os
import threading

import pyarrow.parquet as pq

from clew.casefile import Case
from clew.casefile.store import Held
from clew.facts.fingerprints import kinds
from clew.facts.fingerprints.results import Wanted
from clew.facts.fingerprints.staging import Batch, Staging
from clew.facts.fingerprints.step import FRAMES, cut
from clew.facts.fingerprints.worker_calls import Given
from clew.records.media import MediaFile
from clew.sandbox import Guard


class InlineFingerprints:
    """Looks at what intake has just read of one exhibit; each content once."""

    def __init__(self, case: Case, exhibit_id: str) -> None:
        self._staging = Staging(case, exhibit_id)
        self._lock = threading.Lock()
        self._seen = {row["source_id"] for row in case.rows("SELECT source_id FROM media_files")}
        for waiting in self._staging.files(MediaFile, FRAMES[0]):
            for file in waiting:
                self._seen.update(pq.read_table(file, columns=["source_id"]).column(0).to_pylist())

    def __call__(self, held: list[Held], guard: Guard) -> None:
        """Look at the pictures and videos among these contents."""
        given = {h.sha256: _given(h) for h in reversed(held) if _is_wanted(h)}
        with self._lock:
            fresh = [sha256 for sha256 in sorted(given) if sha256 not in self._seen]
            self._seen.update(fresh)
        for batch in cut((given[sha256].wanted for sha256 in fresh), FRAMES[0]):
            self._staging.look(batch, _for(batch, given), guard)


def _for(batch: Batch, given: dict[str, Given]) -> list[Given]:
    return [given[wanted.sha256] for wanted in batch.files]


def _is_wanted(held: Held) -> bool:
    """Whether a content is looked at here: not a video whose bytes would have to be checked."""
    if held.media_type not in kinds.readable() or held.size == 0:
        return False
    if kinds.is_video(held.media_type):
        return held.sure
    return held.size <= kinds.MOST_BYTES and os.access(held.file, os.R_OK)


def _given(held: Held) -> Given:
    wanted = Wanted(
        exhibit_id=held.exhibit_id, item_id=held.item_id, path=held.path, sha256=held.sha256,
        media_type=held.media_type, size=held.size,
    )  # fmt: skip
    return Given(wanted, held.file, held.sure)
