"""What a reader is given, what it counts, and which files it wants."""

from __future__ import annotations

from builders.found import found

from clew.facts.reader_api import Reader, Tally, readers, schema_fingerprint
from clew.records import Message, Share


def test_a_tally_accounts_for_every_row() -> None:
    tally = Tally()
    tally.emitted("messages", Message, 5)
    tally.skipped("messages", "no key", 2)
    tally.not_read("props", "not_used", 9)
    assert tally.count("messages") == 7
    assert tally.count("messages", Message.table_name) == 5
    rows = [(r.source_table, r.became, r.reason, r.rows) for r in tally.rows(found())]
    assert rows == [
        ("messages", "messages", None, 5), ("messages", "skipped", "no key", 2),
        ("props", "not_read", "not_used", 9),
    ]  # fmt: skip


def test_nothing_is_no_row() -> None:
    tally = Tally()
    tally.emitted("messages", Share, 0)
    assert list(tally.rows(found())) == []


def test_a_reader_wants_types_and_names_in_any_case() -> None:
    reader = Reader(name="x", version="1", media_types=("text/csv",), files=("msg*.db",),
                    probe=lambda _: None, rows_of=lambda _: iter(()), yields=())  # fmt: skip
    assert reader.wants("a/b/MSGSTORE.DB", None)
    assert reader.wants("anything", "text/csv")
    assert not reader.wants("msg.db/other", "text/plain")


def test_a_schema_is_the_same_in_any_order() -> None:
    one = schema_fingerprint({"a": ["x", "y"], "b": ["z"]})
    assert one == schema_fingerprint({"b": ["z"], "a": ["y", "x"]})
    assert one != schema_fingerprint({"a": ["x"], "b": ["z"]})


def test_every_reader_has_a_name_of_its_own() -> None:
    names = [reader.name for reader in readers()]
    assert len(names) == len(set(names)) >= 10
