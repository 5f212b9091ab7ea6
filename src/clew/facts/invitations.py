"""Invitations in any text that a reader reads: found here, and nowhere else.

A reader gives its messages and need not look for links: whatever it sends back passes
``with_invitations``, which looks through every column in which people write. Links that somebody
wrote so that they are no links (``chat . whatsapp . com/…``, ``hxxps://t[.]me/+…``, a code broken
over two lines) are found where only one reading is possible, and are kept as they were written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from clew.facts.signal import group_behind
from clew.facts.text import InviteLink, invite_links, invite_rows
from clew.records.facts import (
    Account,
    Chat,
    GroupEvent,
    Invite,
    InviteSource,
    Message,
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
WRITTEN_IN: dict[type[Row], tuple[_Where, ...]] = {
    Message: (
        _Where("text", InviteSource.URL_IN_TEXT, **_MESSAGE),
        _Where("reply_text", InviteSource.URL_IN_QUOTE, **_MESSAGE),
    ),
    Share: (_Where("caption", InviteSource.URL_IN_CAPTION, **_MESSAGE),),
    GroupEvent: (
        _Where("new_value", InviteSource.URL_IN_DESCRIPTION, event="event_id", chat="chat_id",
               account="actor", at="at", local="at_local"),
    ),
    Chat: (_Where("description", InviteSource.URL_IN_DESCRIPTION, chat="chat_id"),),
    Account: (_Where("about", InviteSource.URL_IN_PROFILE, account="account_id"),),
}  # fmt: skip
"""The columns in which people write, of every table that has one."""
_FOUND_HERE = (InviteSource.URL_IN_TEXT, InviteSource.URL_IN_QUOTE, InviteSource.URL_IN_CAPTION)
"""What is found here: a reader's own findings of these kinds would be the same ones again."""


def with_invitations(batches: Iterable[Batch]) -> Iterator[Batch]:
    """What a reader sends back, and behind each batch the invitations written in it."""
    told: set[tuple[str, str, str]] = set()
    for part in batches:
        if part.table is Invite:
            yield from _without_own(part)
            continue
        yield part
        rows = [row for where in WRITTEN_IN.get(part.table, ()) for row in _in(part, where, told)]
        if rows:
            data = to_arrow(Invite, rows).combine_chunks()
            yield from (Batch(Invite, batch) for batch in data.to_batches())


def _without_own(part: Batch) -> Iterator[Batch]:
    own = pc.is_in(part.data.column("found_in"), pa.array([f.value for f in _FOUND_HERE]))
    rest = part.data.filter(pc.invert(own))
    if rest.num_rows:
        yield Batch(Invite, rest)


def _in(part: Batch, where: _Where, told: set[tuple[str, str, str]]) -> Iterator[Invite]:
    """Invitations in one column; of a message each once, though its caption repeats its text."""
    data = part.data
    texts = data.column(where.column)
    for place in invite_rows(texts):
        for link in invite_links(texts[place].as_py()):
            fact = {n: _at(data, n, place) for n in ("exhibit_id", "source_id", "locator")}
            quoted = "quote" if where.found_in is InviteSource.URL_IN_QUOTE else ""
            key = (f"{fact['source_id']}{fact['locator']}{quoted}", link.platform, link.code)
            if key in told:
                continue
            if len(told) >= _REMEMBERED:
                told.clear()
            told.add(key)
            yield Invite(
                **fact,
                **invited(link),
                event_id=_at(data, where.event, place),
                seen_chat_id=_at(data, where.chat, place),
                seen_account_id=_at(data, where.account, place),
                seen_at=_at(data, where.at, place),
                seen_local=_at(data, where.local, place),
                found_in=where.found_in,
            )


def invited(link: InviteLink) -> dict[str, Any]:
    """The columns of an ``Invite`` that the link itself fills."""
    told = {name: getattr(link, name) for name in link.__struct_fields__}
    leads_to = group_behind(link.code) if link.platform == "signal" else None
    return {**told, "invites_to_chat_id": leads_to}


def _at(data: pa.RecordBatch, column: str | None, place: int) -> Any:
    return None if column is None else data.column(column)[place].as_py()
