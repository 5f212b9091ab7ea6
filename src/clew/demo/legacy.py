"""``msgstore.db`` as it was before 2019: addresses as text, no hidden ids, no notices kept."""

from pathlib import Path

from clew.demo.accounts import Account
from clew.demo.android import base64_of
from clew.demo.database import Rows, schema
from clew.demo.messages import milliseconds
from clew.demo.retained import Kept, file_name, is_current, known_members, rank
from clew.demo.world import DeviceWriter


class LegacyMessages(DeviceWriter):
    """Writes the messages and groups of one phone."""

    def write(self, file: Path, messages: list[Kept]) -> None:
        """Write the database; its first row stands for no message, as the messenger's own does."""
        rows = Rows()
        for group in self._groups():
            rows.add("chat_list", key_remote_jid=group.jid, subject=group.title,
                     creation=milliseconds(group.since))  # fmt: skip
            for member in known_members(self._world, self._device, group):
                if is_current(self._device, group, member):
                    own = member.account in self._device.accounts
                    jid = "" if own else self._address(self._world.account(member.account))
                    rows.add("group_participants", gjid=group.jid, jid=jid,
                             admin=rank(group, member), pending=0)  # fmt: skip
        for row, one in enumerate(messages, start=2):
            rows.add("messages", _id=row, **self._message(one))
        rows.write(file, schema("whatsapp_legacy"))

    def _message(self, one: Kept) -> dict[str, object]:
        message, world = one.message, self._world
        chat = sender = None
        if message.group is not None:
            chat = world.groups.all[message.group].jid
            sender = None if one.mine else self._address(world.account(message.account))
        file = None if message.variant is None else world.files.of(message.variant)
        text = message.text
        if message.invites is not None:
            text = f"https://chat.whatsapp.com/{world.groups.all[message.invites].code}"
        return {
            "key_remote_jid": chat or self._address(self._partner(message)),
            "key_from_me": int(one.mine), "key_id": message.key, "status": 13 if one.mine else 0,
            "data": None if file else text, "timestamp": one.sent,
            "media_mime_type": "image/jpeg" if file else None,
            "media_wa_type": "1" if file else "0", "media_size": file.size if file else 0,
            "media_name": file_name(one) if file else None,
            "media_caption": text if file else None,
            "media_hash": base64_of(file.sha256) if file else None, "remote_resource": sender,
            "received_timestamp": one.received, "forwarded": message.hops,
        }  # fmt: skip

    def _address(self, account: Account) -> str:
        return self._world.numbered(account).jid
