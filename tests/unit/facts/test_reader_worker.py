"""Laws of ``clew.facts.reader_worker``."""

from __future__ import annotations

import pytest
from builders.lookalikes import told


def test_an_encrypted_database_with_a_telling_name_is_told(tmp_path) -> None:
    file = tmp_path / "x"
    file.write_bytes(bytes(range(256)) * 64)
    rows = told(file, "EnMicroMsg.db", None)
    assert ("looks_like_chat:unreadable", "error") in {(r["code"], r["severity"]) for r in rows}


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("x.json", '{"messages": [{"sender": "A", "text": "bread"}]}', "text/plain"),
        ("x.xml", '<?xml version="1.0"?><smses><sms body="bread"/></smses>', "text/xml"),
    ],
)
def test_an_export_that_no_reader_knows_is_told(tmp_path, name, content, media_type) -> None:
    file = tmp_path / name
    file.write_text(content, encoding="utf-8")
    rows = told(file, name, media_type)
    assert [r["code"] for r in rows] == ["looks_like_chat"]


def test_an_ordinary_text_is_not_told(tmp_path) -> None:
    file = tmp_path / "x.txt"
    file.write_text("messages of bread\n", encoding="utf-8")
    assert told(file, "x.txt", "text/plain") == []


@pytest.mark.parametrize("name", ["log.pdf", "log.xlsx", "data.json", "x.docx"])
def test_a_name_that_a_reader_knows_over_bytes_that_nobody_does_is_told(tmp_path, name) -> None:
    file = tmp_path / name
    file.write_bytes(bytes(range(128, 256)) * 3)
    assert [r["code"] for r in told(file, name, None)] == ["unknown_beginning"]
