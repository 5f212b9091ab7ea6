"""Codes are data with a source each; blobs give what is known and tell the rest."""

from __future__ import annotations

import sqlite3
import tomllib
from contextlib import closing
from importlib import resources
from pathlib import Path

import pytest

from clew.facts.reader_api import SQLITE, Found
from clew.facts.readers.whatsapp_ios import READER
from clew.records import GroupAction, GroupEvent, MessageKind, Source, Unread
from clew.schema import Batch

CODES = tomllib.loads(
    resources.files("clew.facts.readers.whatsapp_ios").joinpath("codes.toml").read_text("utf-8")
)
MEANS = {"message": MessageKind, "event": GroupAction, "notice": GroupAction}
EACH = [
    pytest.param(table, code, told, id=f"{table}-{code}")
    for table in MEANS
    for code, told in CODES[table].items()
]
SCHEMA = """
CREATE TABLE ZWACHATSESSION (Z_PK INTEGER PRIMARY KEY, ZCONTACTJID VARCHAR);
INSERT INTO ZWACHATSESSION VALUES (1, '120363000000000001@g.us');
CREATE TABLE ZWAMEDIAITEM (Z_PK INTEGER PRIMARY KEY, ZMETADATA BLOB);
CREATE TABLE ZWAMESSAGE (Z_PK INTEGER PRIMARY KEY, ZCHATSESSION INTEGER, ZMESSAGETYPE INTEGER,
  ZGROUPEVENTTYPE INTEGER, ZMEDIAITEM INTEGER, ZMESSAGEDATE TIMESTAMP, ZSTANZAID VARCHAR);
"""


def rows(folder: Path, *statements: str) -> list:
    file = folder / "evidence"
    with closing(sqlite3.connect(file)) as db:
        db.executescript(SCHEMA + ";".join(statements))
    found = Found(
        exhibit_id="ES-01", item_id="0" * 20, source_id="0" * 64, path="ChatStorage.sqlite",
        media_type=SQLITE, file=file,
    )  # fmt: skip
    return list(READER.read(found))


@pytest.mark.parametrize(("table", "code", "told"), EACH)
def test_each_code_has_a_meaning_a_source_and_an_example(table, code, told, tmp_path) -> None:
    assert MEANS[table](told["is"])
    assert told["source"]
    assert told["example"]
    if table == "message":
        read = rows(tmp_path, f"INSERT INTO ZWAMESSAGE VALUES (1, 1, {code}, 0, NULL, 1, 'A')")
        (page,) = [r.data for r in read if isinstance(r, Batch)]
        assert page.column("kind").to_pylist() == [told["is"]]
        return
    kind = 6 if table == "event" else 10
    read = rows(tmp_path, f"INSERT INTO ZWAMESSAGE VALUES (1, 1, {kind}, {code}, NULL, 1, 'A')")
    (event,) = [r for r in read if isinstance(r, GroupEvent)]
    assert (event.action, event.action_raw) == (
        told["is"],
        code if table == "event" else f"10/{code}",
    )


def test_an_unknown_code_is_kept_with_its_number(tmp_path) -> None:
    read = rows(tmp_path, "INSERT INTO ZWAMESSAGE VALUES (1, 1, 6, 12345, NULL, 1, 'A')")
    (event,) = [r for r in read if isinstance(r, GroupEvent)]
    assert (event.action, event.action_raw) == (GroupAction.UNKNOWN, "unknown:12345")


def test_a_field_that_nobody_explains_is_told_once_with_its_count(tmp_path) -> None:
    media = ", ".join(f"({n}, X'{'A806' if n < 9 else 'FF'}01')" for n in range(1, 10))
    messages = ", ".join(f"({n}, 1, 1, 0, {n}, {n}, 'A{n}')" for n in range(1, 10))
    read = rows(
        tmp_path,
        f"INSERT INTO ZWAMEDIAITEM VALUES {media}",
        f"INSERT INTO ZWAMESSAGE VALUES {messages}",
    )
    told = {(r.locator, r.code, r.figures) for r in read if isinstance(r, Unread)}
    assert told == {
        ("ZWAMESSAGE/1", "protobuf:field", ("n=8", "column=ZWAMEDIAITEM.ZMETADATA", "field=101")),
        ("ZWAMESSAGE/9", "protobuf:broken", ("n=1", "column=ZWAMEDIAITEM.ZMETADATA")),
    }


def test_every_row_of_a_database_with_few_columns_is_kept(tmp_path) -> None:
    messages = ", ".join(f"({n}, {n % 3}, {n}, {n}, NULL, {n}, 'A{n}')" for n in range(1, 400))
    read = rows(tmp_path, f"INSERT INTO ZWAMESSAGE VALUES {messages}")
    (source,) = [r for r in read if isinstance(r, Source)]
    assert (source.rows_seen, source.rows_emitted) == (399, 399)
