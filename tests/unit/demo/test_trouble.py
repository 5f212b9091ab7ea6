"""What examiners meet is on a phone, and counted as it was put there."""

from __future__ import annotations

import random
import zipfile

from clew.demo import trouble


def phone(folder):
    (folder / "db").mkdir(parents=True)
    (folder / "db" / "msgstore.db").write_bytes(b"SQLite format 3\0" + bytes(9000))
    return folder


def test_a_sealed_tree_is_one_archive_of_the_same_files(tmp_path) -> None:
    folder = phone(tmp_path / "ES-01")
    trouble.seal(folder)
    (archive,) = folder.iterdir()
    with zipfile.ZipFile(archive) as opened:
        assert opened.namelist() == ["db/msgstore.db"]
    assert trouble.entries(folder) == 2


def test_trouble_is_added_and_every_entry_counted(tmp_path) -> None:
    folder = phone(tmp_path / "ES-01")
    before = trouble.entries(folder)
    trouble.add(folder, folder / "db", folder / "media", random.Random(1))
    downloads = folder / "sdcard" / "Download"
    assert (downloads / "pipe").is_fifo()
    assert (downloads / "link").is_symlink()
    broken = folder / "media" / "Databases" / "msgstore-2024-12-01.db"
    assert broken.stat().st_size == (folder / "db" / "msgstore.db").stat().st_size // 3
    paths = sum(1 for _ in folder.rglob("*"))
    assert before == 2
    assert trouble.entries(folder) == paths + 5 + 1 + 5  # hidden one, letter, boxes in boxes
