"""Conversations, and who is in them."""

from collections.abc import Iterator
from typing import Any

from clew import records
from clew.facts.database import SourceRow
from clew.facts.readers.whatsapp_android.database import Database, name_of
from clew.facts.readers.whatsapp_android.modern import Modern
from clew.facts.whatsapp import Notice, chat_id, chat_of
from clew.records import ChatType, MembershipBasis, MemberState
from clew.schema import Id, Row

_MEMBERS = "group_participant_user"
_MEMBER = "group_jid_row_id user_jid_row_id"
_COMMUNITY, _CREATOR = 1, 2


def read_chats(modern: Modern) -> Iterator[Row]:
    """Conversations of ``chat``."""
    fields = "jid_row_id subject created_timestamp group_type hidden archived group_member_count"
    creators, lid_groups = _of_groups(modern)
    for row in modern.base.each("chat", fields):
        jid_row, members = row["jid_row_id"], row["group_member_count"]
        jid = modern.jid.get(jid_row)
        if not jid:
            row.skipped("address_gone_messages_kept")
            continue
        found = chat_of(jid)
        is_community = found.kind == ChatType.GROUP and row["group_type"] == _COMMUNITY
        yield records.Chat(
            **row.became(records.Chat),
            chat_id=found.chat_id,
            platform="whatsapp",
            chat_type=ChatType.COMMUNITY if is_community else found.kind,
            subject=row.text("subject"),
            created_at=row.time("created_timestamp"),
            creator=creators.get(jid_row),
            addressing="lid" if jid_row in lid_groups or jid.endswith("@lid") else "pn",
            members_stated=members if isinstance(members, int) and members else None,
            hidden=row["hidden"] == 1,
            archived=row["archived"] == 1,
        )


def read_legacy_chats(base: Database) -> Iterator[Row]:
    """Conversations of ``chat_list``."""
    fields = "key_remote_jid subject creation archived"
    for row in base.each("chat_list", fields, needs="key_remote_jid"):
        jid = row["key_remote_jid"]
        if not isinstance(jid, str) or not jid:
            row.skipped("no_address")
            continue
        found = chat_of(jid)
        yield records.Chat(
            **row.became(records.Chat),
            chat_id=found.chat_id,
            platform="whatsapp",
            chat_type=found.kind,
            subject=row.text("subject"),
            created_at=row.time("creation"),
            addressing="pn",
            archived=row["archived"] == 1,
        )


def read_members(modern: Modern) -> Iterator[Row]:
    """Present and past members by row numbers."""
    base = modern.base
    fields = f"{_MEMBER} rank pending add_timestamp label"
    for row in base.each(_MEMBERS, fields, needs=_MEMBER):
        chat = modern.jid.get(row["group_jid_row_id"])
        if not chat:
            row.skipped("group_address_gone")
            continue
        account = modern.account.get(row["user_jid_row_id"]) or base.owner
        yield records.Membership(
            **row.became(records.Membership),
            chat_id=chat_id(chat),
            account_id=account,
            **_role(row, "rank"),
            joined_at=row.time("add_timestamp"),
            label=row.text("label"),
        )
        yield from base.named(row.locator, account, row["label"], records.NameKind.GROUP_LABEL)
    yield from _past_members(modern)


def read_legacy_members(base: Database) -> Iterator[Row]:
    """Members by address; an empty address is the holder of the device."""
    for row in base.each("group_participants", "gjid jid admin pending", needs="gjid jid"):
        group = row["gjid"]
        if not isinstance(group, str) or not group:
            row.skipped("no_group")
            continue
        yield records.Membership(
            **row.became(records.Membership),
            chat_id=chat_id(group),
            account_id=base.account(row["jid"]) or base.owner,
            **_role(row, "admin"),
        )
    yield from _history(base)


def _role(row: SourceRow, column: str) -> dict[str, Any]:
    """Role and state of a present member."""
    return {
        "role": records.Role(name_of("role", row[column]) or "member"),
        "role_raw": row.text(column),
        "state": MemberState.PENDING if row["pending"] == 1 else MemberState.CURRENT,
        "basis": MembershipBasis.ROSTER,
    }


def _past_members(modern: Modern) -> Iterator[Row]:
    table, names = "group_past_participant_user", f"{_MEMBER} is_leave timestamp"
    for row in modern.base.each(table, names, needs=_MEMBER, key="rowid"):
        chat, left = modern.jid.get(row["group_jid_row_id"]), row["is_leave"]
        if not chat:
            row.skipped("group_address_gone")
            continue
        states = {1: MemberState.LEFT, 0: MemberState.REMOVED}
        yield records.Membership(
            **row.became(records.Membership),
            chat_id=chat_id(chat),
            account_id=modern.account.get(row["user_jid_row_id"]) or modern.base.owner,
            role=records.Role.MEMBER,
            role_raw=None if left is None else f"is_leave={left}",
            state=states.get(left, MemberState.UNKNOWN_PAST),
            ended_at=row.time("timestamp"),
            basis=MembershipBasis.PAST_ROSTER,
        )


def _history(base: Database) -> Iterator[Row]:
    """Changes of membership by address; what the action codes mean is not established."""
    needs = "gjid jid action"
    for row in base.each("group_participants_history", f"{needs} timestamp", needs=needs):
        if not isinstance(row["gjid"], str) or not row["gjid"]:
            row.skipped("no_group")
            continue
        row.became(records.GroupEvent)
        notice = Notice(
            locator=row.locator,
            chat=chat_of(row["gjid"]),
            at=row.time("timestamp"),
            action=records.GroupAction.UNKNOWN,
            action_raw=f"history action {row['action']}",
            targets=base.accounts(str(row["jid"] or "")),
        )
        yield base.event(notice)
        for account in notice.targets:
            yield records.Membership(
                **row.at,
                chat_id=notice.chat.chat_id,
                account_id=account,
                role=records.Role.MEMBER,
                role_raw=notice.action_raw,
                state=MemberState.UNKNOWN_PAST,
                basis=MembershipBasis.EVENT,
            )


def _of_groups(modern: Modern) -> tuple[dict[object, Id[records.Account]], set[object]]:
    """Who created each group, and the groups whose members stand under hidden ids."""
    creators: dict[object, Id[records.Account]] = {}
    lid_groups: set[object] = set()
    for row in modern.base.each(_MEMBERS, f"{_MEMBER} rank", needs=_MEMBER):
        group, user = row["group_jid_row_id"], row["user_jid_row_id"]
        if row["rank"] == _CREATOR:
            creators[group] = modern.account.get(user) or modern.base.owner
        if modern.jid.get(user, "").endswith("@lid"):
            lid_groups.add(group)
    return creators, lid_groups
