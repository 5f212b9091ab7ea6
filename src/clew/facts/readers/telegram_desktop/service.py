"""Service messages of a Telegram export: who came, who went, what became of a group; calls."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from clew import records
from clew.facts import exports
from clew.facts.json_values import Json, a_list, a_number, a_text
from clew.facts.reader_api import Found
from clew.facts.readers.telegram_desktop.people import CODES, Chat, People
from clew.records import Message
from clew.schema import Row, replace

_JOINS = (
    records.GroupAction.ADDED, records.GroupAction.JOINED_BY_LINK,
    records.GroupAction.JOINED_BY_INVITATION, records.GroupAction.CREATED,
)  # fmt: skip
_VALUES = ("title", "new_title", "period", "emoticon", "message_id", "duration", "schedule_date")
_APART = 10
"""Seconds between a group's last message and the first of the supergroup that it became."""


class _Migration(NamedTuple):
    chat: Chat
    title: str | None
    row: records.GroupEvent


class Service(People):
    """Makes events, calls and memberships of service messages."""

    def __init__(self, found: Found) -> None:
        super().__init__(found)
        self._unknown: dict[str, tuple[str, int]] = {}
        """Actions that are not among the known ones, where first met, and how often."""
        self._to: list[_Migration] = []
        self._from: list[_Migration] = []

    def service(self, chat: Chat, message: Json, row: Message) -> Iterator[Row]:
        """What one service message says."""
        raw = row.type_raw or "service"
        if row.kind is records.MessageKind.CALL:
            yield from self._call(message, row)
            return
        known = CODES["group"].get(raw)
        if known is None and raw != "service":
            locator, times = self._unknown.get(raw, (row.locator, 0))
            self._unknown[raw] = (locator, times + 1)
        action = records.GroupAction(known or ("other" if raw == "service" else "unknown"))
        targets, is_inferred = self._targets(chat, message, row.locator)
        actor = row.sender_account_id
        if action is records.GroupAction.REMOVED and targets in ((), (actor,)) and actor:
            action = records.GroupAction.LEFT
        name = a_text(message.get("inviter"))
        inviter = self.named(chat, name, row.locator)[0] if name else None
        values = [str(v) for k in _VALUES if isinstance(v := message.get(k), (str, int))]
        event = exports.group_event(
            row, action, action_raw=raw, new_value=values[0] if values else None,
            targets=targets, inviter=inviter,
        )  # fmt: skip
        if is_inferred or (inviter and inviter in targets):
            event = _inferred(event)
        if action is records.GroupAction.MIGRATED:
            self._migrated(chat, raw, event)
            return
        self._moved(chat, event)
        self.tally.emitted("service", records.GroupEvent)
        yield event

    def migrations(self) -> Iterator[records.GroupEvent]:
        """Events of migration, with the other chat where name and time leave one alone."""
        for mine, others in ((self._to, self._from), (self._from, self._to)):
            for one in mine:
                fits = [o for o in others if o.chat is not one.chat and _is_same(one, o)]
                event = one.row
                if len(fits) == 1:
                    key = "new_value" if mine is self._to else "old_value"
                    event = _inferred(event, **{key: str(fits[0].chat.chat_id)})
                self.tally.emitted("service", records.GroupEvent)
                yield event

    def _migrated(self, chat: Chat, raw: str, event: records.GroupEvent) -> None:
        is_from = raw == "migrate_from_group"
        own = "new_value" if is_from else "old_value"
        row = replace(event, **{"new_value": None, own: str(chat.chat_id)})
        migration = _Migration(chat, event.new_value or chat.name, row)
        (self._from if is_from else self._to).append(migration)

    def _targets(self, chat: Chat, message: Json, where: str) -> tuple[tuple[str, ...], bool]:
        found, is_inferred = [], False
        for name in a_list(message.get("members")):
            if shown := a_text(name):
                account, inferred = self.named(chat, shown, where)
                found.append(account)
                is_inferred |= inferred
            else:
                self.tally.skipped("member of a service message", "unnamed")
        return tuple(found), is_inferred

    def _moved(self, chat: Chat, event: records.GroupEvent) -> None:
        """Keep who came and who went."""
        action, actor = event.action, event.actor
        is_alone = chat.chat_type in (records.ChatType.ONE_TO_ONE, records.ChatType.UNKNOWN)
        if is_alone or action not in (*_JOINS, *exports.ENDS):
            return
        is_made = action is records.GroupAction.CREATED
        is_own = action in (*_JOINS[1:], records.GroupAction.LEFT)
        who = (*event.targets, *((actor,) if actor and is_own else ()))
        for account in dict.fromkeys(who):
            how = records.GroupAction.ADDED if is_made and account != actor else action
            member = self.moved(chat.chat_id, account, how, event.at, event.locator)
            if is_made and account == actor:
                member.role, member.role_raw = records.Role.CREATOR, event.action_raw

    def _call(self, message: Json, row: Message) -> Iterator[Row]:
        raw = a_text(message.get("discard_reason"))
        duration = a_number(message.get("duration_seconds", message.get("duration")))
        result = CODES["call"].get(raw or "", "unknown")
        call = exports.call(
            row, result, call_key=None, from_owner=row.from_owner, duration_s=duration,
            result_raw=raw,
        )  # fmt: skip
        self.tally.emitted("call", records.Call)
        yield call
        if row.sender_account_id:
            yield records.CallParty(
                **self.at(row.locator), call_id=call.call_id, result=result,
                account_id=row.sender_account_id, result_raw=raw,
            )  # fmt: skip


def _inferred(event: records.GroupEvent, **columns: Any) -> records.GroupEvent:
    return replace(event, certainty=records.Certainty.INFERRED, **columns)


def _is_same(one: _Migration, other: _Migration) -> bool:
    """Whether a group and a supergroup may be the two sides of one migration."""
    if one.title is None or one.title != other.title:
        return False
    mine, theirs = one.row, other.row
    if mine.at and theirs.at:
        return abs((mine.at - theirs.at).total_seconds()) <= _APART
    return mine.at_local is not None and mine.at_local == theirs.at_local
