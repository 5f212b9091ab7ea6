"""Deleted messages come back labelled, in tables of their own, and count nowhere as live."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from steps import take_in

import clew
from clew import pipeline
from clew.casefile import create_case
from clew.casefile.engine import Progress
from clew.demo import generate, small
from clew.evidence.describe import described


@pytest.fixture(scope="module")
def recovered(tmp_path_factory):
    """A phone's database with rows deleted, and one whose header is gone; what they held."""
    folder = tmp_path_factory.mktemp("recovery")
    generate(folder / "demo", small())
    source = max((folder / "demo").rglob("msgstore.db"), key=lambda f: f.stat().st_size)
    whole, deleted, headless = (folder / name for name in ("whole.db", "deleted", "headless"))
    whole.write_bytes(source.read_bytes())
    with closing(sqlite3.connect(whole)) as db:
        held = db.execute("SELECT key_id, text_data FROM message").fetchall()
    for place in (deleted, headless):
        place.mkdir()
    (deleted / "msgstore.db").write_bytes(source.read_bytes())
    (headless / "msgstore.db").write_bytes(bytes(100) + source.read_bytes()[100:])
    with closing(sqlite3.connect(deleted / "msgstore.db", isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode=DELETE")
        db.execute("PRAGMA secure_delete=OFF")
        gone = {k for (k,) in db.execute("SELECT key_id FROM message WHERE _id % 7 = 0")}
        db.execute("DELETE FROM message WHERE _id % 7 = 0")
        gone -= {k for (k,) in db.execute("SELECT key_id FROM message")}  # short ids collide
    about = dict.fromkeys(("search_id", "label", "holder_ref", "time_zone", "acquired_with",
                           "acquired_at", "authority")) | {"kind": "phone", "country": "ES",
                                                           "hash_only": False}  # fmt: skip
    with create_case(folder / "case", "t", "a") as case, case.writing():
        for name, place in (("R-1", deleted), ("R-2", headless)):
            taking = described(case.config, (place,), {**about, "exhibit_id": name})
            take_in(case, taking, workers=1)
        pipeline.run(case, Progress(), 1)
    with clew.open(folder / "case") as case:
        yield case, held, gone


def test_deleted_messages_come_back_as_they_were(recovered) -> None:
    case, held, gone = recovered
    rows = case.rows("FROM recovered_messages WHERE exhibit_id = 'R-1'")
    found = [r for r in rows if r["message_key"].rpartition("/")[2] in gone]
    assert len(found) >= 0.95 * len(gone) > 100
    texts = {text for _, text in held if text}
    assert {r["text"] for r in rows if r["text"]} <= texts
    assert {r["state"] for r in rows} == {"recovered"}
    assert all("@main+" in r["locator"] for r in rows)


def test_no_deleted_message_is_among_the_live_ones_of_its_device(recovered) -> None:
    case, _, gone = recovered
    live = case.rows("SELECT message_key FROM messages WHERE exhibit_id = 'R-1'")
    assert live
    assert not [r for r in live if any(r["message_key"].endswith(k) for k in gone)]
    merged = case.rows("SELECT unnest(event_ids) AS event_id FROM merged_messages")
    assert not [r for r in merged if "@" in r["event_id"].partition("#")[2]]


def test_a_database_without_its_header_is_read_by_its_pages_and_told(recovered) -> None:
    case, held, _ = recovered
    (read,) = case.rows("SELECT count(*) AS n FROM messages WHERE exhibit_id = 'R-2'")
    assert read["n"] == len(held)
    told = case.rows("SELECT code FROM unread WHERE exhibit_id = 'R-2'")
    assert {"code": "read_by_pages"} in told
