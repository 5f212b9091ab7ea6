"""Invitations sent and quoted, and the links of channels."""

from collections.abc import Iterator

from clew.facts.database import Join, Selection
from clew.facts.readers.whatsapp_android.modern import Modern
from clew.facts.whatsapp import chat_id
from clew.records import Invite, InviteSource
from clew.schema import Row

_FIELDS = "group_jid_row_id admin_jid_row_id group_name invite_code expiration invite_time"
_MESSAGE = "chat_row_id from_me sender_jid_row_id timestamp"
_FOUND_IN = {
    "message_group_invite": InviteSource.INVITE_MESSAGE,
    "message_quoted_group_invite": InviteSource.QUOTED_INVITE,
}


def read_invites(modern: Modern) -> Iterator[Row]:
    """Invitations sent and quoted, and the links of channels."""
    for table in _FOUND_IN:
        if modern.base.has(table, "message_row_id", "invite_code"):
            yield from _sent(modern, table)
    for row in modern.base.each(
        "newsletter", "name invite_code", needs="invite_code", key="chat_row_id"
    ):
        if not row["invite_code"]:
            row.skipped("empty:code")
            continue
        yield Invite(
            **row.became(Invite),
            code=row.text("invite_code") or "",
            platform="whatsapp",
            url=f"hxxps://whatsapp[.]com/channel/{row['invite_code']}",
            invites_to_chat_id=modern.chats[row.key].chat_id,
            group_name_stated=row.text("name"),
            found_in=InviteSource.CHANNEL_RECORD,
        )


def _sent(modern: Modern, table: str) -> Iterator[Row]:
    base = modern.base
    message = Join("message", "m", f"_id = {table}.message_row_id", _MESSAGE)
    for row in base.rows_of(Selection(table, _FIELDS, (message,), "message_row_id")):
        if not row["invite_code"]:
            row.skipped("empty:code")
            continue
        chat = modern.chats[row["m.chat_row_id"]]
        target = modern.jid.get(row["group_jid_row_id"])
        yield Invite(
            **row.became(Invite),
            code=row.text("invite_code") or "",
            platform="whatsapp",
            url=f"hxxps://chat[.]whatsapp[.]com/{row['invite_code']}",
            invites_to_chat_id=chat_id(target) if target else None,
            group_name_stated=row.text("group_name"),
            issued_by=modern.account.get(row["admin_jid_row_id"]),
            issued_at=row.time("invite_time"),
            expires_at=row.time("expiration"),
            event_id=base.found.event(f"message/{row.key}"),
            seen_chat_id=chat.chat_id,
            seen_account_id=modern.sender(chat, row["m.from_me"], row["m.sender_jid_row_id"]),
            seen_at=base.time("message.timestamp", row["m.timestamp"], row.key),
            found_in=_FOUND_IN[table],
        )
