"""Signal's groups: who is in them, as the decrypted state of each says, and what happened."""

import base64
import binascii
from collections.abc import Iterator
from datetime import datetime

import msgspec

from clew import records
from clew.facts import protobuf
from clew.facts.database import said
from clew.facts.protobuf import Malformed
from clew.facts.readers.signal import ids
from clew.facts.readers.signal.database import CHANGES, Recipients, SignalDatabase
from clew.schema import Id, Row

_MEMBERS, _PENDING, _REQUESTING, _DESCRIPTION, _BANNED = 7, 8, 9, 11, 13
_STATES = {
    _MEMBERS: records.MemberState.CURRENT,
    _PENDING: records.MemberState.PENDING,
    _REQUESTING: records.MemberState.PENDING,
    _BANNED: records.MemberState.REMOVED,
}
_ADMIN = 2
_EDITOR, _REMOVED, _ROLES = 1, 4, 5
_ABOUT_PEOPLE = (3, 4, 5, 7, 9, 16, 18)
"""Fields of a change that hold accounts; a title of sixteen letters is none."""
_VALUES = (records.GroupAction.SUBJECT_CHANGED, records.GroupAction.DESCRIPTION_CHANGED)
_LATEST_MS = 253_402_300_799_000


def read_groups(base: SignalDatabase, recipients: Recipients) -> Iterator[Row]:
    """Groups with their members; roles and states stand in the decrypted state alone."""
    fields = "group_id title decrypted_group members"
    told: set[tuple[object, Id[records.Account]]] = set()
    for row, group_id, title, state, members in base.each("groups", fields, needs="group_id"):
        base.tally.emitted("groups", records.Chat)
        chat, where = recipients.chat_of_group(group_id), f"groups/{row}"
        raw = state if isinstance(state, bytes) else b""
        yield records.Chat(
            **base.at(where),
            chat_id=chat,
            platform=ids.PLATFORM,
            chat_type=records.ChatType.GROUP,
            subject=said(title),
            description=protobuf.first_text(raw, _DESCRIPTION),
            members_stated=len(protobuf.within(raw, _MEMBERS)) or None,
        )
        for member in _stated(base, chat, where, raw):
            told.add((group_id, member.account_id))
            yield member
        for address in (said(members) or "").split(",") if members else ():
            account = recipients.who(address.strip())
            if account and (group_id, account) not in told:
                told.add((group_id, account))
                yield from recipients.met(address.strip(), where)
                yield _member(base, chat, where, account)
    yield from _listed(base, recipients, told)


def _stated(
    base: SignalDatabase, chat: Id[records.Chat], where: str, raw: bytes
) -> Iterator[records.Membership]:
    """Members by the decrypted state of the group (DecryptedGroup)."""
    for number, state in _STATES.items():
        for field in protobuf.within(raw, number):
            accounts = protobuf.within(field.value, 1)
            found = ids.person(accounts[0].value if accounts else None)
            if found is None:
                base.report(where, "member", field=number)
                continue
            role = protobuf.first_number(field.value, 2)
            asked = number == _REQUESTING
            yield records.Membership(
                **base.at(where),
                chat_id=chat,
                account_id=found.account_id,
                role=records.Role.ADMIN if role == _ADMIN and not asked else records.Role.MEMBER,
                role_raw=None if role is None or asked else str(role),
                state=state,
                joined_how=records.GroupAction.JOIN_REQUESTED if asked else None,
                basis=records.MembershipBasis.ROSTER,
            )


def _listed(
    base: SignalDatabase, recipients: Recipients, told: set[tuple[object, Id[records.Account]]]
) -> Iterator[Row]:
    """Members of the table that has neither role nor time, where the state did not name them."""
    table = "group_membership"
    needs = "group_id recipient_id"
    for row, group_id, recipient in base.each(table, needs, needs=needs):
        account, where = recipients.who(recipient), f"{table}/{row}"
        if account is None:
            base.tally.skipped(table, "recipient_gone")
            continue
        base.tally.emitted(table, records.Membership)
        if (group_id, account) not in told:
            yield _member(base, recipients.chat_of_group(group_id), where, account)


def _member(
    base: SignalDatabase, chat: Id[records.Chat], where: str, account: Id[records.Account]
) -> records.Membership:
    return records.Membership(
        **base.at(where),
        chat_id=chat,
        account_id=account,
        role=records.Role.MEMBER,
        state=records.MemberState.CURRENT,
        basis=records.MembershipBasis.ROSTER,
    )


class Update(msgspec.Struct, kw_only=True, frozen=True):
    """A message that tells a change of its group."""

    locator: str
    chat_id: Id[records.Chat]
    at: datetime | None
    body: object
    extras: object


def changes(base: SignalDatabase, told: Update) -> Iterator[Row]:
    """Each change that an update of a group tells; none where it holds none that is read."""
    change = _change(told)
    if change is None:
        return
    editor = next((ids.person(e.value) for e in protobuf.within(change, _EDITOR)), None)
    actor = editor.account_id if editor else None
    try:
        fields = list(protobuf.fields(change))
    except Malformed:
        return
    for field in fields:
        action = CHANGES.get(field.number)
        if action is None or field.number == _EDITOR:
            continue
        targets = _targets(field)
        yield records.GroupEvent(
            **base.at(told.locator),
            event_id=base.found.event(told.locator),
            chat_id=told.chat_id,
            at=told.at,
            action=_action(records.GroupAction(action), field, actor, targets),
            action_raw=f"change {field.number}",
            actor=actor,
            targets=tuple(targets),
            new_value=protobuf.first_text(field.value, 1)
            if records.GroupAction(action) in _VALUES
            else None,
            certainty=records.Certainty.STATED,
        )


def _change(told: Update) -> bytes | None:
    """The change itself: in the body as base64 (to 2024), or among the extras (since)."""
    context: bytes | int | None = None
    if isinstance(told.body, str):
        try:
            context = base64.b64decode(told.body, validate=True)
        except (binascii.Error, ValueError):
            context = None
    if isinstance(told.extras, bytes):
        for update in protobuf.within(told.extras, 1):
            for inner in protobuf.within(update.value, 1):
                context = inner.value
    if not isinstance(context, bytes):
        return None
    found = [field.value for field in protobuf.within(context, 2)]
    return next((value for value in found if isinstance(value, bytes)), None)


def _targets(field: protobuf.Field) -> list[Id[records.Account]]:
    """Whom a change is about: an account itself, or a member with one."""
    if field.number not in _ABOUT_PEOPLE:
        return []
    values = [field.value, *(v.value for v in protobuf.within(field.value, 1))]
    found = [ids.person(value) for value in values if isinstance(value, bytes)]
    return [person.account_id for person in found if person]


def _action(
    action: records.GroupAction,
    field: protobuf.Field,
    actor: Id[records.Account] | None,
    who: list[Id[records.Account]],
) -> records.GroupAction:
    """What a change is, where that depends on more than its number."""
    if field.number == _REMOVED and who == [actor]:
        return records.GroupAction.LEFT
    if field.number == _ROLES and protobuf.first_number(field.value, 2) != _ADMIN:
        return records.GroupAction.DEMOTED
    if action == records.GroupAction.ADDED and who == [actor]:
        return records.GroupAction.JOINED_BY_LINK
    return action
