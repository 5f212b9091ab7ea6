"""Entries are cut into shards that are named by all that decides what they yield."""

from __future__ import annotations

import os

from msgspec.structs import replace

from clew.evidence.bounds import Bounds
from clew.evidence.entries import Intake, Packed, shards
from clew.records import Exhibit


def intake(folder, **about) -> Intake:
    exhibit = Exhibit(
        exhibit_id="ES-01", kind="phone", country="ES", authority="a", content_sha256="",
        hash_only=False, **about,
    )  # fmt: skip
    return Intake(exhibit, (folder,))


def test_every_entry_is_in_one_shard_and_a_shard_unpacks_to_itself(tmp_path) -> None:
    for number in range(1100):
        (tmp_path / f"{number:04}").touch()
    packed = list(shards(intake(tmp_path)))
    assert len(packed) > 1
    names = [entry.parts[-1] for one in packed for entry in one.unpacked().entries]
    assert names == sorted(map(os.fsencode, os.listdir(tmp_path)))
    whole = packed[0].unpacked()
    assert Packed.of(whole).name == packed[0].name == whole.name


def test_a_shard_of_other_bounds_has_another_name(tmp_path) -> None:
    (tmp_path / "x").write_text("x")
    (one,) = (p.unpacked() for p in shards(intake(tmp_path)))
    assert one.name == replace(one).name
    assert one.name != replace(one, bounds=Bounds(depth=1)).name
    assert one.name != replace(one, hash_only=True).name


def test_an_item_has_the_path_that_its_root_shows(tmp_path) -> None:
    from clew.evidence.digests import Digests

    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "x").write_text("x")
    (shard,) = (p.unpacked() for p in shards(intake(tmp_path)))
    items = [shard.item(entry, None, Digests()) for entry in shard.entries]
    assert [item.path for item in items] == ["d", "d/x"]
    assert items[1].parent_item_id == items[0].item_id
    assert shard.path(shard.entries[1]) == os.fsencode(tmp_path / "d" / "x")
