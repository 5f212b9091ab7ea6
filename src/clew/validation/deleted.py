"""Checks of what was deleted: found again where it is still there, and never shown as live."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import chain
from pathlib import Path

from clew.casefile import open_case
from clew.validation import faults
from clew.validation.assertions import Assertion, Plan

_RECALL = 0.95
"""Share of what is physically there that has to come back."""


def deleted_is_never_live(plan: Plan) -> Iterator[Assertion]:
    """Delete messages from a generated database, and see where they turn up."""
    databases = (e.paths[0].rglob("msgstore.db") for e in plan.operation.exhibits)
    source = max(chain(*databases), key=lambda file: file.stat().st_size)
    phone = plan.folder / "phone-with-deletions"
    phone.mkdir()
    (phone / "msgstore.db").write_bytes(source.read_bytes())
    texts, gone = _delete(phone / "msgstore.db")
    faults.whole_way(plan.folder / "case-deleted", phone)
    with open_case(plan.folder / "case-deleted") as case:
        live = case.rows("SELECT message_key FROM messages")
        merged = case.rows("SELECT message_key FROM merged_messages")
        back = case.rows("SELECT message_key, text, locator FROM recovered_messages")
    shown = {_own(row["message_key"]) for row in (*live, *merged)} & gone
    yield Assertion(
        "P10-01",
        not shown and bool(live) and bool(gone),
        f"{len(gone)} deleted, {len(shown)} of them among {len(live)} live ones",
    )
    found = {_own(row["message_key"]) for row in back} & gone
    invented = [row for row in back if row["text"] and row["text"] not in texts]
    yield Assertion(
        "P10-02",
        len(found) >= _RECALL * len(gone) > 0 and not invented
        and all("@" in row["locator"] for row in back),
        f"{len(found)} of {len(gone)} deleted messages recovered; {len(invented)} of "
        f"{len(back)} with a text that was never there",
    )  # fmt: skip


def _delete(database: Path) -> tuple[set[str], set[str]]:
    """Delete every seventh message; the texts that were there, and the keys that are gone."""
    with closing(sqlite3.connect(database, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode=DELETE")
        db.execute("PRAGMA secure_delete=OFF")
        texts = {text for (text,) in db.execute("SELECT text_data FROM message") if text}
        gone = {key for (key,) in db.execute("SELECT key_id FROM message WHERE _id % 7 = 0")}
        db.execute("DELETE FROM message WHERE _id % 7 = 0")
        return texts, gone - {key for (key,) in db.execute("SELECT key_id FROM message")}


def _own(message_key: str | None) -> str:
    return (message_key or "").rpartition("/")[2]
