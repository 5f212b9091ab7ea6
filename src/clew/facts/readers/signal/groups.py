"""Signal's groups: who is in them, as the decrypted state of each says, and what happened."""

import base64
import binascii
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import Any

import msgspec

from clew import records
from clew.facts import protobuf, signal
from clew.facts.protobuf import Field, Malformed
from clew.facts.readers.signal.database import CODES, Recipients, SignalDatabase
from clew.facts.source_columns import Readout
from clew.records import GroupAction, MemberState, Role
from clew.schema import Id, Row

_MEMBERS, _PENDING, _REQUESTING, _DESCRIPTION, _BANNED = 7, 8, 9, 11, 13
_STATES = {
    _MEMBERS: MemberState.CURRENT,
    _PENDING: MemberState.PENDING,
    _REQUESTING: MemberState.PENDING,
    _BANNED: MemberState.REMOVED,
}
_ADMIN = 2
_EDITOR, _REMOVED, _ROLES = 1, 4, 5
_ABOUT_PEOPLE = (3, 4, 5, 7, 9, 16, 18)
"""Fields of a change that hold accounts; a title of sixteen letters is none."""
_VALUES = (GroupAction.SUBJECT_CHANGED, GroupAction.DESCRIPTION_CHANGED)


def member(
    base: Readout, where: str, chat: Id[records.Chat], account: Id[records.Account], **columns: Any
) -> records.Membership:
    """A present member, unless other columns say something else."""
    known: dict[str, Any] = {"role": Role.MEMBER, "state": MemberState.CURRENT, **columns}
    basis = records.MembershipBasis.ROSTER
    return records.Membership(
        **base.at(where), chat_id=chat, account_id=account, basis=basis, **known
    )


def read_groups(base: SignalDatabase, recipients: Recipients) -> Iterator[Row]:
    """Groups with their members; roles and states stand in the decrypted state alone."""
    fields = "group_id title decrypted_group members"
    known: set[tuple[object, Id[records.Account]]] = set()
    for row in base.each("groups", fields, needs="group_id"):
        group_id, where, state = row["group_id"], row.locator, row["decrypted_group"]
        chat, raw = recipients.chat_of_group(group_id), state if isinstance(state, bytes) else b""
        yield records.Chat(
            **row.became(records.Chat),
            chat_id=chat,
            platform=signal.PLATFORM,
            chat_type=records.ChatType.GROUP,
            subject=row.text("title"),
            description=protobuf.first_text(raw, _DESCRIPTION),
            members_stated=len(protobuf.within(raw, _MEMBERS)) or None,
        )
        for stated in _stated(base, chat, where, raw):
            known.add((group_id, stated.account_id))
            yield stated
        addresses = (row.text("members") or "").split(",") if row["members"] else ()
        for address in map(str.strip, addresses):
            account = recipients.who(address)
            if account and (group_id, account) not in known:
                known.add((group_id, account))
                yield from recipients.met(address, where)
                yield member(base, where, chat, account)
    needs = "group_id recipient_id"
    for row in base.each("group_membership", needs, needs=needs):
        account = recipients.who(row["recipient_id"])
        if account is None:
            row.skipped("recipient_gone")
            continue
        row.became(records.Membership)
        if (row["group_id"], account) not in known:
            yield member(base, row.locator, recipients.chat_of_group(row["group_id"]), account)


def _stated(
    base: SignalDatabase, chat: Id[records.Chat], where: str, raw: bytes
) -> Iterator[records.Membership]:
    """Members by the decrypted state of the group (DecryptedGroup)."""
    for number, state in _STATES.items():
        for field in protobuf.within(raw, number):
            accounts = protobuf.within(field.value, 1)
            found = signal.person(accounts[0].value if accounts else None)
            if found is None:
                base.report(where, "member", field=number)
                continue
            asked = number == _REQUESTING
            role = None if asked else protobuf.first_number(field.value, 2)
            yield member(
                base,
                where,
                chat,
                found.account_id,
                role=Role.ADMIN if role == _ADMIN else Role.MEMBER,
                role_raw=None if role is None else str(role),
                state=state,
                joined_how=GroupAction.JOIN_REQUESTED if asked else None,
            )


class Update(msgspec.Struct, kw_only=True, frozen=True):
    """A message that says that its group changed."""

    locator: str
    chat_id: Id[records.Chat]
    at: datetime | None
    body: object
    extras: object

    def event(self, base: SignalDatabase, action: GroupAction, raw: str, **columns: Any) -> Row:
        """The event of one change."""
        return records.GroupEvent(
            **base.at(self.locator),
            event_id=base.found.event(self.locator),
            chat_id=self.chat_id,
            at=self.at,
            action=action,
            action_raw=raw,
            certainty=records.Certainty.STATED,
            **columns,
        )


def changes(base: SignalDatabase, update: Update) -> Iterator[Row]:
    """Each change that an update of a group states; none where it holds none that is read."""
    change = _change(update)
    try:
        fields = list(protobuf.fields(change or b""))
    except Malformed:
        return
    editor = next((signal.person(field.value) for field in fields if field.number == _EDITOR), None)
    actor = editor.account_id if editor else None
    for field in fields:
        stated = CODES.meaning("change", field.number)
        if stated is None or field.number == _EDITOR:
            continue
        targets = _targets(field)
        is_value = GroupAction(stated) in _VALUES
        yield update.event(
            base,
            _action(GroupAction(stated), field, actor, targets),
            f"change {field.number}",
            actor=actor,
            targets=tuple(targets),
            new_value=protobuf.first_text(field.value, 1) if is_value else None,
        )


def _change(update: Update) -> bytes | None:
    """The change itself: in the body as base64 (to 2024), or among the extras (since)."""
    context: bytes | int = b""
    if isinstance(update.body, str):
        with suppress(binascii.Error, ValueError):
            context = base64.b64decode(update.body, validate=True)
    for outer in protobuf.within(update.extras if isinstance(update.extras, bytes) else b"", 1):
        for inner in protobuf.within(outer.value, 1):
            context = inner.value
    found = (field.value for field in protobuf.within(context, 2))
    return next((value for value in found if isinstance(value, bytes)), None)


def _targets(field: Field) -> list[Id[records.Account]]:
    """Whom a change is about: an account itself, or a member with one."""
    if field.number not in _ABOUT_PEOPLE:
        return []
    values = [field.value, *(v.value for v in protobuf.within(field.value, 1))]
    found = [signal.person(value) for value in values if isinstance(value, bytes)]
    return [person.account_id for person in found if person]


def _action(
    action: GroupAction, field: Field, actor: Id[records.Account] | None, who: list[Any]
) -> GroupAction:
    """What a change is, where that depends on more than its number."""
    if field.number == _REMOVED and who == [actor]:
        return GroupAction.LEFT
    if field.number == _ROLES and protobuf.first_number(field.value, 2) != _ADMIN:
        return GroupAction.DEMOTED
    if action == GroupAction.ADDED and who == [actor]:
        return GroupAction.JOINED_BY_LINK
    return action
