"""Backups of Android: opened like any archive, with paths as on the phone; encrypted ones told."""

from __future__ import annotations

import io
import os
import random
import tarfile
import zlib

import pytest

from clew.evidence import adb
from clew.evidence.archives import Reading
from clew.evidence.bounds import Bounds
from clew.evidence.device_paths import DevicePaths
from clew.evidence.signatures import ANDROID_BACKUP, media_type
from clew.records import Item
from clew.schema import to_arrow
from clew.words.reasons import parted, registered

FILES = {
    "apps/org.example.chat/_manifest": b"1\norg.example.chat\n",
    "apps/org.example.chat/db/messages.db": b"SQLite format 3\0" + bytes(range(256)) * 40,
    "apps/org.example.chat/f/avatars/1.jpg": random.Random(1).randbytes(5000),
    "shared/0/DCIM/2.jpg": random.Random(2).randbytes(5000),
}


def backup(version: int = 5, *, deflated: bool = True, cipher: str = "none") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, content in FILES.items():
            about = tarfile.TarInfo(name)
            about.size = len(content)
            archive.addfile(about, io.BytesIO(content))
    body = zlib.compress(out.getvalue()) if deflated else out.getvalue()
    return f"ANDROID BACKUP\n{version}\n{int(deflated)}\n{cipher}\n".encode() + body


def read(folder, data: bytes) -> tuple[dict[str, bytes], str | None, list[str]]:
    """Members, the problem of the whole, and flags."""
    file = folder / "phone.ab"
    file.write_bytes(data)
    handle = os.open(file, os.O_RDONLY)
    members: dict[str, bytes] = {}
    problem, flags, name = None, [], ""
    for frame in Reading(handle, media_type(data[:4096]) or "", b"x", Bounds()).frames():
        if isinstance(frame, bytes):
            members[name] += frame
        elif "member" in frame:
            name = bytes.fromhex(frame["member"]["name"]).decode()
            members[name] = b""
        elif frame.get("end"):
            del members[name]
        flags += [code for code, _ in frame.get("flags", ())] if isinstance(frame, dict) else []
        problem = frame.get("problem", problem) if isinstance(frame, dict) else problem
    os.close(handle)
    return members, problem, flags


@pytest.mark.parametrize("deflated", [True, False])
@pytest.mark.parametrize("version", [1, 5])
@pytest.mark.parametrize("before", [b"", b"MIUI BACKUP\n2\norg.example Chat\n-1\n0\n"])
def test_every_member_comes_out(tmp_path, version, deflated, before) -> None:
    data = before + backup(version, deflated=deflated)
    assert media_type(data[:4096]) == ANDROID_BACKUP
    assert read(tmp_path, data) == (FILES, None, [])


def test_an_encrypted_one_is_told_and_not_opened(tmp_path) -> None:
    members, problem, _ = read(tmp_path, backup(cipher="AES-256"))
    code, figures = parted(problem or "")
    assert (members, code) == ({}, "encrypted:android-backup")
    assert "cipher=AES-256" in figures
    assert registered("items", code)


@pytest.mark.parametrize("deflated", [True, False])
@pytest.mark.parametrize("kept", [16, 24, 60, 2000, 9000, -600])
def test_a_torn_one_costs_what_is_missing(tmp_path, deflated, kept) -> None:
    members, problem, _ = read(tmp_path, backup(deflated=deflated)[:kept])
    assert problem or members == FILES
    assert all(FILES[name].startswith(content) for name, content in members.items())


def test_behind_damage_the_rest_of_a_plain_one_is_read(tmp_path) -> None:
    data = bytearray(backup(deflated=False))
    at = data.index(b"apps/org.example.chat/db")
    data[at : at + 60] = b"\xff" * 60
    members, _, flags = read(tmp_path, bytes(data))
    assert members.keys() == FILES.keys() - {"apps/org.example.chat/db/messages.db"}
    assert "tar:salvaged" in flags


@pytest.mark.parametrize(
    ("member", "path"),
    [
        ("apps/a.b/sp/x.xml", "/data/data/a.b/shared_prefs/x.xml"),
        ("apps/a.b/r/app_x/y", "/data/data/a.b/app_x/y"),
        ("apps/a.b/d_db/z", "/data/user_de/0/a.b/databases/z"),
        ("apps/a.b/a/base.apk", "/data/app/a.b/base.apk"),
        ("apps/a.b/_manifest", None),
        ("apps/a.b/unknown/x", None),
        ("shared/1/y", "/storage/1/y"),
    ],
)
def test_a_member_has_its_path_on_the_phone(member, path) -> None:
    assert adb.device_path(member) == path


def test_items_of_a_backup_have_their_paths_on_the_phone() -> None:
    rows = [
        Item(
            item_id=f"{n:020}", exhibit_id="A-1", path=f"seized/phone.ab/{name}", kind="file",
            in_archive=True, outcome="processed", ordinal=n,
        )
        for n, name in enumerate(FILES)
    ]  # fmt: skip
    paths = DevicePaths(lambda: iter(to_arrow(Item, rows).to_batches()), [])
    (part,) = paths.items()
    assert part.column("device_path").to_pylist() == [
        None, "/data/data/org.example.chat/databases/messages.db",
        "/data/data/org.example.chat/files/avatars/1.jpg", "/sdcard/DCIM/2.jpg",
    ]  # fmt: skip
    assert [flag for _, flag in paths.flags()] == [
        ("phone:android-backup", ("root=seized/phone.ab",))
    ]
