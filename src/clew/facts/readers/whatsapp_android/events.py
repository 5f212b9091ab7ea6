"""What happened in groups, as system messages tell it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec

from clew import records
from clew.facts.messages import ChatOf
from clew.facts.readers.whatsapp_android.database import Database, name_of, said
from clew.facts.readers.whatsapp_android.modern import Modern
from clew.schema import Id, Row

_JOINED = {
    records.GroupAction.ADDED, records.GroupAction.JOINED_BY_LINK,
    records.GroupAction.JOINED_BY_INVITATION,
    records.GroupAction.JOINED_FROM_COMMUNITY,
}  # fmt: skip
_TITLED = (records.GroupAction.SUBJECT_CHANGED, records.GroupAction.CREATED)
_NO_GROUP = (records.ChatType.ONE_TO_ONE, records.ChatType.BROADCAST, records.ChatType.STATUS)
_SATELLITES = ("chat_participant", "value_change", "number_change", "block_contact")


class Told(msgspec.Struct, kw_only=True):
    """What one system message tells."""

    locator: str
    chat: ChatOf
    at: datetime | None
    code: object
    actor: Id[records.Account] | None = None
    targets: list[Id[records.Account]] = []
    old: object = None
    new: object = None
    unblocked: bool = False
    renumbered: tuple[Id[records.Account], Id[records.Account]] | None = None
    """The account before and after a change of number."""

    @property
    def action(self) -> records.GroupAction:
        """What the code stands for."""
        action = records.GroupAction(name_of("action", self.code) or "unknown")
        if action == records.GroupAction.BLOCKED and self.unblocked:
            return records.GroupAction.UNBLOCKED
        return action


def _rows(base: Database, told: Told) -> Iterator[Row]:
    """Rows of a system message: the event, who joined by it, and a change of number."""
    if told.renumbered:
        before, after = told.renumbered
        yield records.AccountAlias(
            **base.at(told.locator), a=before, b=after,
            relation=records.Relation.NUMBER_CHANGED, at=told.at,
        )  # fmt: skip
    if told.chat.kind in _NO_GROUP:
        base.tally.skipped("message_system", "notice_outside_group")
        return
    base.tally.emitted("message_system", records.GroupEvent)
    action = told.action
    yield records.GroupEvent(
        **base.at(told.locator),
        event_id=base.found.event(told.locator),
        chat_id=told.chat.chat_id,
        at=told.at,
        action=action,
        action_raw=said(told.code) or "",
        actor=told.actor,
        targets=tuple(told.targets or told.renumbered or ()),
        old_value=said(told.old),
        new_value=said(told.new) if action in _TITLED else None,
        certainty=records.Certainty.STATED,
    )
    if action in _JOINED and told.chat.kind == records.ChatType.GROUP:
        alone = [told.actor] if told.actor and action != records.GroupAction.ADDED else []
        for account in told.targets or alone:
            yield records.Membership(
                **base.at(told.locator),
                chat_id=told.chat.chat_id,
                account_id=account,
                role=records.Role.MEMBER,
                state=records.MemberState.UNKNOWN_PAST,
                joined_at=told.at,
                joined_how=action,
                basis=records.MembershipBasis.EVENT,
            )


def read_events(modern: Modern) -> Iterator[Row]:
    """Group events of ``message_system``, with actor and targets, and changes of number."""
    base = modern.base
    if not base.has("message_system", "message_row_id", "action_type"):
        return
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
    joins = " ".join(
        (
            base.join("message_system_value_change", "v", "v.message_row_id = s.message_row_id"),
            base.join("message_system_number_change", "n", "n.message_row_id = s.message_row_id"),
            base.join("message_system_block_contact", "b", "b.message_row_id = s.message_row_id"),
        )
    )
    select = (
        f"SELECT s.message_row_id, s.action_type, {fields} FROM message_system AS s "
        f"LEFT JOIN message AS m ON m._id = s.message_row_id {joins}"
    )
    targets = _targets(modern)
    for row in base.rows("message_system", select, "s.message_row_id"):
        yield from _rows(base, _told(modern, row, targets))
    for table in _SATELLITES:
        name = f"message_system_{table}"
        base.tally.emitted(name, records.GroupEvent, base.count(name))


def _told(
    modern: Modern, values: Sequence[Any], targets: dict[object, list[Id[records.Account]]]
) -> Told:
    (
        row, code, chat_row, from_me, sender_row, at, text, old, old_jid, new_jid, is_blocked,
    ) = values  # fmt: skip
    base = modern.base
    before, after = modern.account.get(old_jid), modern.account.get(new_jid)
    told = Told(
        locator=f"message/{row}",
        chat=modern.chat(chat_row),
        at=base.time("message.timestamp", at, row),
        code=code,
        actor=modern.account.get(sender_row),
        targets=targets.get(row, []),
        old=old,
        new=text,
        unblocked=is_blocked == 0,
        renumbered=(before, after) if before and after and before != after else None,
    )
    if told.actor is None and from_me == 1 and told.action != records.GroupAction.E2E_NOTICE:
        told.actor = base.owner
    return told


def _targets(modern: Modern) -> dict[object, list[Id[records.Account]]]:
    """Whom each system message is about, in the order of the table."""
    table, found = "message_system_chat_participant", dict[object, list[Id[records.Account]]]()
    if modern.base.has(table, "message_row_id", "user_jid_row_id"):
        select = f"SELECT rowid, message_row_id, user_jid_row_id FROM {table}"
        for _, message, user in modern.base.rows(table, select, "rowid"):
            if account := modern.account.get(user):
                found.setdefault(message, []).append(account)
    return found
