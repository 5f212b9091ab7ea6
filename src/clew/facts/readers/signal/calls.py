"""Calls of Signal on Android, since they have a table of their own (2022)."""

from collections.abc import Iterator

from clew.facts.database import Join, Selection
from clew.facts.messages import ChatOf
from clew.facts.readers.signal.database import CODES, Recipients, SignalDatabase
from clew.records import Call, CallParty, Chat
from clew.schema import Id, Row

_VIDEO, _OUTGOING = 1, 1
_WANTED = Selection(
    "call",
    "call_id peer type direction event timestamp ringer",
    (Join("message", "m", "_id = call.message_id", "thread_id"),),
)


def read_calls(
    base: SignalDatabase, recipients: Recipients, threads: dict[object, ChatOf]
) -> Iterator[Row]:
    """Calls and whom they were with; who else took part in a call of a group is not kept."""
    for row in base.rows_of(_WANTED) if base.has("call", "_id", "call_id") else ():
        peer, ringer, thread = row["peer"], row["ringer"], row["m.thread_id"]
        with_whom, mine = recipients.who(peer), row["direction"] == _OUTGOING
        # the group that was called, or the thread that has the call
        chat: Id[Chat] | None = recipients.group.get(peer)
        if chat is None and thread is not None:
            chat = threads[thread].chat_id
        call, result = Id[Call](row.event), CODES.meaning("call", row["event"]) or "unknown"
        yield Call(
            **row.became(Call),
            call_id=call,
            call_key=row.text("call_id"),
            chat_id=chat,
            caller=base.owner if mine else (recipients.who(ringer) if ringer else with_whom),
            from_owner=mine,
            started_at=row.time("timestamp"),
            video=row["type"] == _VIDEO,
            result=result,
            result_raw=row.text("event"),
        )
        if with_whom:
            raw = row.text("event")
            yield CallParty(
                **row.at, call_id=call, account_id=with_whom, result=result, result_raw=raw
            )
