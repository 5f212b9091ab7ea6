"""The truth of the operation, beside the evidence, for scoring and for nothing else.

Tables tell all that happened; what a perfect reading of the seized devices finds is counted.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from clew.demo import trouble
from clew.demo.accounts import Account
from clew.demo.exports import Export
from clew.demo.groups import Group
from clew.demo.messages import Message
from clew.demo.parameters import Oddity
from clew.demo.retained import Kept, is_current, known_members
from clew.demo.seizure import Device
from clew.demo.world import World


class FirstShare(msgspec.Struct, frozen=True):
    """Who first shared a file, as far as the seized databases can know, and in truth."""

    account: str
    real_account: str


class Truth(msgspec.Struct):
    """What a perfect reading of the seized devices finds."""

    exhibits: int
    countries: int
    searches: int
    forces: int
    entries: dict[str, int] = {}
    """Entries of each exhibit, members of archives included."""
    encrypted: int = 0
    broken: int = 0
    """Databases that are broken."""
    messages: int = 0
    """Messages that at least one database kept, each once."""
    only_in_log: int = 0
    """Messages that stand in a write-ahead log only."""
    text_lines: int = 0
    """Messages and notices of the text exports."""
    telegram: int = 0
    """Messages of Telegram's exports."""
    exported: dict[str, str] = {}
    """Messages of text exports, by file and position, that a database kept too; which they are."""
    labels: dict[str, set[int]] = {}
    """Accounts that are labels of text exports, and the persons whom each stands for."""
    accounts: dict[int, set[str]] = {}
    """Accounts of each person."""
    persons: int = 0
    """Persons whose accounts the databases show in groups."""
    exports: dict[str, str] = {}
    """Conversations that were exported as text, and the group that each is."""
    contents: int = 0
    """Contents of which at least one database kept a share."""
    memberships: dict[str, set[str]] = {}
    """Accounts that the databases show in each group, by group."""
    hidden_ids: dict[str, str] = {}
    """Hidden ids of which a phone knows the number, and the account with that number."""
    owners: dict[str, set[str]] = {}
    """Accounts used on each phone."""
    invites: dict[str, str] = {}
    """Codes of invitations and the groups they lead to."""
    first_shares: dict[str, FirstShare] = {}
    """By SHA-256."""
    known: set[str] = set()
    """Shared files that are in the known set."""
    known_by_record_only: set[str] = set()
    """Those of them of which no copy was seized."""
    ignorable: set[str] = set()


class Record:
    """Gathers what was written, and writes the truth down."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._kept: list[dict[str, object]] = []
        self._seen: dict[int, Message] = {}
        self._shown: dict[int, Message] = {}
        """Those of the messages kept whose content somebody still has."""
        self.copies: set[str] = set()
        """Hashes of the shared files of which a copy was written."""
        devices = world.devices
        self.truth = Truth(
            exhibits=len(devices), countries=len({d.country for d in devices}),
            searches=len({d.search for d in devices}), forces=len({d.force for d in devices}),
        )  # fmt: skip

    def phone(
        self, device: Device, messages: list[Kept], in_log: int, numbered: list[Account]
    ) -> None:
        """Note what the databases of a phone hold."""
        truth, world = self.truth, self._world
        self.keeps(device, len(messages))
        self._seen |= {k.message.number: k.message for k in messages}
        self._shown |= {k.message.number: k.message for k in messages if not k.revoked}
        truth.only_in_log += in_log
        truth.owners[device.exhibit_id] = {world.account(n).account_id for n in device.accounts}
        truth.hidden_ids |= {a.account_id: world.numbered(a).account_id for a in numbered}
        if device.oddity == Oddity.TROUBLE:
            truth.encrypted += trouble.ENCRYPTED
            truth.broken += trouble.BROKEN
        self._members(device)

    def exported(self, device: Device, group: Group, export: Export) -> None:
        """Note what a chat exported as text holds."""
        self.keeps(device, export.lines)
        self.truth.text_lines += export.lines
        self.truth.exported |= export.true_messages(group.jid)
        self.truth.labels |= export.persons()
        self.truth.exports[export.chat_id] = group.chat_id
        self.copies |= {hashlib.sha256(data).hexdigest() for data in export.files.values()}

    def keeps(self, device: Device, messages: int) -> None:
        """Note how many messages a database or an export of a device holds."""
        self._kept.append({"exhibit_id": device.exhibit_id, "messages": messages})

    def write(self, folder: Path) -> Truth:
        """Write every table of the truth, and the counts."""
        folder.mkdir()
        for name, rows in self._tables().items():
            pq.write_table(pa.Table.from_pylist(rows), folder / f"{name}.parquet")
        self._conclude()
        fields = msgspec.structs.asdict(self.truth).items()
        counts = {name: value if isinstance(value, int) else len(value) for name, value in fields}
        (folder / "counts.json").write_bytes(msgspec.json.format(msgspec.json.encode(counts)))
        return self.truth

    def _members(self, device: Device) -> None:
        """Who the rosters of the database show in each group, and who is shown as having left."""
        world = self._world
        legacy = device.oddity == Oddity.LEGACY
        for group in (world.groups.all[number] for number in device.since):
            if group.telegram:
                continue
            shown = self.truth.memberships.setdefault(group.chat_id, set())
            for member in known_members(world, device, group):
                account = world.account(member.account)
                if not legacy or is_current(device, group, member):
                    shown.add((world.numbered(account) if legacy else account).account_id)

    def _conclude(self) -> None:
        """Work out what follows from all that was noted."""
        truth, groups = self.truth, self._world.groups.all
        for account in self._world.accounts.all:
            truth.accounts.setdefault(account.person, set()).add(account.account_id)
        truth.messages = len(self._seen)
        merged = set()
        for message in self._seen.values():
            if message.group is not None:
                chat = groups[message.group].chat_id
                truth.memberships[chat].add(self._world.account(message.account).account_id)
                merged.add(f"{chat}/{message.key}")
        for message in self._shown.values():
            if message.invites is not None:
                target = groups[message.invites]
                truth.invites[target.code] = target.chat_id
        shown = set().union(*truth.memberships.values())
        truth.persons = sum(bool(own & shown) for own in truth.accounts.values())
        truth.exported = {where: of for where, of in truth.exported.items() if of in merged}
        self._files()

    def _files(self) -> None:
        truth, world = self.truth, self._world
        real: dict[int, str] = {}
        contents = set()
        for message in sorted(self._messages(), key=lambda m: (m.at, m.number)):
            if message.variant is None:
                continue
            account = world.account(message.account).account_id
            real.setdefault(message.variant, account)
            if message.number in self._seen:
                contents.add(message.content)
            if message.number in self._shown:
                digest = world.files.of(message.variant).sha256
                truth.first_shares.setdefault(digest, FirstShare(account, real[message.variant]))
        truth.contents = len(contents)
        truth.known &= truth.first_shares.keys()
        truth.known_by_record_only = truth.known - self.copies
        truth.ignorable &= truth.first_shares.keys()

    def _messages(self) -> Iterator[Message]:
        for messages in (*self._world.messages.values(), self._world.private):
            yield from messages

    def _tables(self) -> dict[str, list[dict[str, object]]]:
        world, files = self._world, self._world.files
        return {
            "persons": [_row(p, "accounts") for p in world.accounts.people],
            "accounts": [_row(a, account_id=a.account_id) for a in world.accounts.all],
            "groups": [_row(g, chat_id=g.chat_id) for g in world.groups.all],
            "memberships": [_row(m) for m in world.groups.memberships],
            "contents": [_row(c) for c in world.cascades.contents],
            "messages": [
                _row(m, "quotes", key=m.key, held=m.number in self._seen,
                     sha256=None if m.variant is None else files.of(m.variant).sha256)
                for m in self._messages()
            ],
            "devices": [
                _row(d, "since", "clock", "kind", "oddity", kind=str(d.kind), oddity=str(d.oddity),
                     ahead=d.clock.ahead, drift=d.clock.drift)
                for d in world.devices
            ],
            "kept": self._kept,
            "labels": [
                {"account_id": a, "persons": sorted(p)} for a, p in self.truth.labels.items()
            ],
            "exports": [
                {"export_chat": e, "chat_id": c} for e, c in self.truth.exports.items()
            ],
        }  # fmt: skip


def _row(thing: msgspec.Struct, *left_out: str, **more: object) -> dict[str, object]:
    fields = msgspec.structs.asdict(thing).items()
    kept = {name: value for name, value in fields if name not in left_out}
    return {n: str(v) if isinstance(v, str) else v for n, v in kept.items()} | more
