"""Conversations, who is in them, and what happened in groups."""

from __future__ import annotations

from collections.abc import Iterator

from clew.facts.readers.whatsapp_android.database import Database, name_of
from clew.facts.readers.whatsapp_android.messages import chat_of
from clew.facts.readers.whatsapp_android.modern import Modern
from clew.records.facts import (
    Account,
    AccountAlias,
    AccountName,
    Certainty,
    Chat,
    ChatType,
    GroupAction,
    GroupEvent,
    Invite,
    InviteSource,
    Membership,
    MembershipBasis,
    MemberState,
    NameKind,
    Relation,
    Role,
)
from clew.schema import Id, Row

_COMMUNITY = 1
_JOINED = {
    GroupAction.ADDED, GroupAction.JOINED_BY_LINK, GroupAction.JOINED_BY_INVITATION,
    GroupAction.JOINED_FROM_COMMUNITY,
}  # fmt: skip


def read_chats(modern: Modern) -> Iterator[Row]:
    """Conversations of ``chat``."""
    base = modern.base
    fields = "jid_row_id subject created_timestamp group_type hidden archived group_member_count"
    select = f"SELECT _id, {base.columns('chat', fields)} FROM chat"
    creators, lid_groups = _creators(modern), _lid_groups(modern)
    for row, jid_row, subject, created, group_type, hidden, archived, members in base.rows(
        "chat", select, "_id"
    ):
        jid = modern.jid.get(jid_row)
        if not jid:
            base.tally.skipped("chat", "its address is gone; its messages are kept")
            continue
        found = chat_of(jid)
        kind = found.kind
        if kind == ChatType.GROUP and group_type == _COMMUNITY:
            kind = ChatType.COMMUNITY
        base.tally.emitted("chat", Chat)
        by_lid = jid_row in lid_groups or jid.endswith("@lid")
        yield Chat(
            **base.fact,
            locator=f"chat/{row}",
            chat_id=found.chat_id,
            platform="whatsapp",
            chat_type=kind,
            subject=None if subject is None else str(subject),
            created_at=base.time("chat.created_timestamp", created, row),
            creator=creators.get(jid_row),
            addressing="lid" if by_lid else "pn",
            members_stated=members if isinstance(members, int) and members else None,
            hidden=hidden == 1,
            archived=archived == 1,
        )


def read_legacy_chats(base: Database) -> Iterator[Row]:
    """Conversations of ``chat_list``."""
    if not base.has("chat_list", "_id", "key_remote_jid"):
        return
    fields = base.columns("chat_list", "key_remote_jid subject creation archived")
    select = f"SELECT _id, {fields} FROM chat_list"
    for row, jid, subject, created, archived in base.rows("chat_list", select, "_id"):
        if not isinstance(jid, str) or not jid:
            base.tally.skipped("chat_list", "no address")
            continue
        found = chat_of(jid)
        base.tally.emitted("chat_list", Chat)
        yield Chat(
            **base.fact,
            locator=f"chat_list/{row}",
            chat_id=found.chat_id,
            platform="whatsapp",
            chat_type=found.kind,
            subject=None if subject is None else str(subject),
            created_at=base.time("chat_list.creation", created, row),
            addressing="pn",
            archived=archived == 1,
        )


def read_members(modern: Modern) -> Iterator[Row]:
    """Present and past members by row numbers."""
    base = modern.base
    fields = "group_jid_row_id user_jid_row_id rank pending add_timestamp label"
    table = "group_participant_user"
    if base.has(table, "_id", "group_jid_row_id", "user_jid_row_id"):
        select = f"SELECT _id, {base.columns(table, fields)} FROM {table}"
        for row, group, user, rank, pending, added, label in base.rows(table, select, "_id"):
            where = f"{table}/{row}"
            chat = modern.jid.get(group)
            if not chat:
                base.tally.skipped(table, "its group's address is gone")
                continue
            account = modern.account.get(user) or base.owner
            base.tally.emitted(table, Membership)
            yield Membership(
                **base.fact,
                locator=where,
                chat_id=chat_of(chat).chat_id,
                account_id=account,
                role=Role(name_of("role", rank) or "member"),
                role_raw=None if rank is None else str(rank),
                state=MemberState.PENDING if pending == 1 else MemberState.CURRENT,
                joined_at=base.time(f"{table}.add_timestamp", added, row),
                basis=MembershipBasis.ROSTER,
                label=None if label is None else str(label),
            )
            if label:
                yield AccountName(
                    **base.fact, locator=where, account_id=account, name=str(label),
                    name_kind=NameKind.GROUP_LABEL,
                )  # fmt: skip
    yield from _past_members(modern)


def read_legacy_members(base: Database) -> Iterator[Row]:
    """Members by address; an empty address is the holder of the device."""
    table = "group_participants"
    if base.has(table, "_id", "gjid", "jid"):
        select = f"SELECT _id, gjid, jid, {base.columns(table, 'admin pending')} FROM {table}"
        for row, group, jid, admin, pending in base.rows(table, select, "_id"):
            if not isinstance(group, str) or not group:
                base.tally.skipped(table, "no group")
                continue
            base.tally.emitted(table, Membership)
            yield Membership(
                **base.fact,
                locator=f"{table}/{row}",
                chat_id=chat_of(group).chat_id,
                account_id=base.account(jid) or base.owner,
                role=Role(name_of("role", admin) or "member"),
                role_raw=None if admin is None else str(admin),
                state=MemberState.PENDING if pending == 1 else MemberState.CURRENT,
                basis=MembershipBasis.ROSTER,
            )
    yield from _history(base)


def read_events(modern: Modern) -> Iterator[Row]:
    """Group events of ``message_system``, with actor and targets, and changes of number."""
    base = modern.base
    if not base.has("message_system", "message_row_id", "action_type"):
        return
    targets = "NULL"
    joins = ["LEFT JOIN message AS m ON m._id = s.message_row_id"]
    if base.has("message_system_chat_participant", "message_row_id", "user_jid_row_id"):
        targets = "p.who"
        joins.append(
            "LEFT JOIN (SELECT message_row_id, group_concat(user_jid_row_id) AS who "
            "FROM message_system_chat_participant GROUP BY message_row_id) AS p "
            "ON p.message_row_id = s.message_row_id"
        )
    joins += [
        base.join("message_system_value_change", "v", "v.message_row_id = s.message_row_id"),
        base.join("message_system_number_change", "n", "n.message_row_id = s.message_row_id"),
        base.join("message_system_block_contact", "b", "b.message_row_id = s.message_row_id"),
    ]
    fields = ", ".join(
        (
            base.columns(
                "message", "chat_row_id from_me sender_jid_row_id timestamp text_data", "m"
            ),
            base.columns("message_system_value_change", "old_data", "v"),
            base.columns("message_system_number_change", "old_jid_row_id new_jid_row_id", "n"),
            base.columns("message_system_block_contact", "is_blocked", "b"),
        )
    )
    select = (
        f"SELECT s.message_row_id, s.action_type, {targets}, {fields} "
        f"FROM message_system AS s {' '.join(joins)}"
    )
    for row in base.rows("message_system", select, "s.message_row_id"):
        yield from _event(modern, *row)
    for table in ("chat_participant", "value_change", "number_change", "block_contact"):
        name = f"message_system_{table}"
        base.tally.emitted(name, GroupEvent, base.count(name))


def _event(  # noqa: PLR0913, PLR0917 - the columns of the query, in its order
    modern: Modern,
    row: int,
    code: object,
    who: object,
    chat_row: object,
    from_me: object,
    sender_row: object,
    at: object,
    text: object,
    old: object,
    old_jid: object,
    new_jid: object,
    is_blocked: object,
) -> Iterator[Row]:
    base = modern.base
    locator = f"message/{row}"
    action = GroupAction(name_of("action", code) or "unknown")
    when = base.time("message.timestamp", at, row)
    before, after = modern.account.get(old_jid), modern.account.get(new_jid)
    if before and after and before != after:
        yield AccountAlias(
            **base.fact, locator=locator, a=before, b=after, relation=Relation.NUMBER_CHANGED,
            at=when,
        )  # fmt: skip
    chat = modern.chat(chat_row)
    if chat.kind not in (ChatType.GROUP, ChatType.CHANNEL, ChatType.UNKNOWN):
        base.tally.skipped("message_system", "notice in a chat that is no group; kept as a message")
        return
    base.tally.emitted("message_system", GroupEvent)
    sender = modern.account.get(sender_row)
    numbers = [int(n) for n in str(who or "").split(",") if n.strip().isdigit()]
    targets = [a for n in numbers if (a := modern.account.get(n))]
    if action == GroupAction.BLOCKED and is_blocked == 0:
        action = GroupAction.UNBLOCKED
    titled = action in (GroupAction.SUBJECT_CHANGED, GroupAction.CREATED)
    yield GroupEvent(
        **base.fact,
        locator=locator,
        event_id=base.found.event(locator),
        chat_id=chat.chat_id,
        at=when,
        action=action,
        action_raw=str(code),
        actor=sender or (base.owner if from_me == 1 and action != GroupAction.E2E_NOTICE else None),
        targets=tuple(targets or [a for a in (before, after) if a]),
        old_value=None if old is None else str(old),
        new_value=str(text) if titled and text is not None else None,
        certainty=Certainty.STATED,
    )
    if action in _JOINED and chat.kind == ChatType.GROUP:
        for account in targets or [a for a in (sender,) if a and action != GroupAction.ADDED]:
            yield Membership(
                **base.fact,
                locator=locator,
                chat_id=chat.chat_id,
                account_id=account,
                role=Role.MEMBER,
                state=MemberState.UNKNOWN_PAST,
                joined_at=when,
                joined_how=action,
                basis=MembershipBasis.EVENT,
            )


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
                base.tally.skipped(table, "no code")
                continue
            base.tally.emitted(table, Invite)
            chat, target = modern.chat(chat_row), modern.jid.get(group)
            yield Invite(
                **base.fact,
                locator=f"{table}/{row}",
                code=str(code),
                platform="whatsapp",
                url=f"hxxps://chat[.]whatsapp[.]com/{code}",
                invites_to_chat_id=chat_of(target).chat_id if target else None,
                group_name_stated=None if name is None else str(name),
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
    if not base.has("newsletter", "chat_row_id", "invite_code"):
        return
    select = f"SELECT chat_row_id, {base.columns('newsletter', 'name invite_code')} FROM newsletter"
    for row, name, code in base.rows("newsletter", select, "chat_row_id"):
        if not code:
            base.tally.skipped("newsletter", "no code")
            continue
        base.tally.emitted("newsletter", Invite)
        yield Invite(
            **base.fact,
            locator=f"newsletter/{row}",
            code=str(code),
            platform="whatsapp",
            url=f"hxxps://whatsapp[.]com/channel/{code}",
            invites_to_chat_id=modern.chat(row).chat_id,
            group_name_stated=None if name is None else str(name),
            found_in=InviteSource.CHANNEL_RECORD,
        )


def _past_members(modern: Modern) -> Iterator[Row]:
    base, table = modern.base, "group_past_participant_user"
    if not base.has(table, "group_jid_row_id", "user_jid_row_id"):
        return
    fields = base.columns(table, "group_jid_row_id user_jid_row_id is_leave timestamp")
    for row, group, user, left, at in base.rows(
        table,
        f"SELECT rowid, {fields} FROM {table}",
        "rowid",
    ):
        chat = modern.jid.get(group)
        if not chat:
            base.tally.skipped(table, "its group's address is gone")
            continue
        states = {1: MemberState.LEFT, 0: MemberState.REMOVED}
        base.tally.emitted(table, Membership)
        yield Membership(
            **base.fact,
            locator=f"{table}/{row}",
            chat_id=chat_of(chat).chat_id,
            account_id=modern.account.get(user) or base.owner,
            role=Role.MEMBER,
            role_raw=None if left is None else f"is_leave={left}",
            state=states.get(left, MemberState.UNKNOWN_PAST),
            ended_at=base.time(f"{table}.timestamp", at, row),
            basis=MembershipBasis.PAST_ROSTER,
        )


def _history(base: Database) -> Iterator[Row]:
    """Changes of membership by address; what the action codes mean is not established."""
    table = "group_participants_history"
    if not base.has(table, "_id", "gjid", "jid", "action"):
        return
    select = f"SELECT _id, gjid, jid, action, {base.columns(table, 'timestamp')} FROM {table}"
    for row, group, jids, action, at in base.rows(table, select, "_id"):
        if not isinstance(group, str) or not group:
            base.tally.skipped(table, "no group")
            continue
        targets = [a for j in str(jids or "").split(",") if (a := base.account(j.strip()))]
        locator = f"{table}/{row}"
        base.tally.emitted(table, GroupEvent)
        yield GroupEvent(
            **base.fact,
            locator=locator,
            event_id=base.found.event(locator),
            chat_id=chat_of(group).chat_id,
            at=base.time(f"{table}.timestamp", at, row),
            action=GroupAction.UNKNOWN,
            action_raw=f"history action {action}",
            targets=tuple(targets),
            certainty=Certainty.STATED,
        )
        for account in targets:
            yield Membership(
                **base.fact,
                locator=locator,
                chat_id=chat_of(group).chat_id,
                account_id=account,
                role=Role.MEMBER,
                role_raw=f"history action {action}",
                state=MemberState.UNKNOWN_PAST,
                basis=MembershipBasis.EVENT,
            )


def _creators(modern: Modern) -> dict[object, Id[Account]]:
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
