"""The operation written to a folder: a folder for each exhibit, hash sets, and the truth."""

import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from clew.demo import trouble
from clew.demo.address_book import AddressBook
from clew.demo.android import IMAGES, Messages
from clew.demo.exports import TextExports, copies
from clew.demo.hash_sets import HashSetArguments, write_sets
from clew.demo.legacy import LegacyMessages
from clew.demo.messages import DAY, START
from clew.demo.parameters import Media, Oddity, Parameters
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
        _Writer(world, device, evidence / device.exhibit_id, record).write()
    sets = write_sets(folder, world, record)
    _settle(evidence, parameters)
    for exhibit in sorted(evidence.iterdir()):
        record.entries(exhibit.name, trouble.entries(exhibit))
    truth = record.write(folder / "truth")
    return Operation("Generated operation", tuple(_arguments(evidence, world.devices)), sets, truth)


class _Writer:
    """Writes one device into its folder, and notes in the record what it wrote."""

    def __init__(self, world: World, device: Device, folder: Path, record: Record) -> None:
        self._world, self._network, self._device = world, world.network, device
        self._folder, self._record = folder, record
        self._parameters = world.network.parameters
        self._chance = random.Random(f"{self._parameters.seed} {device.exhibit_id}")  # noqa: S311 - a demo

    def write(self) -> None:
        """Write the device."""
        self._folder.mkdir(parents=True)
        if not self._device.is_phone:
            self._collection()
            return
        messages = [k for k in kept(self._network, self._device, self._chance)
                    if not self._on_telegram(k)]  # fmt: skip
        if self._device.text_only:
            exports = TextExports(self._network, self._device, self._chance)
            for group, export in exports.archives(self._folder, messages):
                self._record.exported(self._device, group, export)
            return
        databases = self._folder / _DATABASES
        databases.mkdir(parents=True)
        self._databases(databases, messages)
        images = self._folder / _MEDIA / IMAGES
        self._record.copied(copies(self._network, images, messages, _COPIED, self._chance))
        if self._device.oddity == Oddity.SEALED:
            trouble.seal(self._folder)
        elif self._device.oddity == Oddity.TROUBLE:
            trouble.add(self._folder, databases, self._folder / _MEDIA, self._chance)

    def _databases(self, folder: Path, messages: list[Kept]) -> None:
        """Write what the messenger keeps."""
        network, device = self._network, self._device
        in_log = _IN_LOG if device.oddity == Oddity.OPEN_LOG else 0
        wrote = {k.message.account for k in messages}
        numbered = []
        if device.oddity == Oddity.LEGACY:
            LegacyMessages(network, device).write(folder / "msgstore.db", messages)
        else:
            writer = Messages(network, device, self._chance)
            writer.write(folder / "msgstore.db", messages, in_log)
            numbered = writer.numbered
        if device.oddity != Oddity.SEALED:
            AddressBook(network, device, self._chance, wrote).write(folder)
        self._record.phone(device, messages, in_log, numbered)

    def _collection(self) -> None:
        """Write what lies on a device that is no phone: copies of files, and exports on laptops."""
        device = self._device
        messages = self._collected()
        pictures = copies(self._network, self._folder / "Pictures", messages, _COLLECTED,
                          self._chance)  # fmt: skip
        self._record.copied(pictures)
        if device.kind == ExhibitKind.LAPTOP:
            written = TelegramExport(self._network, device).write(self._folder / "result.json")
            self._record.telegram(device, written)
            if self._parameters.exported_chats:
                exports = TextExports(self._network, device, self._chance)
                sent = [k for k in messages if not self._on_telegram(k)]
                where = self._folder / "Documents" / "Chats"
                for group, export in exports.documents(
                    where, sent, self._parameters.exported_chats
                ):
                    self._record.exported(device, group, export)
        note = (f"{device.exhibit_id}: {device.kind} of search {device.search}, "
                f"{len(pictures)} pictures\n")  # fmt: skip
        (self._folder / "label.txt").write_text(note, encoding="utf-8")

    def _collected(self) -> list[Kept]:
        """Messages of which copies can lie on what is no phone: those of its holder's phone."""
        device = self._device
        if self._parameters.media == Media.NONE:
            return []
        phone = next(d for d in self._world.devices if d.search == device.search and d.is_phone)
        return kept(self._network, phone, random.Random(device.exhibit_id))  # noqa: S311 - a demo

    def _on_telegram(self, one: Kept) -> bool:
        group = one.message.group
        return group is not None and self._network.groups.all[group].telegram


def _settle(evidence: Path, parameters: Parameters) -> None:
    """Give every entry a fixed time."""
    at = START + parameters.days * DAY
    for path in sorted(evidence.rglob("*"), reverse=True):
        os.utime(path, (at, at), follow_symlinks=False)


def _arguments(evidence: Path, devices: list[Device]) -> Iterator[ExhibitArguments]:
    for device in devices:
        about = {
            "exhibit_id": device.exhibit_id,
            "kind": str(device.kind),
            "country": device.country,
            "search_id": device.search,
            "time_zone": time_zone(device),
            "label": f"{device.force}, {device.kind}",
            "holder_ref": f"holder {device.search}",
        }
        yield ExhibitArguments((evidence / device.exhibit_id,), about)
