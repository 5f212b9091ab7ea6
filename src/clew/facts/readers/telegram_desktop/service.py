"""Service messages of a Telegram export: who came, who went, what became of a group; calls."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from clew import records
from clew.facts import exports, of_message
from clew.facts.json_values import a_list, a_number, a_text
from clew.facts.reader_api import Tally
from clew.facts.readers.telegram_desktop.people import CODES, Chat, People
from clew.schema import Id, Row, replace

_JOINS = (
    records.GroupAction.ADDED, records.GroupAction.JOINED_BY_LINK,
    records.GroupAction.JOINED_BY_INVITATION,
    records.GroupAction.CREATED,
)  # fmt: skip
_VALUES = ("title", "new_title", "period", "emoticon", "message_id", "duration", "schedule_date")
_APART = 10
"""Seconds between a group's last message and the first of the supergroup that it became."""


class _Migration(NamedTuple):
    chat: Chat
    title: str | None
    at: datetime | None
    local: str | None
    row: records.GroupEvent


class Service:
    """Makes events, calls and memberships of service messages."""

    def __init__(self, book: exports.Book, people: People, tally: Tally) -> None:
        self.unknown: dict[str, tuple[str, int]] = {}
        """Actions that are not among the known ones."""
        self._book = book
        self._people = people
        self._tally = tally
        self._to: list[_Migration] = []
        self._from: list[_Migration] = []

    def rows(self, chat: Chat, message: dict[str, Any], row: records.Message) -> Iterator[Row]:
        """What one service message says."""
        raw = row.type_raw or "service"
        if row.kind is records.MessageKind.CALL:
            yield from self._call(message, row)
            return
        known = CODES["group"].get(raw)
        if known is None and raw != "service":
            place, times = self.unknown.get(raw, (row.locator, 0))
            self.unknown[raw] = (place, times + 1)
        action = records.GroupAction(known or ("other" if raw == "service" else "unknown"))
        targets, is_inferred = self._targets(chat, message, row.locator)
        actor = row.sender_account_id
        if action is records.GroupAction.REMOVED and targets in ((), (actor,)) and actor:
            action = records.GroupAction.LEFT
        inviter = self._inviter(chat, message, row.locator)
        event = self._event(row, action, message, targets=targets, inviter=inviter)
        if is_inferred or (inviter and inviter in targets):
            event = _inferred(event)
        if action is records.GroupAction.MIGRATED:
            self._migrated(chat, raw, event)
            return
        self._moved(chat, event)
        self._tally.emitted("service", records.GroupEvent)
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
                self._tally.emitted("service", records.GroupEvent)
                yield event

    def _migrated(self, chat: Chat, raw: str, event: records.GroupEvent) -> None:
        title = event.new_value or chat.name
        is_from = raw == "migrate_from_group"
        own = {"new_value": str(chat.chat_id)} if is_from else {"old_value": str(chat.chat_id)}
        settled = replace(event, **{"new_value": None, **own})
        target = self._from if is_from else self._to
        target.append(_Migration(chat, title, event.at, event.at_local, settled))

    def _targets(
        self, chat: Chat, message: dict[str, Any], where: str
    ) -> tuple[tuple[str, ...], bool]:
        found, is_inferred = [], False
        for name in a_list(message.get("members")):
            if shown := a_text(name):
                account, inferred = self._people.named(chat, shown, where)
                found.append(account)
                is_inferred |= inferred
            else:
                self._tally.skipped("member of a service message", "unnamed")
        return tuple(found), is_inferred

    def _inviter(
        self, chat: Chat, message: dict[str, Any], where: str
    ) -> Id[records.Account] | None:
        name = a_text(message.get("inviter"))
        return self._people.named(chat, name, where)[0] if name else None

    def _event(
        self, row: records.Message, action: records.GroupAction, message: dict[str, Any], **who: Any
    ) -> records.GroupEvent:
        values = [str(v) for k in _VALUES if isinstance(v := message.get(k), (str, int))]
        value = values[0] if values else None
        return of_message.group_event(
            row, action, **{"action_raw": row.type_raw or "service", "new_value": value, **who}
        )

    def _moved(self, chat: Chat, event: records.GroupEvent) -> None:
        """Keep who came and who went."""
        if chat.chat_type in (records.ChatType.ONE_TO_ONE, records.ChatType.UNKNOWN):
            return
        ends = {
            records.GroupAction.LEFT: records.MemberState.LEFT,
            records.GroupAction.REMOVED: records.MemberState.REMOVED,
        }
        who = list(event.targets)
        if event.actor and (event.action in _JOINS[1:] or event.action is records.GroupAction.LEFT):
            who.append(event.actor)
        for account in dict.fromkeys(who):
            if event.action not in (*_JOINS, *ends):
                continue
            member = self._book.member(
                chat.chat_id, account, event.locator, records.MembershipBasis.EVENT
            )
            if event.action in ends:
                self._book.ended(member, ends[event.action], event.at, event.locator)
            else:
                is_made = event.action is records.GroupAction.CREATED
                how = (
                    records.GroupAction.ADDED
                    if is_made and account != event.actor
                    else event.action
                )
                self._book.joined(member, how, event.at, event.locator)
            if event.action is records.GroupAction.CREATED and account == event.actor:
                member.role, member.role_raw = records.Role.CREATOR, event.action_raw

    def _call(self, message: dict[str, Any], row: records.Message) -> Iterator[Row]:
        raw = a_text(message.get("discard_reason"))
        duration = a_number(message.get("duration_seconds", message.get("duration")))
        result = CODES["call"].get(raw or "", "unknown")
        call = of_message.call(
            row, result, call_key=None, from_owner=row.from_owner, duration_s=duration,
            result_raw=raw,
        )  # fmt: skip
        self._tally.emitted("call", records.Call)
        yield call
        if row.sender_account_id:
            yield records.CallParty(
                **self._book.at(row.locator),
                call_id=call.call_id,
                account_id=row.sender_account_id,
                result=result,
                result_raw=raw,
            )


def _inferred(event: records.GroupEvent, **columns: Any) -> records.GroupEvent:
    return replace(event, certainty=records.Certainty.INFERRED, **columns)


def _is_same(one: _Migration, other: _Migration) -> bool:
    """Whether a group and a supergroup may be the two sides of one migration."""
    if one.title is None or one.title != other.title:
        return False
    if one.at and other.at:
        return abs((one.at - other.at).total_seconds()) <= _APART
    return one.local is not None and one.local == other.local
