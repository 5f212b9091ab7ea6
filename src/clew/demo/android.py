"""``msgstore.db`` as WhatsApp on Android writes it today, row by row from the truth."""

import base64
import hashlib
import random
from pathlib import Path

from clew.demo.accounts import Account
from clew.demo.database import Rows, schema
from clew.demo.groups import Group, Membership
from clew.demo.messages import Message, milliseconds
from clew.demo.retained import Kept, file_name, is_current, known_members
from clew.demo.seizure import Device
from clew.demo.world import Network

IMAGES = "Media/WhatsApp Images"
_SUBJECT, _NUMBER, _CREATED, _ADDED, _LEFT, _REMOVED, _ADMIN = 1, 10, 11, 12, 13, 14, 15
_JOINED_BY_LINK, _ICON = 20, 21
_TEXT, _IMAGE, _SYSTEM, _REVOKED, _INVITE = 0, 1, 7, 15, 24
_DAY_MS = 86_400_000


class Messages:
    """Writes the messages, groups and calls of one phone."""

    def __init__(self, network: Network, device: Device, chance: random.Random) -> None:
        self._network, self._device, self._chance = network, device, chance
        self._rows = Rows()
        self._jids: dict[str, int] = {}
        self._chats: dict[str, int] = {}
        self._notices_written = 0
        self.numbered: list[Account] = []
        """Hidden ids of which the phone knows the number."""

    def write(self, file: Path, messages: list[Kept], in_log: int) -> None:
        """Write the database; so many of the last messages stay in its write-ahead log."""
        for number in sorted(self._device.since):
            self._group(self._network.groups.all[number])
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
            self._rows.add(
                "jid", _id=self._jids[raw], user=user, server=server, agent=0, device=0,
                type=kind, raw_string=raw,
            )  # fmt: skip
        return self._jids[raw]

    def _of(self, account: Account) -> int:
        return self._jid(account.jid, 18 if account.lid else 0)

    def _numbered(self, number: int) -> int:
        return self._of(self._network.accounts.all[number])

    def _chat(self, raw: str, **values: object) -> int:
        if raw not in self._chats:
            self._chats[raw] = len(self._chats) + 1
            kind = 1 if raw.endswith("@g.us") else 0
            self._rows.add("chat", _id=self._chats[raw], jid_row_id=self._jid(raw, kind), hidden=0,
                           **values)  # fmt: skip
        return self._chats[raw]

    def _group(self, group: Group) -> None:
        """A group with its roster, those who left, and the notices of it."""
        if group.telegram:
            return
        members = known_members(self._network, self._device, group)
        current = [m for m in members if is_current(self._device, group, m)]
        self._chat(
            group.jid, subject=group.title, created_timestamp=milliseconds(group.since),
            group_type=0, group_member_count=len(current),
        )  # fmt: skip
        for member in members:
            self._member(group, member)
        self._notices(group, members)

    def _member(self, group: Group, member: Membership) -> None:
        jid, who = self._jid(group.jid, 1), self._numbered(member.account)
        if is_current(self._device, group, member):
            known = self._chance.random() < 0.75
            creator = member.admin and member.person == group.admins[0]
            self._rows.add(
                "group_participant_user", group_jid_row_id=jid, user_jid_row_id=who,
                rank=2 if creator else int(member.admin), pending=0,
                add_timestamp=milliseconds(member.since) if known else 0,
            )  # fmt: skip
        else:
            self._rows.add(
                "group_past_participant_user", group_jid_row_id=jid, user_jid_row_id=who,
                is_leave=int(not member.removed), timestamp=milliseconds(member.until),
            )  # fmt: skip

    def _notices(self, group: Group, members: list[Membership]) -> None:
        """What the messenger wrote into the group by itself, from the day the phone kept it."""
        since = self._device.since[group.number]
        admin = next((m.account for m in members if m.admin), members[0].account)
        if since <= group.since:
            self._notice(group, group.since, _CREATED, admin)
            if self._network.parameters.incidentals:
                self._notice(group, group.since + 1, _SUBJECT, admin, text=group.title)
                self._notice(group, group.since + 2, _ICON, admin)
        for member in members:
            if since <= member.since <= self._device.seized and member.since > group.since:
                self._came(group, member, admin)
            if member.until < min(group.until, self._device.seized):
                self._went(group, member, admin)

    def _came(self, group: Group, member: Membership, admin: int) -> None:
        account = self._network.accounts.all[member.account]
        follows = account.follows
        if follows is not None and account.announced and abs(member.since - account.since) < 30:
            self._notice(group, member.since, _NUMBER, account.number,
                         change=(follows, account.number))  # fmt: skip
        elif member.by_link:
            self._notice(group, member.since, _JOINED_BY_LINK, account.number)
        else:
            self._notice(group, member.since, _ADDED, admin, (account.number,))

    def _went(self, group: Group, member: Membership, admin: int) -> None:
        if self._network.accounts.all[member.account].until <= member.until:
            return  # the number was given up, and nobody was notified
        if member.removed:
            self._notice(group, member.until, _REMOVED, admin, (member.account,))
        else:
            self._notice(group, member.until, _LEFT, member.account)

    def _notice(  # noqa: PLR0913 - what a notice says
        self,
        group: Group,
        day: float,
        code: int,
        actor: int,
        targets: tuple[int, ...] = (),
        *,
        change: tuple[int, int] | None = None,
        text: str | None = None,
    ) -> None:
        row = 1_000_000 + self._notices_written
        self._notices_written += 1
        key = hashlib.blake2b(f"{group.number} {day} {code} {actor} {targets}".encode(),
                              digest_size=14).hexdigest().upper()  # fmt: skip
        at = milliseconds(day)
        self._rows.add("message", **_columns(
            row, self._chats[group.jid], 0, f"3A{key}", self._numbered(actor), (at, at), _SYSTEM,
            text, 6,
        ))  # fmt: skip
        self._rows.add("message_system", message_row_id=row, action_type=code)
        for target in targets:
            self._rows.add("message_system_chat_participant", message_row_id=row,
                           user_jid_row_id=self._numbered(target))  # fmt: skip
        if change:
            self._rows.add(
                "message_system_number_change", message_row_id=row,
                old_jid_row_id=self._numbered(change[0]), new_jid_row_id=self._numbered(change[1]),
            )  # fmt: skip

    def _message(self, row: int, one: Kept) -> None:
        message = one.message
        account = self._network.accounts.all[message.account]
        kind = (
            _REVOKED if one.revoked
            else _INVITE if message.invites is not None
            else _IMAGE if message.variant is not None
            else _TEXT
        )  # fmt: skip
        chat = self._chat_of(message)
        self._rows.add("message", **_columns(
            row, chat, int(one.mine), message.key, self._of(account), (one.sent, one.received),
            kind, None if one.revoked else message.text, 13 if one.mine else 0,
        ))  # fmt: skip
        if one.mine:
            own = f"{self._network.numbered(account).phone or '0'}:0@s.whatsapp.net"
            self._rows.add("message_details", message_row_id=row,
                           author_device_jid=self._jid(own, 17))  # fmt: skip
        if one.revoked:
            self._rows.add("message_revoked", message_row_id=row, revoked_key_id=message.key,
                           revoke_timestamp=one.sent + 60_000)  # fmt: skip
            return
        if message.variant is not None:
            self._file(row, chat, one, message.variant)
        if message.hops:
            self._rows.add("message_forwarded", message_row_id=row, forward_score=message.hops)
        if message.invites is not None:
            self._invitation(row, one, self._network.groups.all[message.invites])
        self._details(row, chat, one)

    def _chat_of(self, message: Message) -> int:
        if message.group is not None:
            return self._chats[self._network.groups.all[message.group].jid]
        other = self._network.accounts.all[message.account]
        if message.account in self._device.accounts:
            assert message.to is not None
            number = self._network.accounts.people[message.to].accounts[0]
            other = self._network.accounts.all[number]
        return self._chat(other.jid, group_type=0)

    def _file(self, row: int, chat: int, one: Kept, variant: int) -> None:
        file = self._network.files.of(variant)
        self._rows.add(
            "message_media", message_row_id=row, chat_row_id=chat, transferred=1,
            file_path=f"{IMAGES}/{file_name(one)}", file_size=file.size, mime_type="image/jpeg",
            file_length=file.size, file_hash=base64_of(file.sha256),
            enc_file_hash=base64_of(file.uploaded), width=file.width, height=file.height,
        )  # fmt: skip

    def _invitation(self, row: int, one: Kept, target: Group) -> None:
        admin = self._network.accounts.people[target.admins[0]].accounts[0]
        self._rows.add(
            "message_group_invite", message_row_id=row,
            group_jid_row_id=self._jid(target.jid, 1), admin_jid_row_id=self._numbered(admin),
            group_name=target.title, invite_code=target.code,
            expiration=one.sent + 3 * _DAY_MS, invite_time=one.sent, expired=0,
        )  # fmt: skip

    def _details(self, row: int, chat: int, one: Kept) -> None:
        """What a message carries beside its content."""
        message, quoted = one.message, one.message.quotes
        if quoted is not None:
            self._rows.add(
                "message_quoted", message_row_id=row, chat_row_id=chat,
                parent_message_chat_row_id=chat, from_me=0,
                sender_jid_row_id=self._numbered(quoted.account), key_id=quoted.key,
                timestamp=int(quoted.at) * 1000, message_type=_TEXT, text_data=quoted.text,
            )  # fmt: skip
        if message.edited:
            self._rows.add(
                "message_edit_info", message_row_id=row, original_key_id=message.key,
                edited_timestamp=one.sent + 90_000, sender_timestamp=one.sent + 90_000,
            )  # fmt: skip
        if message.reaction is not None:
            self._rows.add(
                "message_add_on", _id=row, chat_row_id=chat, from_me=0, key_id=f"R{message.key}",
                sender_jid_row_id=self._numbered(message.reaction), parent_message_row_id=row,
                timestamp=one.sent + 9000, status=0, message_add_on_type=56,
            )  # fmt: skip
            self._rows.add(
                "message_add_on_reaction", message_add_on_row_id=row, reaction="\U0001f44d",
                sender_timestamp=one.sent + 9000,
            )  # fmt: skip
        if one.mine and message.group is not None and self._network.parameters.incidentals:
            reader = self._network.groups.of_group[message.group][0].account
            self._rows.add(
                "receipt_user", message_row_id=row, receipt_user_jid_row_id=self._numbered(reader),
                receipt_timestamp=one.sent + 800, read_timestamp=one.sent + 9000,
            )  # fmt: skip

    def _numbers(self) -> None:
        """Numbers behind hidden ids, where the phone knows them."""
        own, parameters = set(self._device.accounts), self._network.parameters
        for account in self._network.accounts.all:
            if account.alias_of is None or account.jid not in self._jids:
                continue
            if account.number in own or self._chance.random() < parameters.maps_known:
                self.numbered.append(account)
                self._rows.add("jid_map", lid_row_id=self._of(account),
                               jid_row_id=self._numbered(account.alias_of),
                               sort_id=account.number)  # fmt: skip
            if parameters.incidentals and account.shown:
                self._rows.add("lid_display_name", lid_row_id=self._of(account),
                               display_name=f"~{account.shown}")  # fmt: skip

    def _calls(self) -> None:
        """Calls of the holder's first account with people in the order of their numbers."""
        people = self._network.accounts.people
        for nth in range(self._network.parameters.calls):
            other = people[(self._device.holder + 1 + nth) % len(people)].accounts[0]
            self._rows.add(
                "call_log", _id=nth + 1, jid_row_id=self._numbered(other), from_me=nth % 2,
                call_id=f"CALL{self._device.holder}{nth}", timestamp=milliseconds(30 + nth),
                video_call=nth % 2, duration=30 * nth, call_result=(2, 5, 4)[nth % 3],
            )  # fmt: skip


def base64_of(digest: str) -> str:
    """A hash as the messenger writes it."""
    return base64.b64encode(bytes.fromhex(digest)).decode()


def _columns(  # noqa: PLR0913, PLR0917 - the columns of a message
    row: int, chat: int, mine: int, key: str, sender: int, times: tuple[int, int], kind: int,
    text: str | None, status: int,
) -> dict[str, object]:  # fmt: skip
    sent, received = times
    return {
        "_id": row, "chat_row_id": chat, "from_me": mine, "key_id": key,
        "sender_jid_row_id": 0 if mine else sender, "status": status, "origination_flags": 0,
        "timestamp": sent, "received_timestamp": received, "receipt_server_timestamp": -1,
        "message_type": kind, "text_data": text, "starred": 0, "sort_id": row,
    }  # fmt: skip
