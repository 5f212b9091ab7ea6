"""Facts that hang on one message of an export: files, reactions, calls, changes of a group.

What such a fact has in common with its message is taken from there, in one place; a column that is
named stands in its stead.
"""

from typing import Any

from clew import records
from clew.schema import Id


def share(message: records.Message, ordinal: int, **columns: Any) -> records.Share:
    """A file that a message carries, of which the export says nothing else than these columns."""
    known: dict[str, Any] = {
        "message_key": message.message_key, "chat_id": message.chat_id,
        "sender_account_id": message.sender_account_id, "sent_at": message.sent_at,
        "sent_local": message.sent_local, "is_forwarded": message.is_forwarded,
        "state": records.ShareState.ABSENT, "caption": message.text,
    }  # fmt: skip
    return records.Share(**_hanging(message), ordinal=ordinal, **{**known, **columns})


def reaction(
    message: records.Message, account: Id[records.Account] | None, sign: str | None, **columns: Any
) -> records.Reaction:
    """A reaction to a message."""
    return records.Reaction(**_hanging(message), account_id=account, reaction=sign, **columns)


def call(message: records.Message, result: str, **columns: Any) -> records.Call:
    """A call of which a message tells."""
    known: dict[str, Any] = {"call_key": message.message_key}
    return records.Call(
        **{k: v for k, v in _hanging(message).items() if k != "event_id"},
        call_id=Id(message.event_id), chat_id=message.chat_id, caller=message.sender_account_id,
        started_at=message.sent_at, result=result, **{**known, **columns},
    )  # fmt: skip


def group_event(
    message: records.Message, action: records.GroupAction, **columns: Any
) -> records.GroupEvent:
    """A change of a group of which a message tells."""
    known: dict[str, Any] = {
        "at_local": message.sent_local, "action_raw": message.type_raw or "",
        "actor": message.sender_account_id, "certainty": records.Certainty.STATED,
    }  # fmt: skip
    return records.GroupEvent(
        **_hanging(message), chat_id=message.chat_id, at=message.sent_at, action=action,
        **{**known, **columns},
    )  # fmt: skip


def _hanging(message: records.Message) -> dict[str, Any]:
    return {
        "exhibit_id": message.exhibit_id, "source_id": message.source_id,
        "locator": message.locator, "event_id": message.event_id,
    }  # fmt: skip
