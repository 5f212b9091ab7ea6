"""A page of messages and of their files: what the source lacks is empty, and nothing else is."""

from __future__ import annotations

import hashlib

import pytest
from builders.found import found

from clew.facts.messages import Files, Page, message_batch, sha256_hex, share_batch
from clew.facts.source_columns import Readout
from clew.facts.whatsapp import chat_of


class Messenger(Readout):
    platform = "whatsapp"


@pytest.fixture
def base() -> Messenger:
    return Messenger(found())


PAGE = Page(
    table="m",
    row=[1, 2, 3],
    chat=[chat_of("1@g.us")] * 3,
    key=["k1", "k2", "k3"],
    sender=["a", None, "b"],
    kind=["text", "system", "image"],
    text=["one", None, "three"],
    sent=(1_700_000_000_000, 0, None),
    from_me=[1, 0, 0],
    forwarded=[False, None, True],
)


def test_columns_that_the_source_lacks_are_empty(base) -> None:
    rows = message_batch(base, PAGE).data.to_pylist()
    assert [row["event_id"].rpartition("#")[2] for row in rows] == ["m/1", "m/2", "m/3"]
    assert [row["from_owner"] for row in rows] == [True, None, False]
    lacking = ("type_raw", "received_at", "deleted_by", "reply_to_key", "mentions", "starred")
    assert all(row[name] is None for row in rows for name in lacking)


def test_a_share_says_what_its_message_says(base) -> None:
    digest = hashlib.sha256(b"x").digest()
    files = Files(sha256=[digest, None], path=["a/b.jpg", None], seconds=[2, None], ordinal=[0, 4])
    shares = share_batch(base, PAGE.some([0, 2]), files).data.to_pylist()
    assert [(s["message_key"], s["caption"], s["is_forwarded"], s["ordinal"]) for s in shares] == [
        ("k1", "one", False, 0),
        ("k3", "three", True, 4),
    ]
    first, second = shares
    assert (first["sha256"], first["name"], first["duration_ms"]) == (digest.hex(), "b.jpg", 2000)
    assert first["hash_basis"] == "app_database"
    assert (second["sha256"], second["hash_basis"], second["path_stated"]) == (None, None, None)


def test_what_is_no_hash_is_none() -> None:
    assert sha256_hex("A" * 43 + "=") == "00" * 32
    assert [sha256_hex(text) for text in ("A" * 44, "?" * 44, b"short", 3, None)] == [None] * 5
