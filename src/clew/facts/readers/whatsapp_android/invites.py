"""Invitations sent and quoted, and the links of channels."""

from collections.abc import Iterator

from clew.facts.readers.whatsapp_android.database import said
from clew.facts.readers.whatsapp_android.modern import Modern
from clew.facts.whatsapp import chat_of
from clew.records import Invite, InviteSource
from clew.schema import Row


def read_invites(modern: Modern) -> Iterator[Row]:
    """Invitations sent and quoted, and the links of channels."""
    base = modern.base
    for table, where in (
        ("message_group_invite", InviteSource.INVITE_MESSAGE),
        ("message_quoted_group_invite", InviteSource.QUOTED_INVITE),
    ):
        if not base.has(table, "message_row_id", "invite_code"):
            continue
        fields = base.columns(
            table,
            "group_jid_row_id admin_jid_row_id group_name invite_code expiration invite_time",
            "i",
        )
        message = base.columns("message", "chat_row_id from_me sender_jid_row_id timestamp", "m")
        select = (
            f"SELECT i.message_row_id, {fields}, {message} FROM {table} AS i "
            "LEFT JOIN message AS m ON m._id = i.message_row_id"
        )
        for row, group, admin, name, code, ends, made, chat_row, mine, sender, at in base.rows(
            table, select, "i.message_row_id"
        ):
            if not code:
                base.tally.skipped(table, "empty:code")
                continue
            base.tally.emitted(table, Invite)
            chat, target = modern.chat(chat_row), modern.jid.get(group)
            yield Invite(
                **base.at(f"{table}/{row}"),
                code=said(code) or "",
                platform="whatsapp",
                url=f"hxxps://chat[.]whatsapp[.]com/{code}",
                invites_to_chat_id=chat_of(target).chat_id if target else None,
                group_name_stated=said(name),
                issued_by=modern.account.get(admin),
                issued_at=base.time(f"{table}.invite_time", made, row),
                expires_at=base.time(f"{table}.expiration", ends, row),
                event_id=base.found.event(f"message/{row}"),
                seen_chat_id=chat.chat_id,
                seen_account_id=modern.sender(chat, mine, sender),
                seen_at=base.time("message.timestamp", at, row),
                found_in=where,
            )
    yield from _channels(modern)


def _channels(modern: Modern) -> Iterator[Row]:
    base = modern.base
    for row, name, code in base.each(
        "newsletter", "name invite_code", needs="invite_code", key="chat_row_id"
    ):
        if not code:
            base.tally.skipped("newsletter", "empty:code")
            continue
        base.tally.emitted("newsletter", Invite)
        yield Invite(
            **base.at(f"newsletter/{row}"),
            code=said(code) or "",
            platform="whatsapp",
            url=f"hxxps://whatsapp[.]com/channel/{code}",
            invites_to_chat_id=modern.chat(row).chat_id,
            group_name_stated=said(name),
            found_in=InviteSource.CHANNEL_RECORD,
        )
