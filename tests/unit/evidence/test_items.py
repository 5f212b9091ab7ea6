"""Items have the same id in every run, their paths as text, and an outcome."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from clew.evidence.digests import Digests
from clew.evidence.items import as_text, as_time, content_columns, item_id
from clew.records import ItemKind, Outcome


def test_an_id_tells_place_from_place() -> None:
    ids = {
        item_id("ES-01", None, b"a"), item_id("ES-02", None, b"a"), item_id("ES-01", "p", b"a"),
        item_id("ES-01", None, b"b"), item_id("ES-01", None, b"a", 0), item_id("ES-01", "pa", b""),
    }  # fmt: skip
    assert len(ids) == 6
    assert item_id("ES-01", "p", b"a") == item_id("ES-01", "p", b"a")


def test_a_path_that_is_no_text_keeps_its_bytes() -> None:
    assert as_text(b"a/b") == ("a/b", None)
    text, raw = as_text(b"caf\xe9")
    assert (text, bytes.fromhex(raw)) == ("caf\\xe9", b"caf\xe9")


def test_a_time_that_no_calendar_has_is_none() -> None:
    assert as_time(0) == datetime(1970, 1, 1, tzinfo=UTC)
    assert [as_time(n) for n in (None, -1, 10**30)] == [None] * 3


@pytest.mark.parametrize(
    ("kind", "problem", "outcome", "reason"),
    [
        (ItemKind.FILE, None, Outcome.PROCESSED, None),
        (ItemKind.DIRECTORY, None, Outcome.PROCESSED, None),
        (ItemKind.SYMLINK, None, Outcome.SKIPPED, "symlink"),
        (ItemKind.FIFO, None, Outcome.SKIPPED, "special:fifo"),
        (ItemKind.FILE, "deleted:unallocated", Outcome.SKIPPED, "deleted:unallocated"),
        (ItemKind.FILE, "open:EACCES", Outcome.FAILED, "open:EACCES"),
    ],
)
def test_every_kind_has_an_outcome(kind, problem, outcome, reason) -> None:
    found = content_columns(kind, problem, Digests(), 7)
    assert (found["outcome"], found["reason"]) == (outcome, reason)
    assert (found["sha256"] is None) == (kind != ItemKind.FILE or problem is not None)
