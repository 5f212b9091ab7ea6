"""Archives that libarchive reads: nothing lost, nothing silent, nothing that swells for ever."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import random
import shutil
import subprocess
import tarfile

import pytest

from clew.evidence.archives import Reading
from clew.evidence.bounds import Bounds
from clew.evidence.signatures import media_type
from clew.words.reasons import parted

FILES = {f"DCIM/photo-{n}.jpg": random.Random(n).randbytes(3000 + n) for n in range(20)}


def read(folder, data: bytes, **bounds):
    """Members as (name, content or problem), flags, and the problem of the whole."""
    file = folder / "archive"
    file.write_bytes(data)
    handle = os.open(file, os.O_RDONLY)
    members, flags, problem, held = [], [], None, b""
    for frame in Reading(
        handle, media_type(data[: 36 << 10]), b"within", Bounds(**bounds)
    ).frames():
        if isinstance(frame, bytes):
            held += frame
        elif "member" in frame:
            name, held = bytes.fromhex(frame["member"]["name"]).decode(), b""
            flags += [code for code, _ in frame["member"]["flags"]]
        elif "end" in frame:
            members.append((name, frame["end"] or held))
        elif "flags" in frame:
            flags += [code for code, _ in frame["flags"]]
        else:
            problem = frame["problem"]
    os.close(handle)
    return members, flags, problem


def tar(files=None, **how) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", **how) as archive:
        for name, content in (files or FILES).items():
            about = tarfile.TarInfo(name)
            about.size = len(content)
            archive.addfile(about, io.BytesIO(content))
    return out.getvalue()


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, lzma.compress])
@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_a_tar_is_read_whole_however_it_is_packed(tmp_path, pack, form) -> None:
    members, flags, problem = read(tmp_path, pack(tar(format=form)))
    assert dict(members) == FILES
    assert (flags, problem) == ([], None)


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_a_compressed_file_is_one_member(tmp_path, pack) -> None:
    assert read(tmp_path, pack(b"a note")) == ([("within", b"a note")], [], None)


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_a_file_of_several_streams_is_read_to_its_end(tmp_path, pack) -> None:
    assert read(tmp_path, pack(b"one ") + pack(b"two"))[0] == [("within", b"one two")]


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_a_torn_compressed_file_is_told(tmp_path, pack) -> None:
    data = pack(random.Random(5).randbytes(200_000))
    members, _, problem = read(tmp_path, data[: len(data) // 2])
    assert problem or any(isinstance(said, str) for _, said in members)


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress])
def test_what_stands_behind_a_compressed_file_is_told_and_costs_nothing(tmp_path, pack) -> None:
    found = read(tmp_path, pack(b"a note") + bytes(5) + b"something else")
    assert found == ([("within", b"a note")], ["archive:trailing_bytes"], None)


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress])
def test_members_before_the_damage_of_a_packed_tar_are_kept(tmp_path, pack) -> None:
    packed = pack(tar())
    members, _, problem = read(tmp_path, packed[: len(packed) * 2 // 3])
    whole = {name: content for name, content in members if isinstance(content, bytes)}
    assert len(whole) >= (10 if pack is gzip.compress else 0)
    assert whole.items() <= FILES.items()
    assert parted(problem or "")[0] == "damaged"


def test_an_empty_compressed_file_is_no_damage_and_no_success(tmp_path) -> None:
    assert read(tmp_path, gzip.compress(b"")) == ([], [], "no_members")


def test_the_older_lzma_has_no_signature_and_is_opened(tmp_path) -> None:
    packed = lzma.compress(b"a note", format=lzma.FORMAT_ALONE)
    assert read(tmp_path, packed) == ([("within", b"a note")], [], None)


@pytest.mark.parametrize("seed", range(20))
def test_a_damaged_header_costs_one_member_and_is_labelled(tmp_path, seed) -> None:
    data = bytearray(tar(format=tarfile.USTAR_FORMAT))
    headers = [at for at in range(0, len(data), 512) if data[at + 257 : at + 262] == b"ustar"]
    at = random.Random(seed).choice(headers[1:-1])
    data[at : at + 100] = random.Random(seed).randbytes(100)
    members, flags, _ = read(tmp_path, bytes(data))
    whole = {name: content for name, content in members if isinstance(content, bytes)}
    assert "tar:salvaged" in flags
    assert len(FILES) - 2 <= sum(whole.get(n) == c for n, c in FILES.items()) < len(FILES)


def test_links_and_devices_are_told_and_never_made(tmp_path) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, kind in (("../up", tarfile.SYMTYPE), ("hard", tarfile.LNKTYPE),
                           ("dev", tarfile.CHRTYPE), ("pipe", tarfile.FIFOTYPE)):  # fmt: skip
            about = tarfile.TarInfo(name)
            about.type, about.linkname = kind, "/etc/passwd"
            archive.addfile(about)
    members, flags, _ = read(tmp_path, out.getvalue())
    assert [name for name, _ in members] == ["../up", "hard", "dev", "pipe"]
    assert members[0][1] == b"/etc/passwd"
    assert flags == ["archive:hard_link"]
    assert [p.name for p in tmp_path.iterdir()] == ["archive"]


@pytest.mark.parametrize("hole", [300_000, 5_000_000])
def test_a_sparse_file_keeps_its_holes_within_limits(tmp_path, hole) -> None:
    source = tmp_path / "sparse"
    with source.open("wb") as file:
        file.seek(hole)
        file.write(b"end")
    if not shutil.which("tar"):
        pytest.skip("there is no tar")
    packed = tmp_path / "packed.tar"
    subprocess.run(["tar", "-S", "-cf", packed, "-C", tmp_path, "sparse"], check=True)
    content = source.read_bytes()
    assert read(tmp_path, packed.read_bytes())[0] == [("sparse", content)]
    told = read(tmp_path, packed.read_bytes(), member_bytes=hole)[0]
    assert told == [("sparse", "limit:member")]


def test_a_bomb_stops_at_its_ratio(tmp_path) -> None:
    members, _, _ = read(tmp_path, gzip.compress(bytes(50 << 20)))
    assert members == [("within", "limit:ratio")]


def test_members_and_bytes_are_bounded(tmp_path) -> None:
    members, _, problem = read(tmp_path, tar(), members=5)
    assert (len(members), problem) == (5, "limit:members")
    members, _, problem = read(tmp_path, tar(), total_bytes=10_000)
    assert problem == "limit:total"
    assert "limit:total" in [said for _, said in members]
    assert all(said == "limit:member" for _, said in read(tmp_path, tar(), member_bytes=2_000)[0])


@pytest.mark.parametrize("seed", range(60))
def test_no_damage_passes_in_silence(tmp_path, seed) -> None:
    """Whatever bytes change: each content is as it was, or something is told."""
    rng = random.Random(seed)
    data = bytearray(rng.choice([gzip.compress, lzma.compress, bz2.compress])(tar()))
    for _ in range(rng.randint(1, 4)):
        data[rng.randrange(40, len(data))] ^= 1 << rng.randrange(8)
    members, flags, problem = read(tmp_path, bytes(data))
    good = dict(members) == FILES
    told = problem or flags or any(isinstance(said, str) for _, said in members)
    assert good or told


def test_7z_and_iso_are_read_as_the_programs_that_made_them(tmp_path) -> None:
    tree = tmp_path / "tree"
    (tree / "DCIM").mkdir(parents=True)
    for name, content in FILES.items():
        (tree / name).write_bytes(content)
    made = []
    if program := shutil.which("7z") or shutil.which("7zz") or shutil.which("7za"):
        subprocess.run([program, "a", "-bso0", tmp_path / "t.7z", "DCIM"], cwd=tree, check=True)
        made.append("t.7z")
    if program := shutil.which("genisoimage") or shutil.which("mkisofs"):
        call = [program, "-quiet", "-R", "-o", tmp_path / "t.iso", tree]
        subprocess.run(call, check=True, stderr=subprocess.DEVNULL)
        made.append("t.iso")
    if not made:
        pytest.skip("neither 7z nor genisoimage is there")
    for name in made:
        members, flags, problem = read(tmp_path, (tmp_path / name).read_bytes())
        assert {n: c for n, c in members if n in FILES} == FILES
        assert (flags, problem) == ([], None)
