"""Each file system against the tree that was put in, and against programs of others."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import struct
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from clew.evidence.bounds import Bounds

pytest.importorskip("pytsk3", reason="the extra `images` is not installed")
pytest.importorskip("pyewf", reason="the extra `images` is not installed")

from clew.evidence.images import Image
from clew.words.reasons import parted

FILES = {
    "a.txt": b"bread", "empty": b"", "sub/b.bin": random.Random(1).randbytes(300_000),
    "sub/deep/c.jpg": random.Random(2).randbytes(70_001), "sub/\u00e9t\u00e9.txt": b"trains",
}  # fmt: skip


def needs(*programs: str) -> None:
    gone = [p for p in programs if not shutil.which(p)]
    if gone:
        pytest.skip(f"not installed here: {', '.join(gone)}")


def run(*command) -> str:
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    done = subprocess.run([*map(str, command)], check=True, capture_output=True, env=environment)
    return done.stdout.decode("utf-8", "replace")


def blank(file: Path, megabytes: int) -> Path:
    with file.open("wb") as out:
        out.truncate(megabytes << 20)
    return file


@pytest.fixture
def tree(tmp_path) -> Path:
    top = tmp_path / "tree"
    for name, content in FILES.items():
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_bytes(content)
    return top


def read(*files: Path, start: int = 0) -> tuple[list[dict], list, str | None]:
    """Members as the worker tells them, flags of the image, and what is wrong with it."""
    handles = [os.open(file, os.O_RDONLY) for file in files]
    members: list[dict] = []
    flags, problem = [], None
    for frame in Image(handles, Bounds(), start).frames():
        if isinstance(frame, bytes):
            members[-1]["content"] += frame
        elif "member" in frame:
            name = bytes.fromhex(frame["member"]["name"]).decode("utf-8", "backslashreplace")
            members.append({**frame["member"], "name": name, "content": b"", "end": "unfinished"})
        elif "end" in frame:
            members[-1]["end"] = frame["end"]
        else:
            flags += frame.get("flags", [])
            problem = frame.get("problem", problem)
    for handle in handles:
        os.close(handle)
    return members, flags, problem


def deleted(member: dict) -> str | None:
    (state,) = dict(member["flags"]).get("image:deleted", ("",))
    return state.removeprefix("state=") or None


def live(members: list[dict], below: str = "") -> dict[str, bytes]:
    """Contents of live files by path."""
    return {
        m["name"].removeprefix(below): m["content"]
        for m in members
        if m["kind"] == "file" and m["end"] is None and deleted(m) is None and ":" not in m["name"]
    }


def holds_tree(found: dict[str, bytes]) -> bool:
    """Whether the tree is there whole; mtools writes no letter outside ASCII."""
    return all(
        content in (found.get(name), found.get(name.replace("\u00e9t\u00e9", "summer")))
        for name, content in FILES.items()
    )


def fat(kind: int):
    def make(file: Path, tree: Path) -> Path:
        needs("mkfs.vfat", "mcopy")
        run("mkfs.vfat", "-F", kind, blank(file, {12: 4, 16: 20, 32: 40}[kind]))
        (tree / "sub" / "\u00e9t\u00e9.txt").rename(
            tree / "sub" / "summer.txt"
        )  # mtools: ASCII only
        for entry in sorted(tree.iterdir()):
            run("mcopy", "-s", "-i", file, entry, "::/")
        return file

    return make


def ext(kind: int):
    def make(file: Path, tree: Path) -> Path:
        needs("mke2fs")
        run("mke2fs", "-q", "-t", f"ext{kind}", "-d", tree, blank(file, 16))
        return file

    return make


@pytest.mark.parametrize(
    "make", [fat(12), fat(16), fat(32), ext(2), ext(3), ext(4)],
    ids=["fat12", "fat16", "fat32", "ext2", "ext3", "ext4"],
)  # fmt: skip
def test_every_file_has_the_path_size_and_bytes_that_were_put_in(tmp_path, tree, make) -> None:
    members, _, problem = read(make(tmp_path / "i", tree))
    assert problem is None
    assert holds_tree(live(members))
    assert all(m["end"] != "unfinished" for m in members)
    assert {"sub", "sub/deep"} <= {m["name"] for m in members if m["kind"] == "directory"}
    assert not any(m["name"].startswith(("$FAT", "$MBR")) for m in members)
    assert len({m["ordinal"] for m in members}) == len(members)
    assert all(m["mtime"] for m in members if m["name"] in FILES)


def test_what_fls_lists_is_what_is_told(tmp_path, tree) -> None:
    needs("fls", "mkfs.vfat", "mcopy", "mdel")
    image = fat(32)(tmp_path / "i", tree)
    run("mdel", "-i", image, "::/a.txt")
    members, _, _ = read(image)
    listed = run("fls", "-r", "-p", image).splitlines()
    names = Counter(
        line.split("\t", 1)[1]
        for line in listed
        if not line.startswith(("v/v", "V/V", "r/r * 0")) and "$OrphanFiles" not in line
    )
    labels = {n for n in names if "(Volume Label" in n}
    assert Counter(m["name"] for m in members if "(Volume Label" not in m["name"]) == Counter(
        {n: c for n, c in names.items() if n not in labels}
    )


def exfat(file: Path, name: str, content: bytes) -> Path:
    """An exFAT volume as mkfs.exfat makes it, with one contiguous file entered by hand."""
    needs("mkfs.exfat")
    run("mkfs.exfat", blank(file, 8))
    data = bytearray(file.read_bytes())
    heap, root = struct.unpack_from("<I4xI", data, 88)
    sector, cluster = 1 << data[108], 1 << data[108] << data[109]

    def place(number: int) -> int:
        return heap * sector + (number - 2) * cluster

    entries = place(root)
    (bitmap,) = (
        struct.unpack_from("<I", data, at + 20)[0]
        for at in range(entries, entries + cluster, 32)
        if data[at] == 0x81
    )
    count = -(-len(content) // cluster)
    first = 100
    for number in range(first, first + count):
        data[place(bitmap) + (number - 2) // 8] |= 1 << (number - 2) % 8
    data[place(first) : place(first) + len(content)] = content
    letters = name.encode("utf-16-le")
    stamp = (2026 - 1980) << 25 | 3 << 21 | 4 << 16
    parts = bytearray(struct.pack("<BBHHHIII12x", 0x85, 2, 0, 0x20, 0, stamp, stamp, stamp))
    parts += struct.pack(
        "<BBBBHHQIIQ", 0xC0, 3, 0, len(name), 0, 0, len(content), 0, first, len(content)
    )
    parts += struct.pack("<BB30s", 0xC1, 0, letters.ljust(30, b"\0"))
    total = 0
    for at, byte in enumerate(parts):
        if at not in (2, 3):
            total = ((total << 15 | total >> 1) + byte) & 0xFFFF
    struct.pack_into("<H", parts, 2, total)
    free = next(at for at in range(entries, entries + cluster, 32) if data[at] == 0)
    data[free : free + 96] = parts
    file.write_bytes(data)
    return file


def test_a_file_of_exfat_is_read(tmp_path) -> None:
    content = random.Random(5).randbytes(50_000)
    members, _, problem = read(exfat(tmp_path / "i", "trip.jpg", content))
    assert problem is None
    assert live(members)["trip.jpg"] == content


@pytest.fixture
def ntfs(tmp_path, tree) -> Path:
    needs("mkntfs", "ntfs-3g", "umount")
    image = blank(tmp_path / "ntfs", 24)
    run("mkntfs", "-q", "-F", image)
    return image


def on_ntfs(image: Path, work) -> None:
    """Work on a mounted volume, where this machine lets us mount."""
    point = image.with_name("mounted")
    point.mkdir(exist_ok=True)
    try:
        run("ntfs-3g", "-o", "streams_interface=windows", image, point)
    except subprocess.CalledProcessError:
        pytest.skip("this machine mounts nothing")
    try:
        work(point)
    finally:
        run("umount", point)


def test_ntfs_files_and_streams_are_as_put_in(ntfs, tree) -> None:
    def fill(top: Path) -> None:
        shutil.copytree(tree, top, dirs_exist_ok=True)
        (top / "a.txt:secret").write_bytes(b"behind the file")
        (top / "sub:note").write_bytes(b"behind the folder")

    on_ntfs(ntfs, fill)
    members, _, problem = read(ntfs)
    assert problem is None
    assert holds_tree(live(members))
    streams = {m["name"]: m["content"] for m in members if "image:stream" in dict(m["flags"])}
    assert streams["a.txt:secret"] == b"behind the file"
    assert streams["sub:note"] == b"behind the folder"
    (bad,) = (m for m in members if m["name"] == "$BadClus:$Bad")
    assert parted(bad["end"])[0] == "sparse"


def test_content_of_places_used_again_is_never_that_of_the_deleted_file(ntfs) -> None:
    chance = random.Random(3)
    old = {f"old{n}.bin": chance.randbytes(1_500_000) for n in range(8)}
    new = {f"new{n}.bin": chance.randbytes(1_900_000) for n in range(7)}

    def fill(top: Path) -> None:
        for name, content in old.items():
            (top / name).write_bytes(content)

    def refill(top: Path) -> None:
        for name, content in new.items():
            (top / name).write_bytes(content)

    on_ntfs(ntfs, fill)
    on_ntfs(ntfs, lambda top: [(top / name).unlink() for name in old])
    before, _, _ = read(ntfs)
    back = {m["name"]: m["content"] for m in before if deleted(m) == "recoverable"}
    assert sum(back.get(name) == content for name, content in old.items()) == len(old)
    on_ntfs(ntfs, refill)
    members, _, _ = read(ntfs)
    assert live(members).items() >= new.items()
    states = Counter(deleted(m) for m in members)
    assert states["reallocated"] > 0
    given = [m for m in members if deleted(m) and m["end"] is None and m["name"] in old]
    assert all(m["content"] == old[m["name"]] for m in given)


def test_a_deleted_file_of_fat_never_has_the_content_of_another(tmp_path, tree) -> None:
    image = fat(16)(tmp_path / "i", tree)
    needs("mdel")
    put = {f"{letter}{'x' * 20 * n}.bin": letter * 90_000 for n, letter in enumerate("klmn")}
    for name, content in put.items():
        (tmp_path / name).write_text(content)
        run("mcopy", "-i", image, tmp_path / name, "::/")
        run("mdel", "-i", image, f"::/{name}")
    members, _, _ = read(image)
    gone = [m for m in members if deleted(m)]
    assert gone
    for member in gone:
        if member["end"] is None and member["size_stated"]:
            (name,) = (n for n in put if n[1:].lower() == member["name"][1:].lower())
            assert member["content"].decode() == put[name]


def test_an_encrypted_file_of_ext4_is_told_and_not_given_out_as_cipher_text(tmp_path, tree) -> None:
    needs("mke2fs", "debugfs")
    image = blank(tmp_path / "i", 16)
    run("mke2fs", "-q", "-t", "ext4", "-O", "encrypt", "-d", tree, image)
    run("debugfs", "-w", "-R", "set_inode_field /sub/b.bin flags 0x80800", image)
    members, _, _ = read(image)
    (member,) = (m for m in members if m["name"] == "sub/b.bin")
    assert (member["end"], member["content"]) == ("encrypted", b"")
    assert live(members)["a.txt"] == FILES["a.txt"]


def test_a_container_of_apfs_is_opened(tmp_path) -> None:
    needs("mkapfs")
    pytest.importorskip("pyfsapfs", reason="the extra `images` is not installed whole")
    image = blank(tmp_path / "i", 600)
    run("mkapfs", "-L", "Phone", image)
    members, _, problem = read(image)
    assert problem is None
    assert [(m["name"], m["flags"], m["end"]) for m in members] == [
        ("volume-1", [["image:volume", ("kind=APFS", "name=Phone")]], None)
    ]


def gpt(file: Path, parts: list[bytes]) -> Path:
    """A disk with a GPT, its parts one MiB apart."""
    needs("sgdisk")
    spans, at = [], 2048
    for part in parts:
        spans.append((at, -(-len(part) // 512)))
        at += spans[-1][1] + 2048
    with file.open("wb") as out:
        out.truncate((at + 4096) * 512)
        for (start, _), part in zip(spans, parts, strict=True):
            out.seek(start * 512)
            out.write(part)
    for number, (start, count) in enumerate(spans, 1):
        run("sgdisk", "-a", "1", "-n", f"{number}:{start}:{start + count - 1}", file)
    return file


def test_every_partition_is_told_whether_it_is_read_or_not(tmp_path, tree) -> None:
    f2fs = bytes(1024) + b"\x10\x20\xf5\xf2" + bytes(1 << 20)
    luks = b"LUKS\xba\xbe\0\2" + bytes(1 << 20)
    noise = random.Random(4).randbytes(1 << 20)
    parts = [ext(4)(tmp_path / "a", tree).read_bytes(), f2fs, luks, noise,
             fat(16)(tmp_path / "b", tree).read_bytes()]  # fmt: skip
    disk = gpt(tmp_path / "disk", parts)
    members, _, problem = read(disk)
    assert problem is None
    told = {m["name"]: m["end"] for m in members if "/" not in m["name"]}
    ends = [end for name, end in told.items() if name.startswith("partition")]
    assert len(ends) == len(parts)
    assert ends[0] is ends[4] is None
    assert ends[1] == "file_system_not_read:f2fs"
    assert parted(ends[2]) == ("encrypted", ("by=LUKS",))
    assert parted(ends[3])[0] == "no_file_system"
    names = [n for n in told if n.startswith("partition")]
    for name in (names[0], names[4]):
        assert holds_tree(live(members, f"{name}/"))
    spare = [m for m in members if m["name"].startswith("unallocated")]
    assert spare
    assert all(m["end"] == "unallocated" and m["size_stated"] for m in spare)


def test_a_split_raw_image_reads_as_the_whole(tmp_path, tree) -> None:
    from clew.evidence.segments import segments
    from clew.evidence.signatures import DISK

    data = ext(4)(tmp_path / "whole", tree).read_bytes()
    step = 5_000_000
    for number, at in enumerate(range(0, len(data), step), 1):
        (tmp_path / f"i.{number:03}").write_bytes(data[at : at + step])
    first = tmp_path / "i.001"
    others = [Path(os.fsdecode(p)) for p in segments(os.fsencode(first), DISK)]
    assert [p.name for p in others] == ["i.002", "i.003", "i.004"]
    assert read(first, *others)[0] == read(tmp_path / "whole")[0]


@pytest.fixture
def ewf(tmp_path, tree) -> list[Path]:
    needs("ewfacquire")
    raw = tmp_path / "raw"
    raw.write_bytes(ext(4)(tmp_path / "e", tree).read_bytes()[: -(12 << 20)] + os.urandom(12 << 20))
    run("ewfacquire", "-u", "-c", "none", "-S", "4MiB", "-d", "sha1", "-t", tmp_path / "x", "-C",
        "case 7", "-e", "examiner 7", "-f", "encase6", raw)  # fmt: skip
    return sorted(tmp_path.glob("x.E*"))


def test_ewf_segments_are_whole_and_hashed(ewf, tmp_path) -> None:
    assert len(ewf) > 2
    _, flags, problem = read(*ewf)
    raw = (tmp_path / "raw").read_bytes()
    details = [held for code, held in flags if code == "image:hash_verified"]
    assert problem is None
    assert any(f"computed={hashlib.md5(raw).hexdigest()}" in d for d in details)
    assert any(f"computed={hashlib.sha1(raw).hexdigest()}" in d for d in details)


@pytest.mark.parametrize("gone", [1, -1])
def test_a_missing_segment_is_told_and_never_read_as_zeros(ewf, gone) -> None:
    left = [p for p in ewf if p != ewf[gone]]
    members, _, problem = read(*left)
    assert members == []
    assert parted(problem)[0] == "segments_missing"


def test_a_changed_byte_of_an_ewf_image_is_a_mismatch(ewf) -> None:
    data = bytearray(ewf[1].read_bytes())
    data[len(data) // 2] ^= 1
    ewf[1].write_bytes(data)
    _, flags, problem = read(*ewf)
    assert problem or "image:hash_mismatch" in {code for code, _ in flags}
    assert "image:hash_verified" not in {code for code, _ in flags}


def test_going_on_from_an_ordinal_tells_the_same_as_before(tmp_path, tree) -> None:
    image = ext(4)(tmp_path / "i", tree)
    everything, _, _ = read(image)
    assert len(everything) > 5
    assert read(image, start=4)[0] == everything[4:]
