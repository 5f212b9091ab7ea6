"""Calls of Signal on Android, since they have a table of their own (2022)."""

from collections.abc import Iterator

from clew.facts.database import said
from clew.facts.messages import ChatOf
from clew.facts.readers.signal.database import CALLS, Recipients, SignalDatabase
from clew.records import Call, CallParty, Chat
from clew.schema import Id, Row

_VIDEO, _OUTGOING = 1, 1


def read_calls(
    base: SignalDatabase, recipients: Recipients, threads: dict[object, ChatOf]
) -> Iterator[Row]:
    """Calls and whom they were with; who else took part in a call of a group is not kept."""
    if not base.has("call", "_id", "call_id"):
        return
    fields = base.columns("call", "call_id message_id peer type direction event timestamp ringer")
    thread = "NULL"
    join = ""
    if base.has("call", "message_id") and base.has("message", "_id", "thread_id"):
        thread, join = "m.thread_id", "LEFT JOIN message AS m ON m._id = call.message_id"
    select = f"SELECT call._id, {fields}, {thread} FROM call {join}"
    for row, key, _, peer, kind, direction, event, at, ringer, in_thread in base.rows(
        "call", select, "call._id"
    ):
        base.tally.emitted("call", Call)
        where = f"call/{row}"
        call: Id[Call] = Id(base.found.event(where))
        with_whom, mine = recipients.who(peer), direction == _OUTGOING
        caller = base.owner if mine else (recipients.who(ringer) if ringer else with_whom)
        result = CALLS.get(event, "unknown") if isinstance(event, int) else "unknown"
        yield Call(
            **base.at(where),
            call_id=call,
            call_key=said(key),
            chat_id=_chat(recipients, threads, peer, in_thread),
            caller=caller,
            from_owner=mine,
            started_at=base.time("call.timestamp", at, row),
            video=kind == _VIDEO,
            result=result,
            result_raw=said(event),
        )
        if with_whom:
            yield CallParty(
                **base.at(where), call_id=call, account_id=with_whom, result=result,
                result_raw=said(event),
            )  # fmt: skip


def _chat(
    recipients: Recipients, threads: dict[object, ChatOf], peer: object, thread: object
) -> Id[Chat] | None:
    """The group that was called, or the thread that tells of the call."""
    if peer in recipients.group:
        return recipients.group[peer]
    return threads[thread].chat_id if thread is not None else None
