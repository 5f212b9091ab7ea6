"""WhatsApp on iOS: ``ChatStorage.sqlite``, ``ContactsV2``, ``CallHistory`` and ``LID.sqlite``.

Each is a source of its own and none needs another. The id of a message (``ZSTANZAID``) is the one
that Android keeps, so one conversation on both merges. Members who left stay in the list of members
as not active. Columns come and go with every version: a SELECT names those that are there.

References:
    - docs/formats/whatsapp-ios.md

"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from clew import records
from clew.facts.database import schema
from clew.facts.reader_api import SQLITE, Found, Probe, Reader
from clew.facts.readers.whatsapp_ios import beside
from clew.facts.readers.whatsapp_ios.chats import Chats
from clew.facts.readers.whatsapp_ios.database import NAME, Database
from clew.facts.readers.whatsapp_ios.messages import Messages
from clew.facts.sources import Kept, Reading, read_whole
from clew.schema import Batch, Row

VERSION = "2"


def _conversations(base: Database) -> Iterator[Row | Batch]:
    yield base.owner_row("database")
    chats = Chats(base)
    yield from chats.read()
    base.generation = "lid" if any(":lid:" in account for account in base.accounts_met) else "pn"
    yield from Messages(base, chats).read()


class _Kind(NamedTuple):
    """One of the databases: how it is known, and what its rows become."""

    signs: tuple[tuple[str, str], ...]
    """Tables of its rows, each with a column by which it is known."""
    became: type[Row]
    sent: str
    """Column of the time of a message or call."""
    read: Callable[[Database], Iterator[Row | Batch]]


_MESSAGES = "whatsapp.ios.chatstorage"
_KINDS = {
    _MESSAGES: _Kind(
        (("ZWAMESSAGE", "ZCHATSESSION"),), records.Message, "ZMESSAGEDATE", _conversations
    ),
    "whatsapp.ios.contacts": _Kind(
        ((beside.CONTACTS, "Z_PK"),), records.Contact, "", beside.read_contacts
    ),
    "whatsapp.ios.calls": _Kind(
        ((beside.CALLS, "Z_PK"),), records.Call, "ZDATE", beside.read_calls
    ),
    "whatsapp.ios.lid": _Kind(beside.LIDS, records.AccountAlias, "", beside.read_lids),
}


def probe(found: Found) -> Probe | None:
    """Tell the file by its tables; in a backup its name is a hash."""
    if found.media_type != SQLITE:
        return None
    with found.sqlite() as db:
        kind = _kind(schema(db))
    return Probe(kind, 0.9) if kind else None


def _kind(tables: dict[str, list[str]]) -> str | None:
    for name, kind in _KINDS.items():
        if any(column in tables.get(table, ()) for table, column in kind.signs):
            return name
    return None


def read(found: Found) -> Iterator[Row | Batch]:
    """Read a database; whatever can't be read is reported, and the rest goes on."""
    yield from read_whole(found, Database, _read)


def _read(base: Database) -> Reading:
    name = _kind(base.tables)
    if name is None:
        base.report("file", "no_known_table")
        return None
    kind = _KINDS[name]
    yield from kind.read(base)
    return Kept(
        kind=name,
        generation=base.generation or name.rpartition(".")[2],
        main=tuple(table for table, _ in kind.signs if table in base.tables),
        became=kind.became,
        has_owner=name == _MESSAGES,
        sent=kind.sent,
    )


READER = Reader(
    name=NAME,
    version=VERSION,
    media_types=(SQLITE,),
    files=("ChatStorage.sqlite", "ContactsV2.sqlite", "CallHistory.sqlite", "LID.sqlite"),
    recovers=("ZWAMESSAGE", "ZWAMEDIAITEM", "ZWAMESSAGEINFO"),
    lookups=("ZWACHATSESSION", "ZWAGROUPINFO", "ZWAGROUPMEMBER", "ZWAPROFILEPUSHNAME"),
    knows=(
        "ChatStorage.sqlite of 2018 to 2025, members by number and by hidden id",
        "ContactsV2.sqlite, CallHistory.sqlite",
        "LID.sqlite with ZWAZACCOUNT or ZWAPHONENUMBERLIDPAIR",
    ),
    cannot=(
        "whose phone it is: no column says so",
        "whether and when a message was edited, when it was deleted, who is mentioned: no source",
        "receipts by recipient: they stand in ZRECEIPTINFO; no public source reads whose they are",
        "when a vote of a poll was given; a vote that names nobody is counted",
        "how a past member ended, beyond the group's own events",
        "the code of an invitation sent as such, unless its link stands in the record",
        "metadata in property lists, as before 2018",
    ),
    probe=probe,
    rows_of=read,
    yields=(
        records.Source, records.SourceRows, records.Account, records.AccountName,
        records.AccountAlias, records.Chat, records.Membership, records.Message, records.Share,
        records.GroupEvent, records.Invite, records.Contact, records.Call, records.CallParty,
        records.Reaction, records.Unread, records.MessagePlace, records.PollOption,
    ),
)  # fmt: skip
