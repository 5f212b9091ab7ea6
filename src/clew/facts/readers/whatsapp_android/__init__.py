"""WhatsApp on Android: ``msgstore.db`` of 2016 to 2025, and ``wa.db``.

Three generations, distinguished by what they hold and not by what tables they have: *legacy* keeps
messages in ``messages``; *transitional* has the new tables beside it, still nearly empty; *modern*
keeps them in ``message`` with satellites, and since 2024 (*modern_lid*) names people by hidden ids.
Columns come and go with every version: a SELECT names those that are there.

References:
    - docs/formats/whatsapp-android.md

"""

from collections.abc import Generator, Iterator

from clew import records
from clew.facts.database import schema
from clew.facts.reader_api import SQLITE, Found, Probe, Reader
from clew.facts.readers.whatsapp_android import addressbook, content, groups, legacy, modern, people
from clew.facts.readers.whatsapp_android.database import NAME, Database
from clew.facts.readers.whatsapp_android.events import read_events
from clew.facts.readers.whatsapp_android.invites import read_invites
from clew.facts.sources import Kept, Reading, read_whole
from clew.schema import Batch, Row

VERSION = "2"
MSGSTORE, ADDRESS_BOOK, ENCRYPTED = (
    "whatsapp.android.msgstore", "whatsapp.android.wa", "whatsapp.android.encrypted",
)  # fmt: skip


def probe(found: Found) -> Probe | None:
    """Tell the file by its tables; an encrypted backup by its name."""
    if found.media_type != SQLITE:
        return Probe(ENCRYPTED, 0.9) if "crypt" in found.name.rpartition(".")[2] else None
    with found.sqlite() as db:
        tables = schema(db)
    if "wa_contacts" in tables:
        return Probe(ADDRESS_BOOK, 0.9)
    old = {"key_remote_jid", "key_id"} <= set(tables.get("messages", ()))
    new = {"chat_row_id", "key_id"} <= set(tables.get("message", ()))
    return Probe(MSGSTORE, 0.9) if old or new else None


def read(found: Found) -> Iterator[Row | Batch]:
    """Read a database; whatever can't be read is reported, and the rest goes on."""
    if found.media_type != SQLITE:
        yield found.unread("file", "encrypted")
        return
    yield from read_whole(found, Database, _read, lambda t: t == "android_metadata" or "fts" in t)


def _read(base: Database) -> Reading:
    if base.has("wa_contacts", "_id", "jid"):
        kind, generation = ADDRESS_BOOK, "wa"
        main: tuple[str, ...] = ("wa_contacts",)
        yield from addressbook.read_contacts(base)
        yield from addressbook.read_groups(base)
    else:
        kind, main = MSGSTORE, ("messages", "message")
        generation = yield from _messages(base)
    if not any(base.has(table, "_id") for table in main):
        base.report("file", "no_known_table")
    return Kept(
        kind=kind,
        generation=generation,
        main=main,
        became=records.Message if kind == MSGSTORE else records.Contact,
        has_owner=kind == MSGSTORE,
        sent="timestamp",
    )


def _messages(base: Database) -> Generator[Row | Batch, None, str]:
    """Read whichever tables hold the messages; return the generation."""
    rows = modern.Modern(base)
    people.find_owner(rows)
    old = legacy.holds_messages(base)
    for locator, jid in _addresses(base, rows, old=old):
        yield from base.met_by(locator, jid)
    if base.owner not in base.accounts_met:
        yield base.owner_row("database")
    persons = sum(base.address(jid) is not None for jid in rows.jid.values())
    base.tally.emitted("jid", records.Account, persons)
    base.tally.skipped("jid", "address_of_list", len(rows.jid) - persons)
    yield from people.read_own_accounts(rows)
    yield from people.read_lids(rows)
    yield from groups.read_chats(rows) if "chat" in base.tables else ()
    if "chat" not in base.tables or not base.count("chat"):
        yield from groups.read_legacy_chats(base)
    yield from groups.read_members(rows)
    if not base.count("group_participant_user"):
        yield from groups.read_legacy_members(base)
    if old:
        yield from legacy.read_messages(base)
        yield from legacy.read_receipts(base)
        yield from people.read_cards(base, "messages_vcards", "messages")
        yield from content.read_old_places(base)
    yield from _new_messages(base, rows, old=old)
    yield from people.read_receipts(rows, "messages" if old else "message")
    yield from people.read_calls(rows)
    if old:
        return "transitional" if "message" in base.tables else "legacy"
    return "modern_lid" if base.count("jid_map") else "modern"


def _new_messages(base: Database, rows: modern.Modern, *, old: bool) -> Iterator[Row | Batch]:
    """Messages of the new table; beside an old one only those that the old one lacks."""
    if not base.has("message", "_id", "chat_row_id", "key_id"):
        return
    where = "m.key_id NOT IN (SELECT key_id FROM messages)" if old else ""
    if old:
        where += " AND m.key_id <> '-1' AND m.chat_row_id > 0"
        every = f"SELECT count(*) FROM message AS m WHERE {where}"
        ((kept,),) = base.db.execute(every).fetchall()
        base.tally.skipped("message", "in_other_table", base.count("message") - kept)
    yield from modern.read_messages(rows, where)
    if old and not base.tally.count("message", "messages"):
        return
    modern.count_folded(base)
    yield from modern.read_lost_files(rows)
    yield from read_events(rows)
    yield from read_invites(rows)
    yield from people.read_cards(base, "message_vcard", "message")
    yield from people.read_reactions(rows)
    yield from content.read_places(base)
    yield from content.read_polls(rows)


def _addresses(base: Database, rows: modern.Modern, *, old: bool) -> Iterator[tuple[str, str]]:
    """Every address in the database, with where it stands."""
    for row, jid in rows.jid.items():
        yield f"jid/{row}", jid
    if not old:
        return
    for table, columns in (
        ("chat_list", ("key_remote_jid",)),
        ("group_participants", ("jid",)),
        ("messages", ("key_remote_jid", "remote_resource")),
    ):
        for column in columns:
            if base.has(table, "_id", column):
                select = f"SELECT min(_id), {column} FROM {table} GROUP BY {column} ORDER BY 1"
                for row, jid in base.db.execute(select):
                    if isinstance(jid, str):
                        yield f"{table}/{row}", jid


READER = Reader(
    name=NAME,
    version=VERSION,
    media_types=(SQLITE,),
    files=("msgstore*.db", "wa.db", "*.crypt", "*.crypt[0-9]", "*.crypt1[0-9]", "*.mcrypt1"),
    recovers=("message", "messages", "message_media"),
    lookups=("jid", "jid_map", "chat", "chat_list", "props", "group_participant_user"),
    knows=(
        "msgstore.db legacy (2016 to 2019: messages in `messages`)",
        "msgstore.db transitional (2019 to 2021: `message` beside it)",
        "msgstore.db modern (from 2021: `message` with satellites)",
        "msgstore.db modern_lid (from 2024: people under hidden ids)",
        "wa.db (address book)",
    ),
    cannot=(
        "encrypted backups (.crypt to .crypt15): recognised and reported, not decrypted",
        "actions of group_participants_history: their meaning is not established",
        "tables that it does not use: listed in source_rows with their rows",
    ),
    probe=probe,
    rows_of=read,
    yields=(
        records.Source, records.SourceRows, records.Account, records.AccountName,
        records.AccountAlias, records.Chat, records.Membership, records.Message, records.Share,
        records.GroupEvent, records.Invite, records.Contact, records.Call, records.CallParty,
        records.Receipt, records.Reaction, records.Unread, records.MessagePlace, records.PollOption,
    ),
)  # fmt: skip
