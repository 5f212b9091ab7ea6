"""The whole operation written to a folder: a folder for each exhibit, and the truth beside them."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path

import msgspec

from clew.demo.network import truth
from clew.demo.network.desk import Desk
from clew.demo.network.files import Media
from clew.demo.network.imagined import Truth, imagine
from clew.demo.network.messages import DAY, START
from clew.demo.network.parameters import Parameters
from clew.demo.network.phones import IMAGES, Kept, Phone, kept
from clew.demo.network.seizure import Device, time_zone
from clew.demo.operation import ExhibitArguments, HashSetArguments

_DATABASES = "data/data/com.whatsapp/databases"
_MEDIA = "sdcard/Android/media/com.whatsapp/WhatsApp"


class Generated(msgspec.Struct, frozen=True):
    """The operation as it lies in its folder."""

    title: str
    exhibits: tuple[ExhibitArguments, ...]
    hash_sets: tuple[HashSetArguments, ...]
    truth: truth.Counts


def generate(folder: Path, parameters: Parameters, media: Media = Media.NONE) -> Generated:
    """Write the operation into a folder; the same parameters give the same bytes."""
    made = imagine(parameters, media)
    evidence = folder / "evidence"
    record = truth.Record(made)
    for device in made.devices:
        where = evidence / device.exhibit_id
        where.mkdir(parents=True)
        _write(where, device, made, record)
    known = _known_set(folder, made)
    _settle(evidence, parameters)
    counts = record.write(folder / "truth")
    return Generated(
        "Generated operation", tuple(_arguments(evidence, made.devices)), (known,), counts
    )


def _write(folder: Path, device: Device, made: Truth, record: truth.Record) -> None:
    chance = random.Random(f"{made.network.parameters.seed} {device.exhibit_id}")  # noqa: S311 - a demo
    desk = Desk(made.network, device, chance)
    if not device.is_phone:
        written = desk.copies(folder / "Pictures", _collected(made, device), 0.05)
        if device.kind == "laptop":
            record.exported(device, desk.telegram(folder / "result.json"))
        note = f"{device.exhibit_id}: {device.kind} of search {device.search}, {written} pictures\n"
        (folder / "label.txt").write_text(note, encoding="utf-8")
        return
    messages = [k for k in kept(made.network, device, chance) if not _on_telegram(made, k)]
    record.phone(device, messages)
    if device.text_only:
        record.exported(device, desk.text_exports(folder, messages))
        return
    databases = folder / _DATABASES
    databases.mkdir(parents=True)
    Phone(made.network, device, chance).write(databases, messages)
    desk.copies(folder / _MEDIA / IMAGES, messages, 0.75)


def _collected(made: Truth, device: Device) -> list[Kept]:
    """Messages of which copies can lie on what is no phone: those of its holder's phone."""
    if made.network.files.media == Media.NONE:
        return []
    phone = next(d for d in made.devices if d.search == device.search and d.is_phone)
    return kept(made.network, phone, random.Random(device.exhibit_id))  # noqa: S311 - a demo


def _on_telegram(made: Truth, one: Kept) -> bool:
    group = one.message.group
    return group is not None and made.network.groups.all[group].telegram


def _known_set(folder: Path, made: Truth) -> HashSetArguments:
    """A set of files of contents that the world outside knows."""
    known = {c.number for c in made.cascades.contents if c.known}
    first: dict[int, int] = {}
    for share in made.cascades.shares:
        if share.content in known:
            first.setdefault(share.content, share.variant)
    file = folder / "known-set.csv"
    lines = [f"{made.network.files.of(v).sha256},demo category 1" for v in first.values()]
    file.write_text("\n".join(["sha256,category", *sorted(lines)]) + "\n", encoding="utf-8")
    return HashSetArguments(file, "demo-known", "1", "known")


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
