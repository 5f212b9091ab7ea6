"""What one device kept of the operation, written as WhatsApp on Android writes it."""

from __future__ import annotations

import base64
import hashlib
import random
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from clew.demo import schemas
from clew.demo.pictures import Picture
from clew.demo.world import DAY, Group, Message, Person, World

IMAGES = "Media/WhatsApp Images"


class Device(msgspec.Struct, frozen=True, kw_only=True):
    """A seized phone and how much it kept."""

    exhibit_id: str
    holder: int
    """Person who held it."""
    since: int = 0
    """Time before which it kept nothing."""
    lid: bool = False
    """It addresses people in groups by hidden ids."""
    keeps: float = 0.75
    """Share of the pictures that still lie on it."""


def kept(world: World, device: Device) -> list[Message]:
    """Messages that a device holds: of its groups, and of its holder's own conversations."""
    mine = {g.number for g in world.groups if device.holder in g.members}
    return [
        m
        for m in world.messages
        if m.at >= device.since
        and (m.group in mine if m.group is not None else device.holder in (m.pair or ()))
    ]


def pictures_on(device: Device, messages: list[Message], pictures: list[Picture]) -> dict[str, int]:
    """Names of the picture files on a device, with the picture of each."""
    chance = random.Random(device.exhibit_id)  # noqa: S311 - a demo, not a secret
    names = {}
    for number, message in enumerate(messages):
        drop = chance.random() >= device.keeps
        if message.picture is not None and message.picture != GONE and not drop:
            names[file_name(message, number)] = message.picture
    del pictures
    return names


GONE = 5
"""A picture that every device has lost: only the databases know its hash."""


def file_name(message: Message, number: int) -> str:
    """Name that the messenger gives a picture."""
    day = datetime.fromtimestamp(message.at / 1000, UTC)
    return f"IMG-{day:%Y%m%d}-WA{number:04d}.jpg"


def b64(digest: str) -> str:
    """A hash as the messenger writes it."""
    return base64.b64encode(bytes.fromhex(digest)).decode()


class Modern:
    """Writes a ``msgstore.db`` of 2022 and later."""

    def __init__(self, world: World, device: Device, pictures: list[Picture], file: Path) -> None:
        self._world, self._device, self._pictures = world, device, pictures
        self._db = sqlite3.connect(file, isolation_level=None)
        self._jids: dict[str, int] = {}
        self._chats: dict[str, int] = {}
        self._rows: dict[str, int] = {}
        self._next = 0

    def write(self, messages: list[Message]) -> None:
        """Write everything but what ``append`` adds later."""
        self._db.executescript("PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0;")
        self._db.executescript(schemas.MODERN)
        self._db.execute("BEGIN")
        for person in self._world.persons:
            self._person(person)
        for group in self._groups():
            self._group(group)
        for message in messages:
            self._message(message)
        self._calls()
        self._db.execute("COMMIT")
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def append(self, messages: list[Message]) -> None:
        """Write more messages, which stay in the write-ahead log."""
        self._db.execute("BEGIN")
        for message in messages:
            self._message(message)
        self._db.execute("COMMIT")

    def seize(self, target: Path) -> None:
        """Copy the database as it lies on the running phone, its log beside it."""
        (_, _, name) = self._db.execute("PRAGMA database_list").fetchone()
        for ending in ("", "-wal"):
            source = Path(name + ending)
            if source.exists() and source.stat().st_size:
                Path(str(target) + ending).write_bytes(source.read_bytes())
        self._db.close()

    @property
    def system_messages(self) -> int:
        """Notices that the device wrote for itself."""
        sql = "SELECT count(*) FROM message_system"
        return int(self._db.execute(sql).fetchone()[0])

    def _groups(self) -> list[Group]:
        return [g for g in self._world.groups if self._device.holder in g.members]

    def _insert(self, table: str, **values: object) -> None:
        names, marks = ", ".join(values), ", ".join("?" * len(values))
        self._db.execute(
            f"INSERT INTO {table} ({names}) VALUES ({marks})",  # noqa: S608 - names of ours
            tuple(values.values()),
        )

    def _jid(self, raw: str, kind: int = 0) -> int:
        if raw not in self._jids:
            self._jids[raw] = len(self._jids) + 1
            user, _, server = raw.partition("@")
            self._insert(
                "jid", _id=self._jids[raw], user=user, server=server, agent=0, device=0,
                type=kind, raw_string=raw,
            )  # fmt: skip
        return self._jids[raw]

    def _of(self, person: int, *, lid: bool) -> int:
        who = self._world.persons[person]
        return self._jid(f"{who.lid}@lid", 18) if lid else self._jid(f"{who.phone}@s.whatsapp.net")

    def _person(self, person: Person) -> None:
        number = self._of(person.number, lid=False)
        if self._device.lid:
            lid = self._of(person.number, lid=True)
            self._insert("jid_map", lid_row_id=lid, jid_row_id=number, sort_id=person.number)
            if person.number % 3 == 0:
                self._insert(
                    "lid_display_name", lid_row_id=lid, display_name=f"~Push {person.number}"
                )

    def _chat(self, raw: str, **values: object) -> int:
        if raw not in self._chats:
            self._chats[raw] = len(self._chats) + 1
            self._insert(
                "chat", _id=self._chats[raw], jid_row_id=self._jid(raw, 1), hidden=0,
                **values,
            )  # fmt: skip
        return self._chats[raw]

    def _group(self, group: Group) -> None:
        jid = self._jid(group.jid, 1)
        staying = [m for m in group.members if m not in (group.left, group.removed)]
        self._chat(
            group.jid, subject=group.title, created_timestamp=group.created, group_type=0,
            group_member_count=len(staying),
        )  # fmt: skip
        for place, member in enumerate(staying):
            self._insert(
                "group_participant_user", group_jid_row_id=jid,
                user_jid_row_id=self._of(member, lid=self._device.lid),
                rank=2 if place == 0 else 1 if place == 1 else 0, pending=0,
                add_timestamp=group.created,
            )  # fmt: skip
        for gone, left in ((group.left, 1), (group.removed, 0)):
            if gone is not None:
                self._insert(
                    "group_past_participant_user", group_jid_row_id=jid,
                    user_jid_row_id=self._of(gone, lid=self._device.lid), is_leave=left,
                    timestamp=group.ended - 3 * DAY,
                )  # fmt: skip
        self._notices(group)

    def _notices(self, group: Group) -> None:
        """What the messenger wrote into the group by itself."""
        by, other = group.members[0], group.members[1]
        notices: list[tuple[int, int, int, list[int], str | None]] = [
            (group.created, 11, by, [], group.title),
            (group.created + 1000, 12, by, group.members[1:4], None),
            (group.created + 2000, 20, group.members[4], [], None),
            (group.created + 3000, 15, by, [other], None),
            (group.created + DAY, 1, by, [], group.title),
            (group.created + 2 * DAY, 21, by, [], None),
        ]
        if group.left is not None:
            notices.append((group.ended - 3 * DAY, 13, group.left, [], None))
        if group.removed is not None:
            notices.append((group.ended - 3 * DAY, 14, by, [group.removed], None))
        for at, code, actor, targets, text in notices:
            row = self._row(
                self._chats[group.jid], 0, f"{code:02d}{at:030X}"[:32],
                self._of(actor, lid=self._device.lid), at, 7, text, 6,
            )  # fmt: skip
            self._insert("message_system", message_row_id=row, action_type=code)
            for target in targets:
                self._insert(
                    "message_system_chat_participant", message_row_id=row,
                    user_jid_row_id=self._of(target, lid=self._device.lid),
                )  # fmt: skip

    def _row(  # noqa: PLR0913, PLR0917 - the columns of a message
        self, chat: int, mine: int, key: str, sender: int, at: int, kind: int, text: str | None,
        status: int,
    ) -> int:  # fmt: skip
        self._next += 1
        self._insert(
            "message", _id=self._next, chat_row_id=chat, from_me=mine, key_id=key,
            sender_jid_row_id=0 if mine else sender, status=status, origination_flags=0,
            timestamp=at, received_timestamp=at + 700, receipt_server_timestamp=-1,
            message_type=kind, text_data=text, starred=0, sort_id=self._next,
        )  # fmt: skip
        return self._next

    def _message(self, message: Message) -> None:
        mine = int(message.sender == self._device.holder)
        chat, lid = self._place(message)
        sender = self._of(message.sender, lid=lid)
        gone = message.revoked and self._device.holder % 2 == 0
        kind = (
            15
            if gone
            else 24
            if message.invites is not None
            else 1
            if message.picture is not None
            else 0
        )
        row = self._row(
            chat, mine, message.key, sender, message.at, kind, None if gone else message.text,
            13 if mine else 0,
        )  # fmt: skip
        self._rows[message.key] = row
        if mine:
            device = f"{self._world.persons[message.sender].phone}:0@s.whatsapp.net"
            self._insert(
                "message_details", message_row_id=row, author_device_jid=self._jid(device, 17)
            )
        if gone:
            self._insert(
                "message_revoked", message_row_id=row, revoked_key_id=message.key,
                revoke_timestamp=message.at + 60_000,
            )  # fmt: skip
            return
        self._satellites(message, row, chat, lid=lid)

    def _place(self, message: Message) -> tuple[int, bool]:
        """Conversation of a message, and whether people in it stand under hidden ids."""
        if message.group is not None:
            return self._chats[self._world.groups[message.group].jid], self._device.lid
        assert message.pair
        other = next(p for p in message.pair if p != self._device.holder)
        who = self._world.persons[other]
        lid = self._device.lid and other % 2 == 0
        raw = f"{who.lid}@lid" if lid else f"{who.phone}@s.whatsapp.net"
        self._of(other, lid=lid)
        return self._chat(raw, group_type=0), lid

    def _satellites(self, message: Message, row: int, chat: int, *, lid: bool) -> None:
        if message.picture is not None:
            self._picture(message, row, chat)
        if message.score:
            self._insert("message_forwarded", message_row_id=row, forward_score=message.score)
        if message.quotes in self._rows:
            self._quote(message, row, chat)
        if message.edited:
            self._insert(
                "message_edit_info", message_row_id=row, original_key_id=message.key,
                edited_timestamp=message.at + 90_000, sender_timestamp=message.at + 90_000,
            )  # fmt: skip
        if message.invites is not None:
            target = self._world.groups[message.invites]
            self._insert(
                "message_group_invite", message_row_id=row,
                group_jid_row_id=self._jid(target.jid, 1),
                admin_jid_row_id=self._of(target.members[0], lid=lid), group_name=target.title,
                invite_code=target.code, expiration=message.at + 3 * DAY, invite_time=message.at,
                expired=0,
            )  # fmt: skip
        if message.reaction is not None:
            self._insert(
                "message_add_on", _id=row, chat_row_id=chat, from_me=0, key_id=f"R{message.key}",
                sender_jid_row_id=self._of(message.reaction, lid=lid), parent_message_row_id=row,
                timestamp=message.at + 9000, status=0, message_add_on_type=56,
            )  # fmt: skip
            self._insert(
                "message_add_on_reaction", message_add_on_row_id=row, reaction="\U0001f44d",
                sender_timestamp=message.at + 9000,
            )  # fmt: skip
        if message.sender == self._device.holder:
            self._insert(
                "receipt_user", message_row_id=row,
                receipt_user_jid_row_id=self._of(
                    (message.sender + 7) % len(self._world.persons), lid=lid
                ),
                receipt_timestamp=message.at + 800, read_timestamp=message.at + 9000,
            )  # fmt: skip

    def _picture(self, message: Message, row: int, chat: int) -> None:
        assert message.picture is not None
        picture = self._pictures[message.picture]
        encrypted = hashlib.sha256((picture.sha256 + message.key).encode()).hexdigest()
        self._insert(
            "message_media", message_row_id=row, chat_row_id=chat, transferred=1,
            file_path=f"{IMAGES}/{file_name(message, row)}", file_size=len(picture.data),
            mime_type="image/jpeg", file_length=len(picture.data), file_hash=b64(picture.sha256),
            enc_file_hash=b64(encrypted), width=480, height=360, media_duration=0,
        )  # fmt: skip

    def _quote(self, message: Message, row: int, chat: int) -> None:
        assert message.quotes
        quoted = self._rows[message.quotes]
        text, at, sender = self._db.execute(
            "SELECT text_data, timestamp, sender_jid_row_id FROM message WHERE _id = ?", (quoted,)
        ).fetchone()
        self._insert(
            "message_quoted", message_row_id=row, chat_row_id=chat,
            parent_message_chat_row_id=chat, from_me=0, sender_jid_row_id=sender,
            key_id=message.quotes, timestamp=at, message_type=0, text_data=text,
        )  # fmt: skip

    def _calls(self) -> None:
        for number in range(6):
            other = (self._device.holder + 6 + number) % len(self._world.persons)
            self._insert(
                "call_log", _id=number + 1, jid_row_id=self._of(other, lid=False),
                from_me=number % 2, call_id=f"CALL{self._device.holder}{number}",
                timestamp=self._world.groups[0].created + number * DAY, video_call=number % 2,
                duration=30 * number, call_result=(2, 5, 4)[number % 3],
            )  # fmt: skip


def write_legacy(
    world: World, device: Device, pictures: list[Picture], messages: list[Message], file: Path
) -> None:
    """Write a ``msgstore.db`` as it was before 2019: addresses as text, no hidden ids."""
    with closing(sqlite3.connect(file)) as db:
        db.executescript(schemas.LEGACY)
        for group in (g for g in world.groups if device.holder in g.members):
            db.execute(
                "INSERT INTO chat_list (key_remote_jid, subject, creation) VALUES (?, ?, ?)",
                (group.jid, group.title, group.created),
            )
            staying = [m for m in group.members if m not in (group.left, group.removed)]
            for place, member in enumerate(staying):
                jid = "" if member == device.holder else _jid(world, member)
                db.execute(
                    "INSERT INTO group_participants (gjid, jid, admin, pending) "
                    "VALUES (?, ?, ?, 0)",
                    (group.jid, jid, 2 if place == 0 else 1 if place == 1 else 0),
                )
        for number, message in enumerate(messages, start=2):
            _legacy_message(db, world, device, pictures, message, number)
        db.commit()


def _legacy_message(  # noqa: PLR0913, PLR0917 - one row of one table
    db: sqlite3.Connection,
    world: World,
    device: Device,
    pictures: list[Picture],
    message: Message,
    number: int,
) -> None:
    mine = int(message.sender == device.holder)
    if message.group is not None:
        chat = world.groups[message.group].jid
    else:
        assert message.pair
        chat = _jid(world, next(p for p in message.pair if p != device.holder))
    picture = None if message.picture is None else pictures[message.picture]
    text = message.text
    if message.invites is not None:
        text = f"https://chat.whatsapp.com/{world.groups[message.invites].code}"
    values = (
        number, chat, mine, message.key, 13 if mine else 0, None if picture else text, message.at,
        "image/jpeg" if picture else None, "1" if picture else "0",
        len(picture.data) if picture else 0, file_name(message, number) if picture else None,
        text if picture else None, b64(picture.sha256) if picture else None,
        None if mine or message.group is None else _jid(world, message.sender),
        message.at + 700, message.score,
    )  # fmt: skip
    db.execute(
        "INSERT INTO messages (_id, key_remote_jid, key_from_me, key_id, status, data, timestamp, "
        "media_mime_type, media_wa_type, media_size, media_name, media_caption, media_hash, "
        "remote_resource, received_timestamp, forwarded) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        values,
    )


def write_address_book(world: World, device: Device, file: Path) -> None:
    """Write a ``wa.db``: names as this holder saved them."""
    with closing(sqlite3.connect(file)) as db:
        db.executescript(schemas.ADDRESS_BOOK)
        for person in world.persons:
            if (person.number + device.holder) % 4 == 0:
                continue
            saved = f"Contact {person.number:02d}" if person.number % 2 else None
            db.execute(
                "INSERT INTO wa_contacts (jid, is_whatsapp_user, number, display_name, wa_name) "
                "VALUES (?, 1, ?, ?, ?)",
                (_jid(world, person.number), f"+{person.phone}", saved, f"Push {person.number}"),
            )
        for group in (g for g in world.groups if device.holder in g.members):
            db.execute(
                "INSERT INTO wa_group_descriptions VALUES (?, ?, 1, ?)",
                (group.jid, f"About {group.title}", group.created),
            )
        db.commit()


def _jid(world: World, person: int) -> str:
    return f"{world.persons[person].phone}@s.whatsapp.net"
