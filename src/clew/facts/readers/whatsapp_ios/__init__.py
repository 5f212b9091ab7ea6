"""WhatsApp on iOS: ``ChatStorage.sqlite``, ``ContactsV2``, ``CallHistory`` and ``LID.sqlite``.

Each is a source of its own and none needs another. The id of a message (``ZSTANZAID``) is the one
that Android keeps, so one conversation on both merges. Members who left stay in the list of members
as not active. Columns come and go with every version: a SELECT names those that are there.

References:
    - docs/formats/whatsapp-ios.md

"""

from collections.abc import Generator, Iterator

from clew import records
from clew.facts.database import schema
from clew.facts.reader_api import SQLITE, Found, Probe, Reader
from clew.facts.readers.whatsapp_ios import beside
from clew.facts.readers.whatsapp_ios.chats import Chats
from clew.facts.readers.whatsapp_ios.database import NAME, Database, People
from clew.facts.readers.whatsapp_ios.messages import Messages
from clew.facts.sources import Kept, Reading, read_whole
from clew.schema import Batch, Row

VERSION = "2"
_LIDS = tuple(table for table, _ in beside.LIDS)
_HOLDS: dict[str, tuple[tuple[str, ...], type[Row], str]] = {
    "whatsapp.ios.chatstorage": (("ZWAMESSAGE",), records.Message, "ZMESSAGEDATE"),
    "whatsapp.ios.contacts": ((beside.CONTACTS,), records.Contact, ""),
    "whatsapp.ios.calls": ((beside.CALLS,), records.Call, "ZDATE"),
    "whatsapp.ios.lid": (_LIDS, records.AccountAlias, ""),
}
_MESSAGES = "whatsapp.ios.chatstorage"
_SIGNS = {
    "whatsapp.ios.chatstorage": ("ZWAMESSAGE", "ZCHATSESSION"),
    "whatsapp.ios.contacts": (beside.CONTACTS, "Z_PK"),
    "whatsapp.ios.calls": (beside.CALLS, "Z_PK"),
    "whatsapp.ios.lid": ("ZWAZACCOUNT", "ZIDENTIFIER"),
}
_OLD_LID = ("ZWAPHONENUMBERLIDPAIR", "ZLID")


def probe(found: Found) -> Probe | None:
    """Tell the file by its tables; in a backup its name is a hash."""
    if found.media_type != SQLITE:
        return None
    with found.sqlite() as db:
        kind = _kind(schema(db))
    return Probe(kind, 0.9) if kind else None


def _kind(tables: dict[str, list[str]]) -> str | None:
    for kind, (table, column) in _SIGNS.items():
        if column in tables.get(table, ()):
            return kind
    return "whatsapp.ios.lid" if _OLD_LID[1] in tables.get(_OLD_LID[0], ()) else None


def read(found: Found) -> Iterator[Row | Batch]:
    """Read a database; whatever can't be read is told, and the rest goes on."""
    yield from read_whole(found, Database, _read)


def _read(base: Database) -> Reading:
    kind = _kind(base.tables)
    if kind is None:
        base.report("file", "no_known_table")
        return None
    main, became, sent = _HOLDS[kind]
    generation = yield from _rows(base, kind)
    return Kept(
        kind=kind,
        generation=generation,
        main=tuple(t for t in main if t in base.tables),
        became=became,
        has_owner=kind == _MESSAGES,
        sent=sent,
    )


def _rows(base: Database, kind: str) -> Generator[Row | Batch, None, str]:
    """Read whichever database it is; return the generation."""
    if kind == _MESSAGES:
        return (yield from _conversations(base))
    if kind == "whatsapp.ios.contacts":
        yield from beside.read_contacts(base)
    elif kind == "whatsapp.ios.calls":
        yield from beside.read_calls(base)
    else:
        yield from beside.read_lids(base)
    return kind.rpartition(".")[2]


def _conversations(base: Database) -> Generator[Row | Batch, None, str]:
    chats = Chats(base, People(base))
    yield base.owner_row("database")
    by_lid = False
    for row in chats.read():
        by_lid = by_lid or (isinstance(row, records.Account) and row.id_type == records.IdType.LID)
        yield row
    yield from Messages(base, chats).read()
    return "lid" if by_lid else "pn"


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
