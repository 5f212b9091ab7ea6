"""``msgstore.db`` as it was before 2019: addresses as text, no hidden ids, no notices kept."""

from pathlib import Path

from clew.demo.accounts import Account
from clew.demo.android import base64_of
from clew.demo.database import Rows, schema
from clew.demo.groups import Group
from clew.demo.messages import Message, milliseconds
from clew.demo.retained import Kept, file_name, is_current, known_members
from clew.demo.seizure import Device
from clew.demo.world import Network


class LegacyMessages:
    """Writes the messages and groups of one phone."""

    def __init__(self, network: Network, device: Device) -> None:
        self._network, self._device = network, device
        self._rows = Rows()

    def write(self, file: Path, messages: list[Kept]) -> None:
        """Write the database; its first row stands for no message, as the messenger's own does."""
        for number in sorted(self._device.since):
            self._group(self._network.groups.all[number])
        for row, one in enumerate(messages, start=2):
            self._message(row, one)
        self._rows.write(file, schema("whatsapp_legacy"))

    def _group(self, group: Group) -> None:
        if group.telegram:
            return
        self._rows.add("chat_list", key_remote_jid=group.jid, subject=group.title,
                       creation=milliseconds(group.since))  # fmt: skip
        for member in known_members(self._network, self._device, group):
            if is_current(self._device, group, member):
                own = member.account in self._device.accounts
                creator = member.admin and member.person == group.admins[0]
                self._rows.add(
                    "group_participants", gjid=group.jid,
                    jid="" if own else self._address(member.account),
                    admin=2 if creator else int(member.admin), pending=0,
                )  # fmt: skip

    def _message(self, row: int, one: Kept) -> None:
        message, mine = one.message, int(one.mine)
        file = None if message.variant is None else self._network.files.of(message.variant)
        text = message.text
        if message.invites is not None:
            text = f"https://chat.whatsapp.com/{self._network.groups.all[message.invites].code}"
        self._rows.add(
            "messages", _id=row, key_remote_jid=self._chat(message), key_from_me=mine,
            key_id=message.key, status=13 if mine else 0, data=None if file else text,
            timestamp=one.sent, media_mime_type="image/jpeg" if file else None,
            media_wa_type="1" if file else "0", media_size=file.size if file else 0,
            media_name=file_name(one) if file else None, media_caption=text if file else None,
            media_hash=base64_of(file.sha256) if file else None,
            remote_resource=None if mine or message.group is None
            else self._address(message.account),
            received_timestamp=one.received, forwarded=message.hops,
        )  # fmt: skip

    def _chat(self, message: Message) -> str:
        if message.group is not None:
            return self._network.groups.all[message.group].jid
        if message.account in self._device.accounts:
            assert message.to is not None
            return self._address(self._network.accounts.people[message.to].accounts[0])
        return self._address(message.account)

    def _address(self, number: int) -> str:
        account: Account = self._network.accounts.all[number]
        return self._network.numbered(account).jid
