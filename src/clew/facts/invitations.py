"""Invitations in any text that a reader reads: found here, and nowhere else.

A reader gives its messages and need not look for links: whatever it sends back passes
``with_invitations``, which looks through every column in which people write. Links that somebody
wrote so that they are no links (``chat . whatsapp . com/…``, ``hxxps://t[.]me/+…``, a code broken
over two lines) are found where only one reading is possible, and are kept as they were written.

What was deleted is looked through as well, and gives rows of a table of its own: an invitation in a
recovered message is never one in a live one.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
import pyarrow as pa

from clew.facts.signal import group_behind
from clew.facts.text import InviteLink, invite_links, invite_rows
from clew.records import (
    Account,
    Chat,
    GroupEvent,
    Invite,
    InviteSource,
    Message,
    RecoveredInvite,
    RecoveredMessage,
    RecoveredRow,
    RecoveredShare,
    Share,
)
from clew.schema import Batch, Row, to_arrow

_REMEMBERED = 100_000


class _Where(msgspec.Struct, frozen=True):
    """A column in which people write, and what its table says of the writing."""

    column: str
    found_in: InviteSource
    event: str | None = None
    chat: str | None = None
    account: str | None = None
    at: str | None = None
    local: str | None = None


_MESSAGE = {
    "event": "event_id", "chat": "chat_id", "account": "sender_account_id", "at": "sent_at",
    "local": "sent_local",
}  # fmt: skip
_IN_MESSAGES = (
    _Where("text", InviteSource.URL_IN_TEXT, **_MESSAGE),
    _Where("reply_text", InviteSource.URL_IN_QUOTE, **_MESSAGE),
)
_IN_SHARES = (_Where("caption", InviteSource.URL_IN_CAPTION, **_MESSAGE),)
WRITTEN_IN: dict[type[Row], tuple[_Where, ...]] = {
    Message: _IN_MESSAGES,
    Share: _IN_SHARES,
    RecoveredMessage: _IN_MESSAGES,
    RecoveredShare: _IN_SHARES,
    RecoveredRow: (_Where("values", InviteSource.DELETED_ROW),),
    GroupEvent: (
        _Where("new_value", InviteSource.URL_IN_DESCRIPTION, event="event_id", chat="chat_id",
               account="actor", at="at", local="at_local"),
    ),
    Chat: (_Where("description", InviteSource.URL_IN_DESCRIPTION, chat="chat_id"),),
    Account: (_Where("about", InviteSource.URL_IN_PROFILE, account="account_id"),),
}  # fmt: skip
"""The columns in which people write, of every table that has one."""
_APART = (InviteSource.URL_IN_QUOTE, InviteSource.DELETED_ROW)
"""Kinds of source that do not repeat what stands elsewhere in the same row."""
_NOT_LIVE = (RecoveredMessage, RecoveredShare, RecoveredRow)
_FOUND_HERE = frozenset(
    (InviteSource.URL_IN_TEXT, InviteSource.URL_IN_QUOTE, InviteSource.URL_IN_CAPTION)
)
"""What is found here: of a reader's own findings of these kinds only those that are new count, such
as a link behind a word or a button."""
_Key = tuple[str, str, str]


def with_invitations(batches: Iterable[Batch]) -> Iterator[Batch]:
    """What a reader sends back, and behind each batch the invitations written in it."""
    known: set[_Key] = set()
    for part in batches:
        if part.table is Invite:
            yield from _new_of_reader(part, known)
            continue
        yield part
        rows = [row for where in WRITTEN_IN.get(part.table, ()) for row in _in(part, where, known)]
        if rows:
            table = RecoveredInvite if part.table in _NOT_LIVE else Invite
            data = to_arrow(table, rows).combine_chunks()
            yield from (Batch(table, batch) for batch in data.to_batches())


def _new_of_reader(part: Batch, known: set[_Key]) -> Iterator[Batch]:
    kept = [
        row["found_in"] not in _FOUND_HERE or _is_new(row, row["platform"], row["code"], known)
        for row in part.data.to_pylist()
    ]
    if any(kept):
        yield Batch(Invite, part.data.filter(pa.array(kept)))


def _is_new(fact: dict[str, Any], platform: str, code: str, known: set[_Key]) -> bool:
    """Whether an invitation was not met yet in its row of the source; from now on it was."""
    apart = fact["found_in"] if fact["found_in"] in _APART else ""
    key = (f"{fact['source_id']}{fact['locator']}{apart}", platform, code)
    if key in known:
        return False
    if len(known) >= _REMEMBERED:
        known.clear()
    known.add(key)
    return True


def _in(part: Batch, where: _Where, known: set[_Key]) -> Iterator[Invite]:
    """Invitations in one column; of a message each once, though its caption repeats its text."""
    data = part.data
    texts = data.column(where.column)
    table: type[Invite] = RecoveredInvite if part.table in _NOT_LIVE else Invite
    for index in invite_rows(texts):
        for link in invite_links(texts[index].as_py()):
            fact = {n: _at(data, n, index) for n in ("exhibit_id", "source_id", "locator")}
            fact["found_in"] = where.found_in
            if not _is_new(fact, link.platform, link.code, known):
                continue
            if table is RecoveredInvite:
                fact["recovered_from"] = _at(data, "found_in", index)
            yield table(
                **fact,
                **invited(link),
                event_id=_at(data, where.event, index),
                seen_chat_id=_at(data, where.chat, index),
                seen_account_id=_at(data, where.account, index),
                seen_at=_at(data, where.at, index),
                seen_local=_at(data, where.local, index),
            )


def invited(link: InviteLink) -> dict[str, Any]:
    """The columns of an ``Invite`` that the link itself fills."""
    leads_to = group_behind(link.code) if link.platform == "signal" else None
    return {**msgspec.structs.asdict(link), "invites_to_chat_id": leads_to}


def _at(data: pa.RecordBatch, column: str | None, index: int) -> Any:
    return None if column is None else data.column(column)[index].as_py()
