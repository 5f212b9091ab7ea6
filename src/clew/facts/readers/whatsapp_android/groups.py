"""Conversations, who is in them, and what happened in groups."""

from collections.abc import Iterator

from clew import records
from clew.facts.readers.whatsapp_android.database import Database, name_of, said
from clew.facts.readers.whatsapp_android.modern import Modern
from clew.facts.whatsapp import chat_of
from clew.schema import Id, Row

_COMMUNITY = 1


def read_chats(modern: Modern) -> Iterator[Row]:
    """Conversations of ``chat``."""
    base = modern.base
    fields = "jid_row_id subject created_timestamp group_type hidden archived group_member_count"
    creators, lid_groups = _creators(modern), _lid_groups(modern)
    for row, jid_row, subject, created, group_type, hidden, archived, members in base.each(
        "chat", fields
    ):
        jid = modern.jid.get(jid_row)
        if not jid:
            base.tally.skipped("chat", "address_gone_messages_kept")
            continue
        found = chat_of(jid)
        kind = found.kind
        if kind == records.ChatType.GROUP and group_type == _COMMUNITY:
            kind = records.ChatType.COMMUNITY
        base.tally.emitted("chat", records.Chat)
        by_lid = jid_row in lid_groups or jid.endswith("@lid")
        yield records.Chat(
            **base.at(f"chat/{row}"),
            chat_id=found.chat_id,
            platform="whatsapp",
            chat_type=kind,
            subject=said(subject),
            created_at=base.time("chat.created_timestamp", created, row),
            creator=creators.get(jid_row),
            addressing="lid" if by_lid else "pn",
            members_stated=members if isinstance(members, int) and members else None,
            hidden=hidden == 1,
            archived=archived == 1,
        )


def read_legacy_chats(base: Database) -> Iterator[Row]:
    """Conversations of ``chat_list``."""
    fields = "key_remote_jid subject creation archived"
    for row, jid, subject, created, archived in base.each(
        "chat_list", fields, needs="key_remote_jid"
    ):
        if not isinstance(jid, str) or not jid:
            base.tally.skipped("chat_list", "no_address")
            continue
        found = chat_of(jid)
        base.tally.emitted("chat_list", records.Chat)
        yield records.Chat(
            **base.at(f"chat_list/{row}"),
            chat_id=found.chat_id,
            platform="whatsapp",
            chat_type=found.kind,
            subject=said(subject),
            created_at=base.time("chat_list.creation", created, row),
            addressing="pn",
            archived=archived == 1,
        )


def read_members(modern: Modern) -> Iterator[Row]:
    """Present and past members by row numbers."""
    base = modern.base
    fields = "group_jid_row_id user_jid_row_id rank pending add_timestamp label"
    table = "group_participant_user"
    needs = "group_jid_row_id user_jid_row_id"
    for row, group, user, rank, pending, added, label in base.each(table, fields, needs=needs):
        where = f"{table}/{row}"
        chat = modern.jid.get(group)
        if not chat:
            base.tally.skipped(table, "group_address_gone")
            continue
        account = modern.account.get(user) or base.owner
        base.tally.emitted(table, records.Membership)
        yield records.Membership(
            **base.at(where),
            chat_id=chat_of(chat).chat_id,
            account_id=account,
            role=records.Role(name_of("role", rank) or "member"),
            role_raw=said(rank),
            state=records.MemberState.PENDING if pending == 1 else records.MemberState.CURRENT,
            joined_at=base.time(f"{table}.add_timestamp", added, row),
            basis=records.MembershipBasis.ROSTER,
            label=said(label),
        )
        yield from base.named(where, account, label, records.NameKind.GROUP_LABEL)
    yield from _past_members(modern)


def read_legacy_members(base: Database) -> Iterator[Row]:
    """Members by address; an empty address is the holder of the device."""
    table, names = "group_participants", "gjid jid admin pending"
    for row, group, jid, admin, pending in base.each(table, names, needs="gjid jid"):
        if not isinstance(group, str) or not group:
            base.tally.skipped(table, "no_group")
            continue
        base.tally.emitted(table, records.Membership)
        yield records.Membership(
            **base.at(f"{table}/{row}"),
            chat_id=chat_of(group).chat_id,
            account_id=base.account(jid) or base.owner,
            role=records.Role(name_of("role", admin) or "member"),
            role_raw=said(admin),
            state=records.MemberState.PENDING if pending == 1 else records.MemberState.CURRENT,
            basis=records.MembershipBasis.ROSTER,
        )
    yield from _history(base)


def _past_members(modern: Modern) -> Iterator[Row]:
    base, table = modern.base, "group_past_participant_user"
    needs = "group_jid_row_id user_jid_row_id"
    names = f"{needs} is_leave timestamp"
    for row, group, user, left, at in base.each(table, names, needs=needs, key="rowid"):
        chat = modern.jid.get(group)
        if not chat:
            base.tally.skipped(table, "group_address_gone")
            continue
        states = {1: records.MemberState.LEFT, 0: records.MemberState.REMOVED}
        base.tally.emitted(table, records.Membership)
        yield records.Membership(
            **base.at(f"{table}/{row}"),
            chat_id=chat_of(chat).chat_id,
            account_id=modern.account.get(user) or base.owner,
            role=records.Role.MEMBER,
            role_raw=None if left is None else f"is_leave={left}",
            state=states.get(left, records.MemberState.UNKNOWN_PAST),
            ended_at=base.time(f"{table}.timestamp", at, row),
            basis=records.MembershipBasis.PAST_ROSTER,
        )


def _history(base: Database) -> Iterator[Row]:
    """Changes of membership by address; what the action codes mean is not established."""
    table, needs = "group_participants_history", "gjid jid action"
    for row, group, jids, action, at in base.each(table, f"{needs} timestamp", needs=needs):
        if not isinstance(group, str) or not group:
            base.tally.skipped(table, "no_group")
            continue
        targets = [a for j in str(jids or "").split(",") if (a := base.account(j.strip()))]
        locator = f"{table}/{row}"
        base.tally.emitted(table, records.GroupEvent)
        yield records.GroupEvent(
            **base.at(locator),
            event_id=base.found.event(locator),
            chat_id=chat_of(group).chat_id,
            at=base.time(f"{table}.timestamp", at, row),
            action=records.GroupAction.UNKNOWN,
            action_raw=f"history action {action}",
            targets=tuple(targets),
            certainty=records.Certainty.STATED,
        )
        for account in targets:
            yield records.Membership(
                **base.at(locator),
                chat_id=chat_of(group).chat_id,
                account_id=account,
                role=records.Role.MEMBER,
                role_raw=f"history action {action}",
                state=records.MemberState.UNKNOWN_PAST,
                basis=records.MembershipBasis.EVENT,
            )


def _creators(modern: Modern) -> dict[object, Id[records.Account]]:
    base, table = modern.base, "group_participant_user"
    if not base.has(table, "_id", "group_jid_row_id", "user_jid_row_id", "rank"):
        return {}
    select = f"SELECT _id, group_jid_row_id, user_jid_row_id FROM {table} WHERE rank = 2"
    return {
        group: modern.account.get(user) or base.owner
        for _, group, user in base.rows(table, select, "_id")
    }


def _lid_groups(modern: Modern) -> set[object]:
    """Groups whose members stand under hidden ids."""
    base, table = modern.base, "group_participant_user"
    if not base.has(table, "_id", "group_jid_row_id", "user_jid_row_id"):
        return set()
    select = f"SELECT _id, group_jid_row_id, user_jid_row_id FROM {table}"
    return {
        group
        for _, group, user in base.rows(table, select, "_id")
        if modern.jid.get(user, "").endswith("@lid")
    }
