"""The truth of the operation, as tables beside the evidence, for scoring and for nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from clew.demo.network.imagined import Truth
    from clew.demo.network.messages import Message
    from clew.demo.network.phones import Kept
    from clew.demo.network.seizure import Device


class Counts(msgspec.Struct):
    """What a perfect reading of the seized devices finds."""

    exhibits: int = 0
    countries: int = 0
    searches: int = 0
    forces: int = 0
    messages: int = 0
    """Messages that at least one database kept, each once."""
    exported: int = 0
    """Messages that stand in text and Telegram exports, each time they do."""
    groups: int = 0
    """Groups of which at least one database kept anything."""
    contents: int = 0
    """Contents of which at least one database kept a share."""


class Record:
    """Gathers what was written, and writes the truth down."""

    def __init__(self, made: Truth) -> None:
        self._made = made
        self._held: set[int] = set()
        self._exported = 0
        self._kept: list[dict[str, object]] = []

    def phone(self, device: Device, messages: list[Kept]) -> None:
        """Note what a phone kept."""
        self._kept.append({"exhibit_id": device.exhibit_id, "messages": len(messages)})
        if not device.text_only:
            self._held |= {k.message.number for k in messages}

    def exported(self, device: Device, messages: int) -> None:
        """Note how many messages an export holds."""
        self._exported += messages
        if messages:
            self._kept.append({"exhibit_id": device.exhibit_id, "messages": messages})

    def write(self, folder: Path) -> Counts:
        """Write every table of the truth, and the counts."""
        folder.mkdir()
        for name, rows in self._tables().items():
            pq.write_table(pa.Table.from_pylist(rows), folder / f"{name}.parquet")
        counts = self._counts()
        (folder / "counts.json").write_bytes(
            msgspec.json.format(msgspec.json.encode(counts), indent=1)
        )
        return counts

    def _counts(self) -> Counts:
        devices, seen = self._made.devices, [m for m in self._messages() if m.number in self._held]
        return Counts(
            exhibits=len(devices),
            countries=len({d.country for d in devices}),
            searches=len({d.search for d in devices}),
            forces=len({d.force for d in devices}),
            messages=len(self._held),
            exported=self._exported,
            groups=len({m.group for m in seen if m.group is not None}),
            contents=len({m.content for m in seen if m.content is not None}),
        )

    def _message(self, message: Message) -> dict[str, object]:
        files, variant = self._made.network.files, message.variant
        return _row(message) | {
            "key": message.key,
            "held": message.number in self._held,
            "sha256": None if variant is None else files.of(variant).sha256,
        }

    def _messages(self) -> Iterator[Message]:
        network = self._made.network
        for messages in (*network.messages.values(), network.private):
            yield from messages

    def _tables(self) -> dict[str, list[dict[str, object]]]:
        network, devices = self._made.network, self._made.devices
        groups = network.groups
        drop = {"accounts"}
        return {
            "persons": [_row(p, drop) for p in network.held.people],
            "accounts": [_row(a) | {"account_id": a.account_id} for a in network.held.all],
            "groups": [_row(g) | {"chat_id": g.chat_id} for g in groups.all],
            "memberships": [_row(m) for m in groups.memberships],
            "contents": [_row(c) for c in self._made.cascades.contents],
            "messages": [self._message(m) for m in self._messages()],
            "devices": [
                _row(d, {"since", "clock", "kind"}) | {"kind": str(d.kind), "ahead": d.clock.ahead,
                                                       "drift": d.clock.drift}
                for d in devices
            ],
            "kept": self._kept,
        }  # fmt: skip


def _row(thing: msgspec.Struct, drop: set[str] | None = None) -> dict[str, object]:
    fields = [f for f in thing.__struct_fields__ if f not in (drop or ())]
    return {
        name: str(value) if isinstance(value := getattr(thing, name), str) else value
        for name in fields
    }
