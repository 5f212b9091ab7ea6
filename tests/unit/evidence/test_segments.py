"""The segments of an image are those that its first one's name counts on to."""

from __future__ import annotations

import hashlib
import os
import shutil
import struct
import subprocess

import pytest
from steps import take_in

from clew.evidence.describe import described
from clew.evidence.segments import segments
from clew.evidence.signatures import DISK, EWF

ABOUT = dict.fromkeys(
    ("search_id", "label", "holder_ref", "time_zone", "acquired_with", "acquired_at", "authority")
)


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


@pytest.mark.parametrize(
    ("program", "first"),
    [
        (("zip", "-q", "-s", "64k", "x.zip", "a", "b"), "x.z01"),
        (("7z", "a", "-bd", "-v100k", "x.7z", "a", "b"), "x.7z.001"),
        (("7z", "a", "-bd", "-tzip", "-v100k", "x.zip", "a", "b"), "x.zip.001"),
    ],
)
def test_volumes_of_an_archive_are_one(case, tmp_path, program, first) -> None:
    if shutil.which(program[0]) is None:
        pytest.skip(f"{program[0]} is not installed")
    made = tmp_path / "made"
    made.mkdir()
    content = {"a": os.urandom(200_000), "b": b"short"}
    for name, held in content.items():
        (made / name).write_bytes(held)
    subprocess.run(program, cwd=made, check=True, capture_output=True)
    for name in content:
        (made / name).unlink()
    about = {**ABOUT, "exhibit_id": "V-1", "kind": "disk", "country": "ES", "hash_only": True}
    with case.writing():
        take_in(case, described(case.config, (made,), about), workers=1)
    found = {r["path"]: r["sha256"] for r in case.rows("SELECT path, sha256 FROM items")}
    for name, held in content.items():
        assert found[f"{first}/{name}"] == hashlib.sha256(held).hexdigest()
    codes = {
        (r["path"], r["code"]) for r in case.rows("SELECT * FROM flags JOIN items USING (item_id)")
    }
    assert (first, "archive:volumes") in codes
    assert not first.endswith("z01") or ("x.zip", "container:not_opened") in codes


def test_the_last_volume_of_a_zip_alone_is_told(case, tmp_path) -> None:
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 4, 4, 1, 2, 100, 0, 0)
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "last.zip").write_bytes(bytes(200) + end)
    about = {**ABOUT, "exhibit_id": "V-1", "kind": "disk", "country": "ES", "hash_only": True}
    with case.writing():
        take_in(case, described(case.config, (tmp_path / "x",), about), workers=1)
    assert [r["code"] for r in case.rows("SELECT code FROM flags")] == ["container:not_opened"]
