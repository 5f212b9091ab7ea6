"""What happened in groups, as system messages tell it."""

from collections.abc import Iterator

from clew import records
from clew.facts.database import Join, Selection, SourceRow
from clew.facts.readers.whatsapp_android.database import name_of
from clew.facts.readers.whatsapp_android.modern import Modern
from clew.facts.whatsapp import TITLED, Notice
from clew.records import GroupAction
from clew.schema import Id, Row

_NO_GROUP = (records.ChatType.ONE_TO_ONE, records.ChatType.BROADCAST, records.ChatType.STATUS)
_OF = "message_row_id = message_system.message_row_id"
_PARTICIPANTS, _VALUES, _NUMBERS, _BLOCKS = (
    f"message_system_{name}"
    for name in ("chat_participant", "value_change", "number_change", "block_contact")
)
_WANTED = Selection(
    "message_system",
    "action_type",
    (
        Join("message", "m", "_id = message_system.message_row_id",
             "chat_row_id from_me sender_jid_row_id timestamp text_data"),
        Join(_VALUES, "v", _OF, "old_data"),
        Join(_NUMBERS, "n", _OF, "old_jid_row_id new_jid_row_id"),
        Join(_BLOCKS, "b", _OF, "is_blocked"),
    ),
    "message_row_id",
)  # fmt: skip


def read_events(modern: Modern) -> Iterator[Row]:
    """Group events of ``message_system``, with actor and targets, and changes of number."""
    base = modern.base
    if not base.has("message_system", "message_row_id", "action_type"):
        return
    targets = modern.named_in(_PARTICIPANTS, "user_jid_row_id")
    for row in base.rows_of(_WANTED):
        yield from _rows(modern, row, targets.get(row.key, []))
    for table in (_PARTICIPANTS, _VALUES, _NUMBERS, _BLOCKS):
        base.tally.emitted(table, records.GroupEvent, base.count(table))


def _rows(modern: Modern, row: SourceRow, targets: list[Id[records.Account]]) -> Iterator[Row]:
    """Rows of a system message: the event, who joined by it, and a change of number."""
    base, locator = modern.base, f"message/{row.key}"
    at = base.time("message.timestamp", row["m.timestamp"], row.key)
    before, after = (modern.account.get(row[f"n.{n}_jid_row_id"]) for n in ("old", "new"))
    renumbered = (before, after) if before and after and before != after else ()
    if before and after and renumbered:
        yield records.AccountAlias(
            **base.at(locator), a=before, b=after, relation=records.Relation.NUMBER_CHANGED, at=at
        )
    chat = modern.chats[row["m.chat_row_id"]]
    if chat.kind in _NO_GROUP:
        row.skipped("notice_outside_group")
        return
    row.became(records.GroupEvent)
    action = GroupAction(name_of("action", row["action_type"]) or "unknown")
    if action == GroupAction.BLOCKED and row["b.is_blocked"] == 0:
        action = GroupAction.UNBLOCKED
    actor = modern.account.get(row["m.sender_jid_row_id"])
    if actor is None and row["m.from_me"] == 1 and action != GroupAction.E2E_NOTICE:
        actor = base.owner
    notice = Notice(
        locator=locator,
        chat=chat,
        at=at,
        action=action,
        action_raw=row.text("action_type") or "",
        actor=actor,
        targets=tuple(targets or renumbered),
        old=row.text("v.old_data"),
        new=row.text("m.text_data") if action in TITLED else None,
    )
    yield base.event(notice)
    if chat.kind == records.ChatType.GROUP:
        yield from base.joined(notice)
