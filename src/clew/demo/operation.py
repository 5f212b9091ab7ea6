"""The seized exhibits of the demo, written to a folder, and the truth beside them."""

from __future__ import annotations

import hashlib
import io
import os
import random
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import msgspec

from clew.demo import archives, exports, wal
from clew.demo.devices import (
    GONE,
    IMAGES,
    Device,
    Modern,
    kept,
    pictures_on,
    write_address_book,
    write_legacy,
)
from clew.demo.pictures import Picture, draw_all
from clew.demo.truth import Truth, gather
from clew.demo.world import DAY, PICTURES, START, World, imagine

DATABASES = "data/data/com.whatsapp/databases"
MEDIA = "sdcard/Android/media/com.whatsapp/WhatsApp"
_MTIME = START // 1000 + 360 * 86_400
_KNOWN = (0, 3, GONE, 9, 12)
_IGNORABLE = (1,)
_IN_LOG = 40

DEVICES = (
    Device(exhibit_id="ES-01", holder=0, lid=True),
    Device(exhibit_id="ES-02", holder=1),
    Device(exhibit_id="PT-01", holder=2, lid=True),
    Device(exhibit_id="IT-01", holder=3),
    Device(exhibit_id="IT-02", holder=5, lid=True, since=START + 150 * DAY, keeps=0.4),
)


class ExhibitArguments(msgspec.Struct, frozen=True):
    """What ``clew add`` is to be told of an exhibit."""

    paths: tuple[Path, ...]
    about: dict[str, Any]


class HashSetArguments(msgspec.Struct, frozen=True):
    """What ``clew hashset add`` is to be told of a set."""

    file: Path
    name: str
    version: str
    kind: str


class Operation(msgspec.Struct, frozen=True):
    """The demo's operation as it lies in its folder."""

    title: str
    exhibits: tuple[ExhibitArguments, ...]
    hash_sets: tuple[HashSetArguments, ...]
    truth: Truth


def generate(folder: Path, seed: int = 2017) -> Operation:
    """Write the operation into a folder; the same seed gives the same bytes."""
    chance = random.Random(seed)  # noqa: S311 - a demo, not a secret
    world = imagine(chance)
    pictures = draw_all(PICTURES, seed)
    evidence = folder / "evidence"
    in_log = 0
    for device in DEVICES:
        in_log += _phone(evidence / device.exhibit_id, world, device, pictures)
    _seal(evidence / "IT-01")
    _trouble(evidence / "IT-02", chance)
    counts, exported = _laptop(evidence / "DE-01", world, pictures)
    sets = _hash_sets(folder, pictures)
    _settle(evidence)
    truth = gather(world, DEVICES, pictures, sets=(_KNOWN, _IGNORABLE))
    truth.entries = {e.name: _entries(e) for e in sorted(evidence.iterdir())}
    truth.only_in_wal = in_log
    truth.exported_messages = counts
    held = {f"whatsapp:{world.groups[m.group].jid}/{m.key}"
            for device in DEVICES for m in kept(world, device) if m.group is not None}  # fmt: skip
    truth.exported = {where: message for where, message in exported.items() if message in held}
    (folder / "truth.json").write_bytes(msgspec.json.format(msgspec.json.encode(truth), indent=1))
    return Operation("Demo operation", tuple(_arguments(evidence)), sets, truth)


def _phone(folder: Path, world: World, device: Device, pictures: list[Picture]) -> int:
    """Write a phone; how many messages stand in its write-ahead log only is returned."""
    databases = folder / DATABASES
    databases.mkdir(parents=True)
    messages = kept(world, device)
    in_log = 0
    if device.exhibit_id == "ES-02":
        write_legacy(world, device, pictures, messages, databases / "msgstore.db")
    else:
        in_log = _IN_LOG if device.exhibit_id == "PT-01" else 0
        with tempfile.TemporaryDirectory() as running:
            phone = Modern(world, device, pictures, Path(running) / "msgstore.db")
            phone.write(messages[: len(messages) - in_log])
            if in_log:
                phone.append(messages[-in_log:])
            phone.seize(databases / "msgstore.db")
        log = databases / "msgstore.db-wal"
        if log.exists():
            log.write_bytes(wal.settled(log.read_bytes()))
    if device.exhibit_id != "IT-01":  # one phone comes without its address book
        write_address_book(world, device, databases / "wa.db")
    images = folder / MEDIA / IMAGES
    images.mkdir(parents=True)
    for name, picture in pictures_on(device, messages, pictures).items():
        (images / name).write_bytes(pictures[picture].data)
    return in_log


def _seal(folder: Path) -> None:
    """Put a phone's tree into one archive, as a tool that reads phones delivers it."""
    held = io.BytesIO()
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            entry = zipfile.ZipInfo(str(file.relative_to(folder)), (2025, 2, 24, 0, 0, 0))
            archive.writestr(entry, file.read_bytes(), zipfile.ZIP_DEFLATED)
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    (folder / "IT-01.zip").write_bytes(held.getvalue())


def _trouble(folder: Path, chance: random.Random) -> None:
    """What examiners meet: hostile, encrypted and broken files, and odd names."""
    downloads = folder / "sdcard" / "Download"
    downloads.mkdir(parents=True)
    hostile, _ = archives.hostile()
    (downloads / "holiday.zip").write_bytes(hostile)
    secret = archives.encrypted(b"letter.txt", b"benign\n" * 20, b"demo", chance)
    (downloads / "letter.zip").write_bytes(secret)
    nested = archives.plain({"c.txt": b"benign", "d.txt": b"benign too"})
    nested = archives.plain({"b.zip": nested, "note.txt": b"benign note"})
    (downloads / "boxes.zip").write_bytes(archives.plain({"a.zip": nested}))
    backups = folder / MEDIA / "Databases"
    backups.mkdir(parents=True)
    (backups / "msgstore.db.crypt15").write_bytes(chance.randbytes(20_000))
    whole = (folder / DATABASES / "msgstore.db").read_bytes()
    (backups / "msgstore-2024-12-01.db").write_bytes(whole[: len(whole) // 3])
    (downloads / "empty").touch()
    (downloads / "link").symlink_to("/etc/hostname")
    os.mkfifo(downloads / "pipe")
    Path(os.fsdecode(os.fsencode(downloads) + b"/caf\xe9.txt")).write_bytes(b"benign\n")


def _laptop(folder: Path, world: World, pictures: list[Picture]) -> tuple[int, dict[str, str]]:
    """Write a laptop with exported chats; how many messages they hold, and which they are."""
    total = 0
    exported: dict[str, str] = {}
    for group in world.groups[:5]:
        export = exports.write(world, group, pictures)
        total += export.messages
        exported |= export.true_messages(group.jid)
        where = folder / "Documents" / "Chats"
        where.mkdir(parents=True, exist_ok=True)
        if export.pictures:
            members = {export.name: export.text.encode(), **export.pictures}
            (where / f"WhatsApp Chat - {group.title}.zip").write_bytes(archives.plain(members))
        else:
            (where / export.name).write_text(export.text, encoding="utf-8", newline="")
    return total, exported


def _hash_sets(folder: Path, pictures: list[Picture]) -> tuple[HashSetArguments, ...]:
    """A known and an ignorable set, of benign pictures."""
    known = folder / "known-set.csv"
    lines = ["md5,sha1,sha256,category"]
    for number in _KNOWN:
        data = pictures[number].data
        digests = [hashlib.new(name, data).hexdigest() for name in ("md5", "sha1", "sha256")]
        lines.append(",".join([*digests, "demo category 1"]))
    known.write_text("\n".join(lines) + "\n", encoding="utf-8")
    ignorable = folder / "ignorable.txt"
    hashes = [hashlib.sha1(pictures[n].data, usedforsecurity=False) for n in _IGNORABLE]
    text = "".join(f"{h.hexdigest()}\n" for h in hashes)
    ignorable.write_text(f"# pictures that come with the phone\n{text}", encoding="utf-8")
    return (
        HashSetArguments(known, "demo-known", "1", "known"),
        HashSetArguments(ignorable, "demo-ignorable", "1", "ignorable"),
    )


def _settle(evidence: Path) -> None:
    """Give every entry a fixed time."""
    for path in sorted(evidence.rglob("*"), reverse=True):
        os.utime(path, (_MTIME, _MTIME), follow_symlinks=False)


def _entries(folder: Path) -> int:
    """Entries of a folder and members of the archives in it, as they were put there."""
    total = sum(1 for _ in folder.rglob("*"))
    for file in folder.rglob("*.zip"):
        if file.name == "holiday.zip":
            total += archives.hostile()[1]
        elif file.name == "boxes.zip":
            total += 5
        else:
            with zipfile.ZipFile(file) as archive:
                total += len(archive.namelist())
    return total


def _arguments(evidence: Path) -> list[ExhibitArguments]:
    kinds = {"DE-01": "laptop"}
    zones = {
        "ES": "Europe/Madrid",
        "PT": "Europe/Lisbon",
        "IT": "Europe/Rome",
        "DE": "Europe/Berlin",
    }
    found = []
    for number, folder in enumerate(sorted(evidence.iterdir()), start=1):
        country = folder.name[:2]
        about = {
            "exhibit_id": folder.name,
            "kind": kinds.get(folder.name, "phone"),
            "country": country,
            "search_id": f"S-{number:02d}",
            "time_zone": zones[country],
            "label": f"Demo device {number}",
        }
        found.append(ExhibitArguments((folder,), about))
    return found
