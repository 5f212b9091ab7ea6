"""Signal: the Android database already decrypted, and exports of Signal Desktop.

Clew decrypts nothing: backups, live databases and the settings that hold a key are recognised and
reported as *encrypted, not read*. Messages stand in ``message`` (since 2023), ``mms`` or ``sms``,
and columns come and go with every version: a SELECT names those that are there.

References:
    - docs/formats/signal.md

"""

import re
from collections.abc import Iterator

from clew import records
from clew.facts.database import schema
from clew.facts.reader_api import SQLITE, Found, Probe, Reader
from clew.facts.readers.signal import encrypted, frames, groups
from clew.facts.readers.signal.calls import read_calls
from clew.facts.readers.signal.database import NAME, Recipients, SignalDatabase, Threads, find_owner
from clew.facts.readers.signal.export import Community
from clew.facts.readers.signal.messages import TABLES, Messages
from clew.facts.sources import Kept, Reading, read_whole
from clew.schema import Batch, Row

VERSION = "2"
ANDROID, COMMUNITY, OFFICIAL = "signal.android", "signal.desktop.data_json", "signal.export.jsonl"
_COMMUNITY = ('"sender"', '"date"', '"body"')
_HANGING = re.compile('"(?:quote|reactions|attachments|sticker)"')
_OFFICIAL = ('"backupTimeMs"', '"recipient"', '"chatItem"', '"account"')


def probe(found: Found) -> Probe | None:
    """Tell a database by its tables, an export by its first line."""
    if found.media_type == SQLITE:
        with found.sqlite() as db:
            return Probe(ANDROID, 0.9) if _is_signal(schema(db)) else None
    return _export(found) or (encrypted.probe(found) if READER.wants(found.path, None) else None)


def _is_signal(tables: dict[str, list[str]]) -> bool:
    people = {"recipient", "recipient_preferences"} & set(tables)
    messages = any("thread_id" in tables.get(t, ()) for t in TABLES)
    return bool(people) and messages and "_id" in tables.get("thread", ())


def _export(found: Found) -> Probe | None:
    """Tell an export by its first line; one of another name by more than one of any JSON."""
    is_named = found.name.casefold() in ("data.json", "main.jsonl")
    first = found.head("json").partition("\n")[0]
    if all(sign in first for sign in _COMMUNITY) and (is_named or _HANGING.search(first)):
        return Probe(COMMUNITY, 0.8)
    signs = _OFFICIAL if is_named else _OFFICIAL[:1]
    return Probe(OFFICIAL, 0.8) if any(sign in first for sign in signs) else None


def read(found: Found) -> Iterator[Row | Batch]:
    """Read a database or an export; whatever can't be read is reported, and the rest goes on."""
    if found.media_type == SQLITE:
        yield from read_whole(found, SignalDatabase, _read, lambda table: "fts" in table)
        return
    taken = probe(found)
    if taken is None:
        yield found.unread("file", "unknown_beginning")
    elif taken.kind in (COMMUNITY, OFFICIAL):
        yield from _lines(found, taken.kind)
    else:
        yield found.unread("file", encrypted.CODES[taken.kind])


def _read(base: SignalDatabase) -> Reading:
    main = tuple(t for t in TABLES if t in base.tables)
    if not main:
        base.report("file", "no_known_table")
        return None
    find_owner(base)
    recipients = Recipients(base)
    if ":owner:" in base.owner:
        yield base.owner_row("file")
    yield from recipients.read()
    threads = Threads(recipients)
    yield from threads.read()
    yield from groups.read_groups(base, recipients)
    yield from Messages(base, recipients, threads).read()
    yield from read_calls(base, recipients, threads)
    return Kept(
        kind=ANDROID,
        generation="message" if "message" in main else "mms and sms",
        main=main,
        became=records.Message,
        sent="date_sent",
    )


def _lines(found: Found, kind: str) -> Iterator[Row | Batch]:
    export = Community(found) if kind == COMMUNITY else frames.Frames(found)
    yield from export.read()
    emitted = export.tally.count("line", records.Message.table_name)
    yield found.source(
        kind=kind,
        generation=kind.rpartition(".")[2],
        owner_account_id=export.owner,
        tz_basis=export.basis,
        rows_seen=export.lines,
        rows_skipped=export.lines - emitted,
        first_at=export.first_at,
        last_at=export.last_at,
    )
    yield from export.tally.rows(found)
    yield from export.unread()


READER = Reader(
    name=NAME,
    version=VERSION,
    media_types=(SQLITE,),
    files=("data.json", "main.jsonl", *encrypted.FILES),
    forms=("json",),
    recovers=(*TABLES, "attachment", "part"),
    lookups=("recipient", "thread", "groups"),
    knows=(
        "Android database with message (2023 on), and with mms and sms (before), decrypted",
        "data.json of signal-export, a line a message",
        "Signal's own plaintext export main.jsonl (2025), a frame a line",
        "encrypted backups, SQLCipher databases and Desktop's key file: recognised, not read",
    ),
    cannot=(
        "anything encrypted",
        "whose phone an Android database before 2023 is of: no column says so",
        "Signal Desktop's database itself, and Signal on iOS",
        "votes and options of a poll, payments, stories as such",
        "when a message was deleted; whether it was forwarded: Signal does not keep it",
        "group changes in an export; members' times of joining",
    ),
    probe=probe,
    rows_of=read,
    yields=(
        records.Source, records.SourceRows, records.Account, records.AccountName, records.Chat,
        records.Membership, records.Message, records.Share, records.GroupEvent, records.Invite,
        records.Contact, records.Call, records.CallParty, records.Receipt, records.Reaction,
        records.Unread,
    ),
)  # fmt: skip
