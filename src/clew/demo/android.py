"""``msgstore.db`` as WhatsApp on Android writes it today, row by row from the truth."""

import base64
import hashlib
from pathlib import Path
from random import Random

from clew.demo.accounts import Account
from clew.demo.database import Rows, schema
from clew.demo.groups import Group, Membership
from clew.demo.messages import Message, milliseconds
from clew.demo.retained import Kept, file_name, is_current, known_members, rank
from clew.demo.seizure import Device
from clew.demo.world import DeviceWriter, World

IMAGES = "Media/WhatsApp Images"
_SUBJECT, _NUMBER, _CREATED, _ADDED, _LEFT, _REMOVED = 1, 10, 11, 12, 13, 14
_JOINED_BY_LINK, _ICON = 20, 21
_TEXT, _IMAGE, _SYSTEM, _REVOKED, _INVITE = 0, 1, 7, 15, 24
_DAY_MS = 86_400_000


class Messages(DeviceWriter):
    """Writes the messages, groups and calls of one phone."""

    def __init__(self, world: World, device: Device, chance: Random) -> None:
        super().__init__(world, device, chance)
        self._rows = Rows()
        self._jids: dict[str, int] = {}
        self._chats: dict[str, int] = {}
        self._notices_written = 0
        self.numbered: list[Account] = []
        """Hidden ids of which the phone knows the number."""

    def write(self, file: Path, messages: list[Kept], in_log: int) -> None:
        """Write the database; so many of the last messages stay in its write-ahead log."""
        for group in self._groups():
            self._group(group)
        settled = len(messages) - in_log
        for row, one in enumerate(messages[:settled], start=1):
            self._message(row, one)
        self._numbers()
        self._calls()
        self._rows.leave_in_log()
        for row, one in enumerate(messages[settled:], start=settled + 1):
            self._message(row, one)
        self._rows.write(file, schema("whatsapp_modern"))

    def _jid(self, raw: str, kind: int = 0) -> int:
        if raw not in self._jids:
            self._jids[raw] = len(self._jids) + 1
            user, _, server = raw.partition("@")
            self._rows.add("jid", _id=self._jids[raw], user=user, server=server, agent=0, device=0,
                           type=kind, raw_string=raw)  # fmt: skip
        return self._jids[raw]

    def _of(self, account: Account | int) -> int:
        """Row of an account, or of the one with this number."""
        found = self._world.account(account) if isinstance(account, int) else account
        return self._jid(found.jid, 18 if found.lid else 0)

    def _chat(self, raw: str, **values: object) -> int:
        if raw not in self._chats:
            self._chats[raw] = len(self._chats) + 1
            kind = 1 if raw.endswith("@g.us") else 0
            self._rows.add("chat", _id=self._chats[raw], jid_row_id=self._jid(raw, kind), hidden=0,
                           **values)  # fmt: skip
        return self._chats[raw]

    def _group(self, group: Group) -> None:
        """A group with its roster, those who left, and the notices of it."""
        members = known_members(self._world, self._device, group)
        current = sum(is_current(self._device, group, m) for m in members)
        self._chat(group.jid, subject=group.title, created_timestamp=milliseconds(group.since),
                   group_type=0, group_member_count=current)  # fmt: skip
        for member in members:
            self._member(group, member)
        self._notices(group, members)

    def _member(self, group: Group, member: Membership) -> None:
        ids = {"group_jid_row_id": self._jid(group.jid, 1),
               "user_jid_row_id": self._of(member.account)}  # fmt: skip
        if is_current(self._device, group, member):
            added = milliseconds(member.since) if self._chance.random() < 0.75 else 0
            self._rows.add("group_participant_user", **ids, rank=rank(group, member), pending=0,
                           add_timestamp=added)  # fmt: skip
        else:
            self._rows.add("group_past_participant_user", **ids, is_leave=int(not member.removed),
                           timestamp=milliseconds(member.until))  # fmt: skip

    def _notices(self, group: Group, members: list[Membership]) -> None:
        """What the messenger wrote into the group by itself, from the day the phone kept it."""
        since = self._device.since[group.number]
        admin = next((m.account for m in members if m.admin), members[0].account)
        if since <= group.since:
            self._notice(group, group.since, _CREATED, admin)
            if self._world.parameters.incidentals:
                self._notice(group, group.since + 1, _SUBJECT, admin, text=group.title)
                self._notice(group, group.since + 2, _ICON, admin)
        for member in members:
            if since <= member.since <= self._device.seized and member.since > group.since:
                self._came(group, member, admin)
            if member.until < min(group.until, self._device.seized):
                self._went(group, member, admin)

    def _came(self, group: Group, member: Membership, admin: int) -> None:
        account = self._world.account(member.account)
        follows = account.follows
        if follows is not None and account.announced and abs(member.since - account.since) < 30:
            row = self._notice(group, member.since, _NUMBER, account.number)
            self._rows.add("message_system_number_change", message_row_id=row,
                           old_jid_row_id=self._of(follows),
                           new_jid_row_id=self._of(account))  # fmt: skip
        elif member.by_link:
            self._notice(group, member.since, _JOINED_BY_LINK, account.number)
        else:
            self._notice(group, member.since, _ADDED, admin, account.number)

    def _went(self, group: Group, member: Membership, admin: int) -> None:
        if self._world.account(member.account).until <= member.until:
            return  # the number was given up, and nobody was notified
        if member.removed:
            self._notice(group, member.until, _REMOVED, admin, member.account)
        else:
            self._notice(group, member.until, _LEFT, member.account)

    def _notice(
        self,
        group: Group,
        day: float,
        code: int,
        actor: int,
        *targets: int,
        text: str | None = None,
    ) -> int:
        """Add a notice; its row."""
        row = 1_000_000 + self._notices_written
        self._notices_written += 1
        about = f"{group.number} {day} {code} {actor} {targets}"
        key = hashlib.blake2b(about.encode(), digest_size=14).hexdigest().upper()
        self._add(row, self._chats[group.jid], sender_jid_row_id=self._of(actor), status=6,
                  key_id=f"3A{key}", timestamp=milliseconds(day), message_type=_SYSTEM,
                  text_data=text)  # fmt: skip
        self._rows.add("message_system", message_row_id=row, action_type=code)
        for target in targets:
            self._rows.add("message_system_chat_participant", message_row_id=row,
                           user_jid_row_id=self._of(target))  # fmt: skip
        return row

    def _add(self, row: int, chat: int, **columns: object) -> None:
        """Add a row of the table of messages, its columns in one order whatever it is of."""
        self._rows.add("message", **{
            "_id": row, "chat_row_id": chat, "from_me": 0, "key_id": None, "sender_jid_row_id": 0,
            "status": 0, "origination_flags": 0, "timestamp": None,
            "received_timestamp": columns["timestamp"], "receipt_server_timestamp": -1,
            "message_type": _TEXT, "text_data": None, "starred": 0, "sort_id": row, **columns,
        })  # fmt: skip

    def _message(self, row: int, one: Kept) -> None:
        message = one.message
        kind = (
            _REVOKED if one.revoked
            else _INVITE if message.invites is not None
            else _IMAGE if message.variant is not None
            else _TEXT
        )  # fmt: skip
        chat = self._chat_of(message)
        sender = self._of(message.account)
        self._add(row, chat, from_me=int(one.mine), key_id=message.key, timestamp=one.sent,
                  received_timestamp=one.received, sender_jid_row_id=0 if one.mine else sender,
                  status=13 if one.mine else 0, message_type=kind,
                  text_data=None if one.revoked else message.text)  # fmt: skip
        if one.mine:
            account = self._world.numbered(self._world.account(message.account))
            own = self._jid(f"{account.phone or '0'}:0@s.whatsapp.net", 17)
            self._rows.add("message_details", message_row_id=row, author_device_jid=own)
        if one.revoked:
            self._rows.add("message_revoked", message_row_id=row, revoked_key_id=message.key,
                           revoke_timestamp=one.sent + 60_000)  # fmt: skip
            return
        if message.variant is not None:
            self._file(row, chat, one, message.variant)
        if message.hops:
            self._rows.add("message_forwarded", message_row_id=row, forward_score=message.hops)
        if message.invites is not None:
            self._invitation(row, one, self._world.groups.all[message.invites])
        self._details(row, chat, one)

    def _chat_of(self, message: Message) -> int:
        if message.group is not None:
            return self._chats[self._world.groups.all[message.group].jid]
        return self._chat(self._partner(message).jid, group_type=0)

    def _file(self, row: int, chat: int, one: Kept, variant: int) -> None:
        file = self._world.files.of(variant)
        self._rows.add(
            "message_media", message_row_id=row, chat_row_id=chat, transferred=1,
            file_path=f"{IMAGES}/{file_name(one)}", file_size=file.size, mime_type="image/jpeg",
            file_length=file.size, file_hash=base64_of(file.sha256),
            enc_file_hash=base64_of(file.uploaded), width=file.width, height=file.height,
        )  # fmt: skip

    def _invitation(self, row: int, one: Kept, target: Group) -> None:
        admin = self._world.accounts.people[target.admins[0]].accounts[0]
        self._rows.add(
            "message_group_invite", message_row_id=row,
            group_jid_row_id=self._jid(target.jid, 1), admin_jid_row_id=self._of(admin),
            group_name=target.title, invite_code=target.code,
            expiration=one.sent + 3 * _DAY_MS, invite_time=one.sent, expired=0,
        )  # fmt: skip

    def _details(self, row: int, chat: int, one: Kept) -> None:
        """What a message carries beside its content."""
        message, quoted, add = one.message, one.message.quotes, self._rows.add
        if quoted is not None:
            add("message_quoted", message_row_id=row, chat_row_id=chat,
                parent_message_chat_row_id=chat, from_me=0,
                sender_jid_row_id=self._of(quoted.account), key_id=quoted.key,
                timestamp=int(quoted.at) * 1000, message_type=_TEXT,
                text_data=quoted.text)  # fmt: skip
        if message.edited:
            at = one.sent + 90_000
            add("message_edit_info", message_row_id=row, original_key_id=message.key,
                edited_timestamp=at, sender_timestamp=at)  # fmt: skip
        if message.reaction is not None:
            at = one.sent + 9000
            add("message_add_on", _id=row, chat_row_id=chat, from_me=0, key_id=f"R{message.key}",
                sender_jid_row_id=self._of(message.reaction), parent_message_row_id=row,
                timestamp=at, status=0, message_add_on_type=56)  # fmt: skip
            add("message_add_on_reaction", message_add_on_row_id=row, reaction="\U0001f44d",
                sender_timestamp=at)  # fmt: skip
        if one.mine and message.group is not None and self._world.parameters.incidentals:
            reader = self._of(self._world.groups.of_group[message.group][0].account)
            add("receipt_user", message_row_id=row, receipt_user_jid_row_id=reader,
                receipt_timestamp=one.sent + 800, read_timestamp=one.sent + 9000)  # fmt: skip

    def _numbers(self) -> None:
        """Numbers behind hidden ids, where the phone knows them."""
        own, parameters = set(self._device.accounts), self._world.parameters
        for account in self._world.accounts.all:
            if account.alias_of is None or account.jid not in self._jids:
                continue
            if account.number in own or self._chance.random() < parameters.maps_known:
                self.numbered.append(account)
                self._rows.add("jid_map", lid_row_id=self._of(account), sort_id=account.number,
                               jid_row_id=self._of(account.alias_of))  # fmt: skip
            if parameters.incidentals and account.shown:
                self._rows.add("lid_display_name", lid_row_id=self._of(account),
                               display_name=f"~{account.shown}")  # fmt: skip

    def _calls(self) -> None:
        """Calls of the holder's first account with people in the order of their numbers."""
        people = self._world.accounts.people
        for nth in range(self._world.parameters.calls):
            other = people[(self._device.holder + 1 + nth) % len(people)].accounts[0]
            self._rows.add(
                "call_log", _id=nth + 1, jid_row_id=self._of(other), from_me=nth % 2,
                call_id=f"CALL{self._device.holder}{nth}", timestamp=milliseconds(30 + nth),
                video_call=nth % 2, duration=30 * nth, call_result=(2, 5, 4)[nth % 3],
            )  # fmt: skip


def base64_of(digest: str) -> str:
    """A hash as the messenger writes it."""
    return base64.b64encode(bytes.fromhex(digest)).decode()
