"""The segments of an image are those that its first one's name counts on to."""

from __future__ import annotations

import os

from clew.evidence.segments import segments
from clew.evidence.signatures import DISK, EWF


def beside(folder, first: str, kind: str, *names: str) -> list[str]:
    for name in (first, *names):
        (folder / name).touch()
    found = segments(os.fsencode(folder / first), kind)
    return [os.path.basename(os.fsdecode(path)) for path in found]


def test_ewf_goes_on_with_letters_behind_e99(tmp_path) -> None:
    names = [f"d.E{n:02}" for n in range(2, 100)] + ["d.EAA", "d.EAB"]
    assert (
        beside(tmp_path, "d.E01", EWF, *names, "d.txt", "d.FAA", "e.E02", "d.E00", "d.e1") == names
    )


def test_a_split_raw_image_ends_at_the_first_gap(tmp_path) -> None:
    assert beside(tmp_path, "d.001", DISK, "d.002", "d.003", "d.005") == ["d.002", "d.003"]


def test_what_is_no_first_segment_has_none(tmp_path) -> None:
    assert beside(tmp_path, "d.dd", DISK, "d.002") == []
    assert beside(tmp_path, "d.E02", EWF, "d.E03") == []
