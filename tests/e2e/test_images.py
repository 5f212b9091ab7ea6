"""Disk images of real file systems, made by the programs that make them."""

from __future__ import annotations

import hashlib
import random
import shutil
import subprocess
from pathlib import Path

import pytest
from steps import take_in

from clew.casefile import create_case
from clew.evidence.entries import Intake
from clew.evidence.signatures import DISK, media_type
from clew.records import Exhibit, ExhibitKind

pytest.importorskip("pytsk3", reason="the extra `images` is not installed")

FILES = {f"DCIM/IMG_{n:04}.JPG": random.Random(n).randbytes(3000 * (n + 1)) for n in range(12)}
FILES["notes.txt"] = b"bread and trains"


def needs(*programs: str) -> None:
    gone = [p for p in programs if not shutil.which(p)]
    if gone:
        pytest.skip(f"not installed here: {', '.join(gone)}")


def run(*command) -> None:
    subprocess.run([str(c) for c in command], check=True, capture_output=True)


@pytest.fixture(scope="module")
def tree(tmp_path_factory) -> Path:
    top = tmp_path_factory.mktemp("seized") / "tree"
    (top / "DCIM").mkdir(parents=True)
    for name, content in FILES.items():
        (top / name).write_bytes(content)
    return top


def blank(file: Path, megabytes: int) -> Path:
    with file.open("wb") as out:
        out.truncate(megabytes << 20)
    return file


def fat(file: Path, tree: Path, *flags: str) -> Path:
    needs("mkfs.vfat", "mcopy", "mdel")
    blank(file, 20)
    run("mkfs.vfat", *flags, file)
    run("mcopy", "-s", "-i", file, tree / "DCIM", tree / "notes.txt", "::/")
    return file


def ext4(file: Path, tree: Path) -> Path:
    needs("mkfs.ext4")
    run("mkfs.ext4", "-q", "-d", tree, blank(file, 20))
    return file


def ntfs(file: Path, tree: Path) -> Path:
    needs("mkntfs", "ntfscp")
    run("mkntfs", "-q", "-F", "-f", blank(file, 20))
    for name in FILES:
        if "/" not in name:
            run("ntfscp", "-f", file, tree / name, name)
    return file


def take(tmp_path, *paths: Path) -> tuple[list[dict], list[dict]]:
    exhibit = Exhibit(
        exhibit_id="D-01", kind=ExhibitKind.DISK, country="ES", authority="a", hash_only=False,
        content_sha256="",
    )  # fmt: skip
    with create_case(tmp_path / "case", "t", "a") as case, case.writing():
        take_in(case, Intake(exhibit, paths), workers=1)
        return case.rows("FROM items ORDER BY path, ordinal"), case.rows("FROM flags")


def contents(items: list[dict]) -> dict[str, str]:
    return {i["path"].split("/", 1)[1].split("/", 1)[-1]: i["sha256"] for i in items
            if i["in_archive"] and i["sha256"] and i["outcome"] == "processed"}  # fmt: skip


def right(items: list[dict], files=None) -> bool:
    found = {i["sha256"]: i["path"] for i in items if i["in_archive"] and i["sha256"]}
    return all(
        hashlib.sha256(content).hexdigest() in found
        and found[hashlib.sha256(content).hexdigest()].endswith(name)
        for name, content in (files or FILES).items()
    )


@pytest.mark.parametrize("make", [fat, ext4], ids=["fat", "ext4"])
def test_every_file_of_a_file_system_is_an_item_with_its_path(tmp_path, tree, make) -> None:
    image = make(tmp_path / "disk.dd", tree)
    assert media_type(image.read_bytes()[: 36 << 10]) == DISK
    before = hashlib.sha256(image.read_bytes()).hexdigest()
    items, _ = take(tmp_path, image)
    assert right(items)
    assert items[0]["outcome"] == "processed"
    assert hashlib.sha256(image.read_bytes()).hexdigest() == before


def test_ntfs_and_its_further_streams_are_read(tmp_path, tree) -> None:
    image = ntfs(tmp_path / "disk.dd", tree)
    run("ntfscp", "-f", "-N", "hidden", image, tree / "DCIM" / "IMG_0003.JPG", "notes.txt")
    items, flags = take(tmp_path, image)
    assert right(items, {"notes.txt": FILES["notes.txt"]})
    assert right(items, {"notes.txt:hidden": FILES["DCIM/IMG_0003.JPG"]})
    assert "image:stream" in {f["code"] for f in flags}


def test_a_deleted_file_is_labelled_and_its_content_is_what_it_was(tmp_path, tree) -> None:
    image = fat(tmp_path / "disk.dd", tree)
    run("mdel", "-i", image, "::/DCIM/IMG_0005.JPG")
    items, flags = take(tmp_path, image)
    deleted = {f["item_id"] for f in flags if f["code"] == "image:deleted"}
    gone = hashlib.sha256(FILES["DCIM/IMG_0005.JPG"]).hexdigest()
    assert [i["sha256"] for i in items if i["item_id"] in deleted] == [gone]
    assert all(i["item_id"] in deleted for i in items if i["sha256"] == gone)


def test_an_ewf_image_of_several_segments_is_read_and_its_hash_checked(tmp_path, tree) -> None:
    needs("ewfacquire")
    raw = ext4(tmp_path / "disk.dd", tree)
    (tmp_path / "seized").mkdir()
    run("ewfacquire", "-u", "-c", "none", "-S", "8M", "-t", tmp_path / "seized" / "disk",
        "-D", "demo", "-e", "examiner 7", "-f", "encase6", raw)  # fmt: skip
    assert len(list((tmp_path / "seized").glob("*.E0*"))) > 1
    items, flags = take(tmp_path, tmp_path / "seized")
    assert right(items)
    codes = {f["code"]: f["figures"] for f in flags}
    assert "image:hash_verified" in codes
    assert any(held.endswith("=examiner 7") for held in codes["image:acquisition"])
    assert "container:not_opened" not in codes


def test_partitions_are_told_apart_and_what_lies_between_is_told(tmp_path, tree) -> None:
    part = ext4(tmp_path / "part", tree)
    data = part.read_bytes()
    sectors = len(data) // 512
    entry = (
        bytes([0, 0, 0, 0, 0x83, 0, 0, 0])
        + (2048).to_bytes(4, "little")
        + sectors.to_bytes(4, "little")
    )
    table = bytes(446) + entry + bytes(48) + b"\x55\xaa"
    disk = tmp_path / "disk.dd"
    disk.write_bytes(table + bytes(2048 * 512 - 512) + data + bytes(1 << 20))
    items, _ = take(tmp_path, disk)
    assert right(items)
    assert any("/partition-" in i["path"] for i in items)
    between = [i for i in items if i["reason"] == "unallocated"]
    assert sorted(i["size"] for i in between) == [1 << 20, 2048 * 512]


def test_an_encrypted_volume_is_told_and_not_read(tmp_path) -> None:
    disk = tmp_path / "disk.dd"
    disk.write_bytes(b"\xeb\x58\x90-FVE-FS-" + bytes(499) + b"\x55\xaa" + bytes(1 << 20))
    items, _ = take(tmp_path, disk)
    assert items[0]["outcome"] == "failed"
    assert (items[0]["reason"], items[0]["figures"]) == ("encrypted", ["by=BitLocker"])


@pytest.mark.parametrize(("make", "seeds"), [(fat, 17), (ext4, 17), (ntfs, 16)],
                         ids=["fat", "ext4", "ntfs"])  # fmt: skip
def test_a_damaged_image_costs_at_most_itself(tmp_path, tree, make, seeds) -> None:
    whole = make(tmp_path / "disk.dd", tree).read_bytes()
    folder = tmp_path / "damaged"
    folder.mkdir()
    for seed in range(seeds):
        data, chance = bytearray(whole), random.Random(f"{make.__name__} {seed}")
        for _ in range(400):
            at = chance.choice([chance.randrange(2048, 200_000), chance.randrange(len(data))])
            data[at] = chance.randrange(256)
        (folder / f"{seed}.dd").write_bytes(data)
    (folder / "beside.txt").write_text("still here")
    items, _ = take(tmp_path, folder)
    outcomes = {i["path"]: i["outcome"] for i in items}
    assert outcomes["beside.txt"] == "processed"
    within = {i["path"].split("/")[0] for i in items if i["in_archive"]}
    images = {f"{seed}.dd" for seed in range(seeds)}
    assert {name for name in images - within if outcomes[name] != "failed"} == set()
