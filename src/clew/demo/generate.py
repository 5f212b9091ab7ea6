"""The operation written to a folder: a folder for each exhibit, hash sets, and the truth."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import msgspec

from clew.demo import trouble
from clew.demo.address_book import AddressBook
from clew.demo.android import IMAGES, Messages
from clew.demo.exports import Export, TextExports, copies
from clew.demo.groups import Group
from clew.demo.hash_sets import HashSetArguments, write_sets
from clew.demo.legacy import LegacyMessages
from clew.demo.messages import DAY, START
from clew.demo.parameters import Media, Oddity, Parameters, resource
from clew.demo.retained import Kept, kept
from clew.demo.seizure import Device, time_zone
from clew.demo.telegram import TelegramExport
from clew.demo.truth import Record, Truth
from clew.demo.world import World, imagine
from clew.records import ExhibitKind

_DATABASES = "data/data/com.whatsapp/databases"
_MEDIA = "sdcard/Android/media/com.whatsapp/WhatsApp"
_IN_LOG = 40
"""Messages that stand in an open write-ahead log only."""
_COPIED, _COLLECTED = 0.75, 0.05
"""Part of the shared files that still lie on a phone, and that were copied to another device."""


class ExhibitArguments(msgspec.Struct, frozen=True):
    """What ``clew add`` takes for an exhibit."""

    paths: tuple[Path, ...]
    about: dict[str, Any]


class Operation(msgspec.Struct, frozen=True):
    """The operation as it lies in its folder."""

    title: str
    exhibits: tuple[ExhibitArguments, ...]
    hash_sets: tuple[HashSetArguments, ...]
    truth: Truth

    def of_kind(self, kind: ExhibitKind) -> tuple[ExhibitArguments, ...]:
        """Exhibits of a kind."""
        return tuple(e for e in self.exhibits if e.about["kind"] == kind)


def generate(folder: Path, parameters: Parameters) -> Operation:
    """Write the operation into a folder; the same parameters give the same bytes."""
    world = imagine(parameters)
    evidence = folder / "evidence"
    record = Record(world)
    for device in world.devices:
        _Exhibit(world, device, evidence / device.exhibit_id, record).write()
    sets = write_sets(folder, world, record)
    at = START + parameters.days * DAY
    for path in sorted(evidence.rglob("*"), reverse=True):
        os.utime(path, (at, at), follow_symlinks=False)  # every entry has a fixed time
    for exhibit in sorted(evidence.iterdir()):
        record.truth.entries[exhibit.name] = trouble.entries(exhibit)
    truth = record.write(folder / "truth")
    return Operation("Generated operation", tuple(_arguments(evidence, world.devices)), sets, truth)


class _Exhibit:
    """Writes one device into its folder, and notes in the record what it wrote."""

    def __init__(self, world: World, device: Device, folder: Path, record: Record) -> None:
        self._world, self._device = world, device
        self._folder, self._record = folder, record
        self._chance = Random(f"{world.parameters.seed} {device.exhibit_id}")

    def write(self) -> None:
        """Write the device."""
        self._folder.mkdir(parents=True)
        if not self._device.is_phone:
            self._collection()
            return
        messages = kept(self._world, self._device, self._chance)
        messages = [one for one in messages if not self._world.on_telegram(one.message)]
        if self._device.text_only:
            exports = TextExports(self._world, self._device, self._chance)
            self._exported(exports.archives(self._folder, messages))
            return
        databases = self._folder / _DATABASES
        databases.mkdir(parents=True)
        self._databases(databases, messages)
        images = self._folder / _MEDIA / IMAGES
        self._record.copies.update(copies(self._world, images, messages, _COPIED, self._chance))
        if self._device.oddity == Oddity.SEALED:
            trouble.seal(self._folder)
        elif self._device.oddity == Oddity.TROUBLE:
            trouble.add(self._folder, databases, self._folder / _MEDIA, self._chance)

    def _databases(self, folder: Path, messages: list[Kept]) -> None:
        """Write what the messenger keeps."""
        world, device, file = self._world, self._device, folder / "msgstore.db"
        in_log = _IN_LOG if device.oddity == Oddity.OPEN_LOG else 0
        numbered = []
        if device.oddity == Oddity.LEGACY:
            LegacyMessages(world, device).write(file, messages)
        else:
            writer = Messages(world, device, self._chance)
            writer.write(file, messages, in_log)
            numbered = writer.numbered
        if device.oddity != Oddity.SEALED:
            wrote = {k.message.account for k in messages}
            AddressBook(world, device, self._chance, wrote).write(folder)
        self._record.phone(device, messages, in_log, numbered)

    def _collection(self) -> None:
        """Write what lies on a device that is no phone: copies of files, and exports on laptops."""
        device, parameters = self._device, self._world.parameters
        sent: list[Kept] = []
        if parameters.media != Media.NONE:  # copies of what the holder's phone kept
            phones = (d for d in self._world.devices if d.search == device.search and d.is_phone)
            sent = kept(self._world, next(phones), Random(device.exhibit_id))
        pictures = copies(self._world, self._folder / "Pictures", sent, _COLLECTED, self._chance)
        self._record.copies.update(pictures)
        if device.kind == ExhibitKind.LAPTOP:
            written = TelegramExport(self._world, device).write(self._folder / "result.json")
            if written:
                self._record.truth.telegram += written
                self._record.keeps(device, written)
            if most := parameters.exported_chats:
                sent = [k for k in sent if not self._world.on_telegram(k.message)]
                exports = TextExports(self._world, device, self._chance)
                self._exported(exports.documents(self._folder / "Documents/Chats", sent, most))
            if parameters.incidentals:
                notes = self._folder / "Documents/notas.txt"
                notes.parent.mkdir(exist_ok=True)
                notes.write_text("".join(_notes()), encoding="utf-8")
        about = f"{device.kind} of search {device.search}, {len(pictures)} pictures"
        (self._folder / "label.txt").write_text(f"{device.exhibit_id}: {about}\n", encoding="utf-8")

    def _exported(self, exports: Iterator[tuple[Group, Export]]) -> None:
        for group, export in exports:
            self._record.exported(self._device, group, export)


def _notes() -> Iterator[str]:
    """Dated notes, as people keep them."""
    for number, text in enumerate(resource("notes.txt").splitlines()):
        day = datetime.fromtimestamp(START + 23 * number * DAY, UTC)
        yield f"{day:%d.%m.%Y} {text}\n"


def _arguments(evidence: Path, devices: list[Device]) -> Iterator[ExhibitArguments]:
    for device in devices:
        about = {
            "exhibit_id": device.exhibit_id, "kind": str(device.kind), "country": device.country,
            "search_id": device.search, "time_zone": time_zone(device),
            "label": f"{device.force}, {device.kind}", "holder_ref": f"holder {device.search}",
        }  # fmt: skip
        yield ExhibitArguments((evidence / device.exhibit_id,), about)
