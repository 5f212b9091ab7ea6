"""A backup of an iOS device keeps the device's paths, and says what it can't account for."""

from __future__ import annotations

import hashlib
import plistlib
import shutil
import sqlite3
import zipfile
from pathlib import Path

import pytest
from steps import read, take_in

from clew.evidence.describe import described

ABOUT = dict.fromkeys(
    ("search_id", "label", "holder_ref", "time_zone", "acquired_with", "acquired_at", "authority")
)


FILES = {
    ("HomeDomain", "Library/SMS/sms.db"): b"",
    ("CameraRollDomain", "Media/DCIM/100APPLE/IMG_0001.JPG"): b"a picture",
    ("AppDomainGroup-group.example.shared", "chats/Grüße.txt"): b"some text",
}


def stored(domain: str, path: str) -> str:
    return hashlib.sha1(f"{domain}-{path}".encode()).hexdigest()


def backup(folder: Path, *, encrypted: bool = False, flat: bool = False) -> Path:
    """A backup as a computer writes it, with one database in it."""
    folder.mkdir()
    with sqlite3.connect(folder / "Manifest.db") as db:
        db.execute(
            "CREATE TABLE Files (fileID TEXT PRIMARY KEY, domain TEXT, relativePath TEXT, "
            "flags INTEGER, file BLOB)"
        )
        db.execute("INSERT INTO Files VALUES ('0', 'HomeDomain', 'Library', 2, NULL)")
        for (domain, path), content in FILES.items():
            name = stored(domain, path)
            db.execute("INSERT INTO Files VALUES (?, ?, ?, 1, NULL)", (name, domain, path))
            place = folder / name if flat else folder / name[:2] / name
            place.parent.mkdir(exist_ok=True)
            if path.endswith(".db"):
                with sqlite3.connect(place) as inner:
                    inner.execute("CREATE TABLE message (text TEXT)")
                    inner.execute("INSERT INTO message VALUES ('x')")
                inner.close()
            else:
                place.write_bytes(content)
    db.close()
    if encrypted:
        (folder / "Manifest.db").write_bytes(hashlib.sha512(b"cipher").digest() * 64)
    for name, said in (("Manifest.plist", {"IsEncrypted": encrypted}), ("Info.plist", {})):
        (folder / name).write_bytes(plistlib.dumps(said, fmt=plistlib.FMT_BINARY))
    return folder


def taken(case, path: Path, *, hash_only: bool = False) -> dict[str, dict]:
    about = {**ABOUT, "exhibit_id": "I-1", "kind": "phone", "country": "ES", "hash_only": hash_only}
    with case.writing():
        take_in(case, described(case.config, (path,), about))
    return {row["path"]: row for row in case.rows("SELECT * FROM items")}


def flags(case) -> dict[str, str]:
    return {row["code"]: row["figures"] for row in case.rows("SELECT * FROM flags")}


def places(items: dict[str, dict]) -> set[str]:
    return {row["device_path"] for row in items.values() if row["device_path"]}


WANTED = {f"{domain}/{path}" for domain, path in FILES}


@pytest.mark.parametrize("hash_only", [False, True])
@pytest.mark.parametrize("flat", [False, True])
def test_every_file_has_its_path_on_the_device(case, tmp_path, hash_only, flat) -> None:
    items = taken(case, backup(tmp_path / "b", flat=flat), hash_only=hash_only)
    assert places(items) == WANTED
    assert flags(case) == {"phone:ios-backup": ["root=/"]}
    assert all(row["outcome"] == "processed" for row in items.values())


@pytest.mark.parametrize("hash_only", [False, True])
def test_so_has_a_backup_within_an_archive(case, tmp_path, hash_only) -> None:
    folder = backup(tmp_path / "b")
    shutil.make_archive(str(tmp_path / "packed"), "zip", tmp_path, "b")
    shutil.rmtree(folder)
    items = taken(case, tmp_path / "packed.zip", hash_only=hash_only)
    assert places(items) == WANTED
    assert flags(case)["phone:ios-backup"] == ["root=packed.zip/b"]


def test_a_reader_is_offered_a_file_by_its_name_on_the_device(case, tmp_path) -> None:
    taken(case, backup(tmp_path / "b"))
    with case.writing():
        read(case, "I-1", workers=1)
    told = {row["path"]: row["code"] for row in case.rows("SELECT * FROM unread")}
    assert told["HomeDomain/Library/SMS/sms.db"] == "looks_like_chat"


def test_an_encrypted_backup_is_told_and_not_read(case, tmp_path) -> None:
    items = taken(case, backup(tmp_path / "b", encrypted=True))
    assert flags(case) == {
        "phone:ios-backup": ["root=/"],
        "phone:ios-backup-encrypted": [],
    }
    manifest = items["Manifest.db"]
    assert (manifest["outcome"], manifest["reason"]) == ("failed", "encrypted")
    assert manifest["sha256"]
    assert not places(items)


def test_what_the_manifest_and_the_folder_do_not_share_is_told(case, tmp_path) -> None:
    folder = backup(tmp_path / "b")
    gone = stored("CameraRollDomain", "Media/DCIM/100APPLE/IMG_0001.JPG")
    (folder / gone[:2] / gone).rename(folder / gone[:2] / ("0" * 40))
    with sqlite3.connect(folder / "Manifest.db") as db:
        db.execute("UPDATE Files SET relativePath = 'other' WHERE domain = 'HomeDomain'")
    db.close()
    taken(case, folder)
    told = flags(case)
    assert told["backup:listed_not_there"] == ["n=1"]
    assert told["backup:there_not_listed"] == ["n=1"]
    assert told["backup:misnamed"] == ["n=1"]


def test_a_damaged_manifest_costs_no_file(case, tmp_path) -> None:
    folder = backup(tmp_path / "b")
    held = (folder / "Manifest.db").read_bytes()
    (folder / "Manifest.db").write_bytes(held[:4096] + b"\xff" * (len(held) - 4096))
    items = taken(case, folder)
    assert flags(case)["backup:manifest_not_read"] == ["why=damaged"]
    assert all(row["outcome"] == "processed" for row in items.values())


def test_a_row_that_is_only_in_the_log_counts(case, tmp_path) -> None:
    folder = backup(tmp_path / "b")
    db = sqlite3.connect(folder / "Manifest.db")
    db.execute("PRAGMA journal_mode = WAL")
    name = stored("HomeDomain", "late.txt")
    db.execute("INSERT INTO Files VALUES (?, 'HomeDomain', 'late.txt', 1, NULL)", (name,))
    db.commit()
    (folder / name[:2]).mkdir(exist_ok=True)
    (folder / name[:2] / name).write_text("late")
    shutil.copytree(folder, tmp_path / "copy")
    db.close()
    assert "HomeDomain/late.txt" in places(taken(case, tmp_path / "copy"))


def test_a_whole_file_system_has_the_paths_of_the_device(case, tmp_path) -> None:
    with zipfile.ZipFile(tmp_path / "dump.zip", "w") as made:
        made.writestr("fs/data/data/com.example.app/databases/x", "x")
        made.writestr("fs/sdcard/DCIM/1.jpg", "y")
    items = taken(case, tmp_path / "dump.zip")
    assert places(items) >= {"/data/data/com.example.app/databases/x", "/sdcard/DCIM/1.jpg"}
    assert flags(case) == {"phone:android-file-system": ["root=dump.zip/fs"]}
