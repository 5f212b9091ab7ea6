"""The databases of one phone, as WhatsApp on Android writes them, row by row from the truth."""

from __future__ import annotations

import base64
import hashlib
import math
import random
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec

from clew.demo import schemas
from clew.demo.network.accounts import Account, AccountKind, Accounts
from clew.demo.network.files import Files
from clew.demo.network.groups import Group, Groups, Membership
from clew.demo.network.messages import DAY, START, Message
from clew.demo.network.parameters import Parameters
from clew.demo.network.people import own_name, saved_name
from clew.demo.network.seizure import Device

IMAGES = "Media/WhatsApp Images"
_JOINED_BY_LINK, _ADDED, _LEFT, _REMOVED, _CREATED, _NUMBER = 20, 12, 13, 14, 11, 10
_TEXT, _IMAGE, _SYSTEM, _REVOKED, _INVITE = 0, 1, 7, 15, 24


class Network(msgspec.Struct, frozen=True):
    """All of the truth that a device draws on."""

    parameters: Parameters
    held: Accounts
    groups: Groups
    messages: dict[int, list[Message]]
    """Messages of each group, in the order of time."""
    private: list[Message]
    files: Files


class Kept(msgspec.Struct, frozen=True):
    """A message as one phone kept it."""

    message: Message
    mine: bool
    sent: int
    """Stamp of the message, in milliseconds: of the phone for its own, of the server for others."""
    received: int
    revoked: bool


def kept(network: Network, device: Device, chance: random.Random) -> list[Kept]:
    """What a phone kept: of its groups from a day on, of its holder's own chats, less what is lost.

    Stamps of its own messages, and times of receipt, carry the error of its clock.
    """
    own = set(device.accounts)
    found = []
    for message in _seen(network, device):
        if chance.random() < network.parameters.lost_rows:
            continue
        mine = message.account in own
        ahead = device.clock.at((message.at - START) / DAY)
        late = 0.0 if mine else _delay(chance)
        missed = not mine and chance.random() < network.parameters.deletion_missed
        found.append(
            Kept(
                message=message,
                mine=mine,
                sent=int((message.at + ahead) * 1000) if mine else math.floor(message.at) * 1000,
                received=int((message.at + late + ahead) * 1000),
                revoked=message.deleted and not missed,
            )
        )
    return found


def _seen(network: Network, device: Device) -> Iterator[Message]:
    end = START + device.seized * DAY
    for group, since in sorted(device.since.items()):
        until = max(m.until for m in network.groups.of_group[group] if m.account in device.accounts)
        for message in network.messages.get(group, ()):
            if START + since * DAY <= message.at < min(end, START + until * DAY):
                yield message
    for message in network.private:
        if message.at < end and (message.account in device.accounts or _is_to(message, device)):
            yield message


def _is_to(message: Message, device: Device) -> bool:
    return message.to == device.holder and bool(device.accounts)


def _delay(chance: random.Random) -> float:
    """Seconds until a phone hears of a message: at once, or when it is next switched on."""
    if chance.random() < 0.72:
        return chance.expovariate(1 / 2.5)
    return chance.lognormvariate(math.log(1800), 1.7)


class Phone:
    """Writes ``msgstore.db`` and ``wa.db`` of one phone."""

    def __init__(self, network: Network, device: Device, chance: random.Random) -> None:
        self._network, self._device, self._chance = network, device, chance
        self._jids: dict[str, int] = {}
        self._chats: dict[str, int] = {}
        self._rows: dict[str, list[tuple[Any, ...]]] = {}
        self._shown: set[int] = set()
        """Accounts that wrote here, whose own name the phone knows."""

    def write(self, folder: Path, messages: list[Kept]) -> None:
        """Write both databases into a folder."""
        for number in sorted(self._device.since):
            self._group(self._network.groups.all[number])
        for place, one in enumerate(messages, start=1):
            self._message(place, one)
        self._maps()
        _write(folder / "msgstore.db", schemas.MODERN, self._rows)
        self._rows = {}
        self._address_book()
        _write(folder / "wa.db", schemas.ADDRESS_BOOK, self._rows)

    def _add(self, table: str, **values: object) -> None:
        self._rows.setdefault(f"{table} ({', '.join(values)})", []).append(tuple(values.values()))

    def _jid(self, raw: str, kind: int = 0) -> int:
        if raw not in self._jids:
            self._jids[raw] = len(self._jids) + 1
            user, _, server = raw.partition("@")
            self._add(
                "jid", _id=self._jids[raw], user=user, server=server, agent=0, device=0,
                type=kind, raw_string=raw,
            )  # fmt: skip
        return self._jids[raw]

    def _of(self, account: Account) -> int:
        return self._jid(account.jid, 18 if account.lid else 0)

    def _chat(self, raw: str, **values: object) -> int:
        if raw not in self._chats:
            self._chats[raw] = len(self._chats) + 1
            kind = 1 if raw.endswith("@g.us") else 0
            self._add("chat", _id=self._chats[raw], jid_row_id=self._jid(raw, kind), hidden=0,
                      **values)  # fmt: skip
        return self._chats[raw]

    def _group(self, group: Group) -> None:
        """A group with its roster, those who left, and what it told of them."""
        if group.telegram:
            return
        members = self._known_members(group)
        staying = [m for m in members if m.until >= min(group.until, self._device.seized)]
        self._chat(
            group.jid, subject=group.title, created_timestamp=_ms(group.since), group_type=0,
            group_member_count=len(staying),
        )  # fmt: skip
        for member in members:
            self._member(group, member, here=member.until >= min(group.until, self._device.seized))
        self._notices(group, members)

    def _known_members(self, group: Group) -> list[Membership]:
        """Memberships that reach into what the phone kept of a group."""
        since = self._device.since[group.number]
        return [
            m for m in self._network.groups.of_group[group.number]
            if m.since <= self._device.seized and m.until >= since
        ]  # fmt: skip

    def _member(self, group: Group, member: Membership, *, here: bool) -> None:
        jid, who = self._jid(group.jid, 1), self._of(self._network.held.all[member.account])
        if here:
            known = self._chance.random() < 0.75
            creator = member.admin and member.person == group.admins[0]
            self._add(
                "group_participant_user", group_jid_row_id=jid, user_jid_row_id=who,
                rank=2 if creator else int(member.admin), pending=0,
                add_timestamp=_ms(member.since) if known else 0,
            )  # fmt: skip
        else:
            self._add(
                "group_past_participant_user", group_jid_row_id=jid, user_jid_row_id=who,
                is_leave=int(not member.removed), timestamp=_ms(member.until),
            )  # fmt: skip

    def _notices(self, group: Group, members: list[Membership]) -> None:
        """What the messenger wrote into the group by itself, from the day the phone kept it."""
        held, since = self._network.held, self._device.since[group.number]
        admin = next((m.account for m in members if m.admin), members[0].account)
        if since <= group.since:
            self._notice(group, group.since, _CREATED, admin, ())
        for member in members:
            account = held.all[member.account]
            if since <= member.since <= self._device.seized and member.since > group.since:
                follows = held.all[account.follows] if account.follows is not None else None
                if follows and account.announced and abs(member.since - account.since) < 30:
                    self._notice(group, member.since, _NUMBER, account.number, (),
                                 (follows, account))  # fmt: skip
                elif member.by_link:
                    self._notice(group, member.since, _JOINED_BY_LINK, account.number, ())
                else:
                    self._notice(group, member.since, _ADDED, admin, (account.number,))
            if member.until < min(group.until, self._device.seized):
                self._gone(group, member, admin)

    def _gone(self, group: Group, member: Membership, admin: int) -> None:
        if self._network.held.all[member.account].until <= member.until:
            return  # the number was given up, and nobody was told
        if member.removed:
            self._notice(group, member.until, _REMOVED, admin, (member.account,))
        else:
            self._notice(group, member.until, _LEFT, member.account, ())

    def _notice(  # noqa: PLR0913, PLR0917 - what a notice says
        self,
        group: Group,
        day: float,
        code: int,
        actor: int,
        targets: tuple[int, ...],
        change: tuple[Account, Account] | None = None,
    ) -> None:
        held = self._network.held.all
        place = 1_000_000 + len(self._rows.get("message_system (message_row_id, action_type)", ()))
        key = hashlib.blake2b(f"{group.number} {day} {code} {actor} {targets}".encode(),
                              digest_size=14).hexdigest().upper()  # fmt: skip
        self._row(place, self._chats[group.jid], 0, f"3A{key}", self._of(held[actor]), _ms(day),
                  _ms(day), _SYSTEM, None, 6)  # fmt: skip
        self._add("message_system", message_row_id=place, action_type=code)
        for target in targets:
            self._add("message_system_chat_participant", message_row_id=place,
                      user_jid_row_id=self._of(held[target]))  # fmt: skip
        if change:
            self._add(
                "message_system_number_change", message_row_id=place,
                old_jid_row_id=self._of(change[0]), new_jid_row_id=self._of(change[1]),
            )  # fmt: skip

    def _row(  # noqa: PLR0913, PLR0917 - the columns of a message
        self, place: int, chat: int, mine: int, key: str, sender: int, at: int, received: int,
        kind: int, text: str | None, status: int,
    ) -> None:  # fmt: skip
        self._add(
            "message", _id=place, chat_row_id=chat, from_me=mine, key_id=key,
            sender_jid_row_id=0 if mine else sender, status=status, origination_flags=0,
            timestamp=at, received_timestamp=received, receipt_server_timestamp=-1,
            message_type=kind, text_data=text, starred=0, sort_id=place,
        )  # fmt: skip

    def _message(self, place: int, one: Kept) -> None:
        message = one.message
        account = self._network.held.all[message.account]
        self._shown.add(account.number)
        kind = (
            _REVOKED if one.revoked
            else _INVITE if message.invites is not None
            else _IMAGE if message.variant is not None
            else _TEXT
        )  # fmt: skip
        text = None if one.revoked else message.text
        self._row(
            place, self._place(message), int(one.mine), message.key, self._of(account), one.sent,
            one.received, kind, text, 13 if one.mine else 0,
        )  # fmt: skip
        if one.mine:
            number = self._number_of(account)
            self._add("message_details", message_row_id=place,
                      author_device_jid=self._jid(f"{number}:0@s.whatsapp.net", 17))  # fmt: skip
        if one.revoked:
            self._add("message_revoked", message_row_id=place, revoked_key_id=message.key,
                      revoke_timestamp=one.sent + 60_000)  # fmt: skip
        else:
            self._satellites(place, one)

    def _number_of(self, account: Account) -> str:
        held = self._network.held.all
        shown = held[account.alias_of] if account.alias_of is not None else account
        return shown.phone or "0"

    def _place(self, message: Message) -> int:
        if message.group is not None:
            return self._chats[self._network.groups.all[message.group].jid]
        if message.account in self._device.accounts:
            assert message.to is not None
            other = self._network.held.all[self._network.held.people[message.to].accounts[0]]
        else:
            other = self._network.held.all[message.account]
        return self._chat(other.jid, group_type=0)

    def _satellites(self, place: int, one: Kept) -> None:
        message = one.message
        if message.variant is not None:
            file = self._network.files.of(message.variant)
            self._add(
                "message_media", message_row_id=place, chat_row_id=self._place(message),
                transferred=1, file_path=f"{IMAGES}/{file_name(one)}", file_size=file.size,
                mime_type="image/jpeg", file_length=file.size, file_hash=_b64(file.sha256),
                enc_file_hash=_b64(file.uploaded), width=file.width, height=file.height,
            )  # fmt: skip
        if message.hops:
            self._add("message_forwarded", message_row_id=place, forward_score=message.hops)
        if message.invites is not None:
            target = self._network.groups.all[message.invites]
            held = self._network.held
            admin = held.all[held.people[target.admins[0]].accounts[0]]
            self._add(
                "message_group_invite", message_row_id=place,
                group_jid_row_id=self._jid(target.jid, 1), admin_jid_row_id=self._of(admin),
                group_name=target.title, invite_code=target.code,
                expiration=one.sent + 3 * 86_400_000, invite_time=one.sent, expired=0,
            )  # fmt: skip

    def _maps(self) -> None:
        """Numbers behind hidden ids, where the phone knows them."""
        held, own = self._network.held, set(self._device.accounts)
        for account in held.all:
            if account.alias_of is None or account.jid not in self._jids:
                continue
            if account.number in own or self._chance.random() < self._network.parameters.maps_known:
                number = held.all[account.alias_of]
                self._add("jid_map", lid_row_id=self._of(account), jid_row_id=self._of(number),
                          sort_id=account.number)  # fmt: skip

    def _address_book(self) -> None:
        """Entries for people around the holder; some hold several numbers, and a few two people."""
        held, chance = self._network.held, self._chance
        me = held.people[self._device.holder]
        entries = [(held.people[n], saved_name(held.people[n], me, chance)) for n in self._near()]
        row = 0
        for entry, (one, name) in enumerate(entries, 1):
            numbers = [
                a for a in held.of(one, AccountKind.FIRST, AccountKind.CHANGED, AccountKind.SECOND)
                if a.since < self._device.seized
            ][: 1 + (chance.random() < 0.45) + (chance.random() < 0.2)]  # fmt: skip
            together = chance.random() < 0.6
            for place, account in enumerate(numbers):
                row += 1
                saved = name if together or place == 0 else saved_name(one, me, chance)
                self._contact(row, account, saved, entry if together else entry + 100_000 * place)
        self._two_in_one(entries, row, chance)

    def _near(self) -> list[int]:
        groups, chance = self._network.groups, self._chance
        near = {
            p.number for p in self._network.held.people
            if p.of_interest and chance.random() < 0.10
        }  # fmt: skip
        for number in sorted(self._device.since):
            people = sorted({m.person for m in groups.of_group[number]})
            near |= set(chance.sample(people, min(6, len(people))))
        return sorted(near - {self._device.holder})

    def _two_in_one(self, entries: list[tuple[Any, str]], row: int, chance: random.Random) -> None:
        """One entry that holds two people, as a couple's does."""
        if len(entries) < 2 or chance.random() < 0.5:
            return
        (one, name), (other, _) = chance.sample(entries, 2)
        for place, person in enumerate((one, other)):
            account = self._network.held.all[person.accounts[0]]
            self._contact(row + 1 + place, account, name, 90_000)

    def _contact(self, row: int, account: Account, name: str, entry: int) -> None:
        people = self._network.held.people
        push = None
        if account.number in self._shown:
            own = random.Random(f"name {account.number}")  # noqa: S311 - a demo, not a secret
            push = own_name(people[account.person], people, own) or None
        self._add(
            "wa_contacts", _id=row, jid=account.jid, is_whatsapp_user=1,
            number=f"+{account.phone}", raw_contact_id=entry, display_name=name, wa_name=push,
        )  # fmt: skip


def file_name(one: Kept) -> str:
    """Name that a phone gives a picture."""
    return f"IMG-{one.message.number:07d}.jpg"


def _ms(day: float) -> int:
    return int((START + day * DAY) * 1000)


def _b64(digest: str) -> str:
    return base64.b64encode(bytes.fromhex(digest)).decode()


def _write(file: Path, schema: str, rows: dict[str, list[tuple[Any, ...]]]) -> None:
    with closing(sqlite3.connect(file)) as db:
        db.executescript(f"PRAGMA secure_delete=OFF; PRAGMA synchronous=OFF; {schema}")
        for into, values in rows.items():
            marks = ", ".join("?" * len(values[0]))
            db.executemany(f"INSERT INTO {into} VALUES ({marks})", values)  # noqa: S608 - names of ours
        db.commit()


def in_order(messages: Iterable[Message]) -> tuple[dict[int, list[Message]], list[Message]]:
    """Messages by group, and those outside groups."""
    by_group: dict[int, list[Message]] = {}
    private: list[Message] = []
    for message in messages:
        if message.group is None:
            private.append(message)
        else:
            by_group.setdefault(message.group, []).append(message)
    return by_group, private
