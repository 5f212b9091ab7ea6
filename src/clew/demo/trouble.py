"""What examiners meet: sealed trees, hostile, encrypted and broken files, and odd names."""

import os
import zipfile
from pathlib import Path
from random import Random

from clew.demo import archives

ENCRYPTED, BROKEN = 2, 1
"""Files that are encrypted, and databases that are broken, among those that ``add`` makes."""
_HOSTILE, _NESTED = "holiday.zip", "boxes.zip"


def seal(folder: Path) -> None:
    """Put a device's tree into one archive, as a tool that reads phones delivers it."""
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    members = {str(f.relative_to(folder)): f.read_bytes() for f in files}
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    (folder / f"{folder.name}.zip").write_bytes(archives.plain(members, (2025, 2, 24, 0, 0, 0)))


def add(folder: Path, databases: Path, media: Path, chance: Random) -> None:
    """Add hostile, nested, encrypted and broken files, and entries that are no files."""
    downloads, backups = folder / "sdcard" / "Download", media / "Databases"
    downloads.mkdir(parents=True)
    backups.mkdir(parents=True)
    hostile, _ = archives.hostile()
    (downloads / _HOSTILE).write_bytes(hostile)
    secret = archives.encrypted(b"letter.txt", b"benign\n" * 20, b"demo", chance)
    (downloads / "letter.zip").write_bytes(secret)
    inner = archives.plain({"c.txt": b"benign", "d.txt": b"benign too"})
    outer = archives.plain({"b.zip": inner, "note.txt": b"benign note"})
    (downloads / _NESTED).write_bytes(archives.plain({"a.zip": outer}))
    (backups / "msgstore.db.crypt15").write_bytes(chance.randbytes(20_000))
    whole = (databases / "msgstore.db").read_bytes()
    (backups / "msgstore-2024-12-01.db").write_bytes(whole[: len(whole) // 3])
    (downloads / "empty").touch()
    (downloads / "link").symlink_to("/etc/hostname")
    os.mkfifo(downloads / "pipe")
    Path(os.fsdecode(os.fsencode(downloads) + b"/caf\xe9.txt")).write_bytes(b"benign\n")


def entries(folder: Path) -> int:
    """Entries of a folder and members of the archives in it, as they were put there."""
    total = sum(1 for _ in folder.rglob("*"))
    for file in folder.rglob("*.zip"):
        if file.name == _HOSTILE:
            total += archives.hostile()[1]
        elif file.name == _NESTED:
            total += 5
        else:
            with zipfile.ZipFile(file) as archive:
                total += len(archive.namelist())
    return total
