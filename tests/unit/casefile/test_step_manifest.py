"""A step counts only by a record that is whole and its own."""

from __future__ import annotations

import pytest

from clew.casefile.step_manifest import Output, StepManifest, StepManifests
from clew.errors import EvidenceError

DONE = StepManifest("read", "ES-01", "key", (Output("messages", "facts/x", 3, "0" * 64),))


@pytest.fixture
def kept(tmp_path) -> StepManifests:
    manifests = StepManifests(tmp_path)
    manifests.stage(DONE)
    manifests.put_in_force("read", "ES-01", DONE.sha256)
    return manifests


def test_a_record_is_what_was_put(kept) -> None:
    assert kept.get("read", "ES-01") == DONE
    assert kept.get("read", "ES-02") is None
    assert [one.sha256 for one in kept.every()] == [DONE.sha256]


def test_a_record_that_is_only_staged_does_not_count(tmp_path) -> None:
    manifests = StepManifests(tmp_path)
    manifests.stage(DONE)
    assert manifests.get("read", "ES-01") is None
    assert manifests.unsettled() == {("read", "ES-01")}


def test_a_record_that_was_taken_back_counts_no_more_and_can_be_put_back(kept) -> None:
    kept.set_aside("read", "ES-01")
    assert list(kept.every()) == []
    kept.put_in_force("read", "ES-01", DONE.sha256)
    assert [one.sha256 for one in kept.every()] == [DONE.sha256]


@pytest.mark.parametrize("text", ["", "{}", '{"step": 1}', "\x00", DONE.text.replace("key", 'k"')])
def test_a_damaged_record_is_named(kept, tmp_path, text) -> None:
    (tmp_path / "read" / "ES-01.json").write_text(text)
    with pytest.raises(EvidenceError, match="damaged"):
        kept.get("read", "ES-01")


def test_a_record_under_another_name_is_refused(kept, tmp_path) -> None:
    (tmp_path / "read" / "ES-02.json").write_text(DONE.text)
    with pytest.raises(EvidenceError, match="it is of 'read' for ES-01"):
        kept.get("read", "ES-02")
