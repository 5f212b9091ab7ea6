"""Counts of the evidence made without Clew's readers: by SQLite itself, and by a reader of JSON.

A reader that drops or changes rows agrees with its own counts; it does not agree with these.
"""

import json
import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from clew.casefile import Case
from clew.validation.assertions import Assertion

Rows = Counter[tuple[Any, ...]]
_MESSAGES = {
    "message": "SELECT key_id, timestamp, CASE WHEN message_type = 0 THEN text_data END "
    "FROM message WHERE message_type <> 7",
    "messages": "SELECT key_id, timestamp, CASE WHEN media_wa_type = '0' THEN data END "
    "FROM messages WHERE key_remote_jid <> '-1'",
}
"""Messages of a database by the table that its generation keeps them in, notices left out."""
_ROSTERS = {
    "message": "SELECT g.raw_string, u.raw_string, p.rank > 0 FROM group_participant_user AS p "
    "JOIN jid AS g ON g._id = p.group_jid_row_id JOIN jid AS u ON u._id = p.user_jid_row_id",
    "messages": "SELECT gjid, jid, admin > 0 FROM group_participants",
}
_READ = """
SELECT regexp_extract(message_key, '[^/]*$') AS key, epoch_ms(sent_at) AS at,
    CASE WHEN kind = 'text' THEN text END AS text
FROM messages AS m WHERE exhibit_id = $exhibit AND kind <> 'system' AND EXISTS (
    FROM sources AS s WHERE s.source_id = m.source_id AND s.exhibit_id = m.exhibit_id
    AND s.kind LIKE 'whatsapp.android.%'
)
"""
_MEMBERS = """
SELECT chat_id, role <> 'member' AS admin, CASE WHEN $unnamed AND account_id IN (
    SELECT account_id FROM accounts WHERE is_owner AND exhibit_id = $exhibit
) THEN '' ELSE account_id END AS account FROM memberships
WHERE exhibit_id = $exhibit AND basis = 'roster'
"""
_TELEGRAM = """
SELECT epoch_ms(sent_at) // 1000 AS at, coalesce(text, '') AS text FROM messages
WHERE exhibit_id = $exhibit AND chat_id LIKE 'telegram:%'
"""


def counted_again(case: Case, exhibits: Iterator[tuple[str, Path]]) -> Iterator[Assertion]:
    """What the evidence holds, as counted here, beside what was read of it."""
    compared: dict[str, list[tuple[Rows, Rows]]] = {"P1-02": [], "P1-05": [], "P1-04": []}
    for exhibit, folder in exhibits:
        for table, db in _databases(folder):
            found = Counter(db.execute(_MESSAGES[table]).fetchall())
            compared["P1-02"].append((found, _rows(case, _READ, exhibit)))
            roster = Counter(
                (_chat(group), bool(admin), _account(user))
                for group, user, admin in db.execute(_ROSTERS[table])
            )
            compared["P1-05"].append(
                (roster, _rows(case, _MEMBERS, exhibit, unnamed=table == "messages"))
            )
        for file in folder.rglob("result.json"):
            sent = Counter(_sent(json.loads(file.read_text("utf-8"))))
            compared["P1-04"].append((sent, _rows(case, _TELEGRAM, exhibit)))
    for name, pairs in sorted(compared.items()):
        missing = sum((there - read).total() for there, read in pairs)
        beyond = sum((read - there).total() for there, read in pairs)
        every = sum(there.total() for there, _ in pairs)
        figures = f"{every} rows of {len(pairs)} files; not read so: {missing}, beyond: {beyond}"
        yield Assertion(name, not missing and not beyond and every > 0, figures)


def _databases(folder: Path) -> Iterator[tuple[str, sqlite3.Connection]]:
    """Copies of the message databases of a device, each with its log, that SQLite finds whole."""
    for file in sorted(folder.rglob("msgstore.db")):
        with tempfile.TemporaryDirectory() as scratch:
            for part in file.parent.glob("msgstore.db*"):
                shutil.copy(part, scratch)
            with closing(sqlite3.connect(Path(scratch) / file.name)) as db:
                tables = {name for (name,) in db.execute("SELECT name FROM sqlite_schema")}
                yield next(name for name in _MESSAGES if name in tables), db


def _sent(export: dict[str, Any]) -> Iterator[tuple[int, str]]:
    for chat in export["chats"]["list"]:
        for message in chat["messages"]:
            yield int(message["date_unixtime"]), message["text"]


def _rows(case: Case, query: str, exhibit: str, **given: bool) -> Rows:
    return Counter(tuple(row.values()) for row in case.rows(query, exhibit=exhibit, **given))


def _chat(jid: str) -> str:
    return f"whatsapp:{jid}"


def _account(jid: str) -> str:
    """An account as Clew names it; an old database leaves out its holder's own."""
    user, _, server = jid.partition("@")
    if not jid:
        return ""
    return f"whatsapp:{'lid' if server == 'lid' else 'pn'}:{user}"
